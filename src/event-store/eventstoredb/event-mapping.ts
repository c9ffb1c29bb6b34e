import { randomUUID } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import { decodeText, encodeText, parseJson } from '../../encoding/json.js';
import { isJsonObject } from '../../encoding/readings.js';
import { after, EPOCH, readInstant } from '../../domain/clock.js';
import type { EventMetadata, Instant } from '../../domain/events.js';
import type { Json } from '../../domain/json.js';
import type { StreamName } from '../../domain/stream.js';
import type { NewEvent, StoredEvent } from '../event-store.js';
import { StoreError } from '../../errors.js';
import { EVENT_TEXT_MAX, eventText } from '../event-text.js';
import { shared, streams, type BatchAppendReq, type ReadResp } from './client.js';
import type { RecordedMessage } from './requests.js';

type ProposedMessage = BatchAppendReq.ProposedMessage;

/** The largest append that the store takes unless it was set up otherwise, in bytes. */
export const APPEND_BYTES_MAX = 1_048_576;
/** What is worth deflating when an append is too large as it is, in bytes. */
const LARGE = 4_096;
/** How large deflated data may become again: as large as any event may be, whoever wrote it. */
const INFLATED_MAX = 4 * EVENT_TEXT_MAX;

/** An event on its way: its bytes are those of the moment it was handed over. */
export interface ProposedEvent {
  readonly eventId: string;
  readonly type: string;
  readonly data: Uint8Array;
  /** The metadata as JSON, up to the moment it is recorded at and on from there. */
  readonly metadata: readonly [before: string, after: string];
  readonly deflated: boolean;
}

/** As long as every instant. */
const INSTANT_BYTES = Buffer.byteLength('2000-01-01T00:00:00.000Z' satisfies Instant);
const DEFLATE = 'deflate';

/**
 * The ledger's own part stands before the rest: its id and clock, for the store has others of its own. `length`: of what was
 * deflated, in bytes.
 */
function envelope(eventId: string, metadata: string, length: number | undefined): readonly [string, string] {
  const encoding = length === undefined ? '' : `,"content_encoding":"${DEFLATE}","content_length":${length}`;
  const rest = metadata === '{}' ? '}' : `,${metadata.slice(1)}`;
  return [`{"event_id":${JSON.stringify(eventId)},"recorded_at":"`, `"${encoding}${rest}`];
}

/** What the store counts of an event. */
const sizeOf = ({ type, data, metadata: [before, after] }: ProposedEvent): number =>
  data.length + Buffer.byteLength(before) + INSTANT_BYTES + Buffer.byteLength(after) + type.length * 2;

const sizeOfAll = (events: readonly ProposedEvent[]): number => events.reduce((sum, event) => sum + sizeOf(event), 0);

function proposal(event: NewEvent, deflating: boolean): ProposedEvent {
  const { data: text, metadata } = eventText(event);
  const data = Buffer.from(text);
  const deflated = deflating && data.length >= LARGE;
  return {
    eventId: event.eventId,
    type: encodeText(event.type),
    data: deflated ? deflateSync(data) : data,
    metadata: envelope(event.eventId, metadata, deflated ? data.length : undefined),
    deflated,
  };
}

/** @throws StoreError `unacceptable` for what JSON cannot hold, or more than an append may carry even deflated. */
export function propose(events: readonly NewEvent[]): { events: readonly ProposedEvent[]; bytes: number } {
  for (const deflating of [false, true]) {
    const fitting = events.map((event) => proposal(event, deflating));
    const bytes = sizeOfAll(fitting);
    if (bytes <= APPEND_BYTES_MAX) return { events: fitting, bytes };
  }
  const limit = `even deflated this is more than the event store takes in one append (${APPEND_BYTES_MAX} bytes)`;
  throw new StoreError('unacceptable', limit);
}

/**
 * The event as the wire has it, to be sent as often as it takes. Its id in the store is drawn with its bytes: the store
 * answers "success" to an id it knows without looking at the body, and this way that can only be these bytes again.
 */
export function message({ type, data, metadata, deflated }: ProposedEvent, recordedAt: Instant): ProposedMessage {
  const proposed = new streams.BatchAppendReq.ProposedMessage().setId(new shared.UUID().setString(randomUUID()));
  const contentType = deflated ? 'application/octet-stream' : 'application/json';
  proposed.getMetadataMap().set('type', type).set('content-type', contentType);
  return proposed.setData(data).setCustomMetadata(Buffer.from(metadata.join(recordedAt)));
}

const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');

/** JSON as it stands in the store; anything else as the text it would be, which no event of ours may be. */
function parse(bytes: Uint8Array): Json {
  const text = textOf(bytes);
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

/**
 * What was deflated, as it was before; what cannot be inflated as it is. So is what does not say how large it becomes, or becomes
 * larger: a few thousand bytes that anybody may append would take a thousand times as many here, for nothing.
 */
function inflated(bytes: Uint8Array, encoding: unknown, length: unknown): Uint8Array {
  if (encoding !== DEFLATE || typeof length !== 'number' || !(length <= INFLATED_MAX)) return bytes;
  try {
    return inflateSync(bytes, { maxOutputLength: length });
  } catch {
    return bytes;
  }
}

const isInstant = (value: unknown): value is Instant => typeof value === 'string' && readInstant(value) === value;

/** 100 ns since 1970, as the store counts. A clock beyond the calendar gives its end: no database takes more as a checkpoint's time. */
export const created = (record: RecordedMessage): Instant =>
  after(EPOCH, Number(BigInt(record.getMetadataMap().get('created') ?? 0) / 10_000n));

/** A stored event, and the size of its payload in bytes: a deflated one is a thousand times what the wire carried. */
export interface UnpackedEvent {
  readonly event: StoredEvent;
  readonly bytes: number;
}

/**
 * A stored event as the port gives it. Without the ledger's metadata (a producer appended it) its id and time are the
 * store's (docs/semantics.md §6).
 */
export function unpack(record: RecordedMessage): UnpackedEvent {
  const about = record.getCustomMetadata_asU8();
  const metadata = parse(about);
  const { event_id, recorded_at, content_encoding, content_length, ...rest } = isJsonObject(metadata) ? metadata : {};
  const isOurs = typeof event_id === 'string' && isInstant(recorded_at);
  const data = inflated(record.getData_asU8(), content_encoding, content_length);
  const event: StoredEvent = {
    stream: streamOf(record),
    revision: Number(record.getStreamRevision()),
    position: BigInt(record.getCommitPosition()),
    eventId: isOurs ? event_id : record.getId()!.getString(),
    recordedAt: isOurs ? recorded_at : created(record),
    type: decodeText(record.getMetadataMap().get('type') ?? ''),
    data: parse(data),
    metadata: rest as EventMetadata,
  };
  return { event, bytes: data.length + about.length };
}

/** The event of a message, where it is about one. */
export const recordOf = (message: ReadResp): RecordedMessage | undefined => message.getEvent()?.getEvent();

const streamOf = (record: RecordedMessage): StreamName =>
  decodeText(Buffer.from(record.getStreamIdentifier()!.getStreamName_asU8()).toString('utf8'));

const isOfStore = (record: RecordedMessage): boolean => record.getMetadataMap().get('type')?.startsWith('$') ?? false;

/** The same in the log, where the store writes of itself, in our streams too ("$streamDeleted"). */
export function oursOf(message: ReadResp): RecordedMessage | undefined {
  const record = recordOf(message);
  return record && !isOfStore(record) ? record : undefined;
}

/** The stream that the message is about, where it says what is kept about one from now on. */
export function describedIn(message: ReadResp): StreamName | undefined {
  const record = recordOf(message);
  return record && streamOf(record).replace(/^\$\$/, '');
}
