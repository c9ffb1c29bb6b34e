import streams from '@eventstore/db-client/generated/streams_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { BatchAppendReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { v5 } from 'uuid';
import { deflateSync, inflateSync } from 'node:zlib';
import { decodeText, encodeText, parseJson } from '../../contract/json.js';
import type { EventMetadata, Instant } from '../../domain/events.js';
import type { Json, JsonObject } from '../../domain/json.js';
import type { StreamName } from '../../domain/stream.js';
import { StoreError, type NewEvent, type StoredEvent } from '../event-store.js';
import { EVENT_TEXT_MAX, eventText } from '../event-text.js';
import type { Recorded } from './wire.js';

/** The largest append that the store takes unless it was set up otherwise, in bytes. */
export const APPEND_BYTES_MAX = 1_048_576;
/** What is worth deflating when an append is too large as it is, in bytes. */
const LARGE = 4_096;
/** How large deflated data may become again: as large as any event may be, whoever wrote it. */
const INFLATED_MAX = 4 * EVENT_TEXT_MAX;

/** An event on its way: its bytes are those of the moment it was handed over. */
export interface Proposed {
  readonly eventId: string;
  readonly type: string;
  readonly data: Uint8Array;
  /** As JSON; the ledger's own part is added when it is sent. */
  readonly metadata: string;
  readonly deflated: boolean;
}

/** What the store counts of an event. */
const sizeOf = ({ eventId, type, data, metadata, deflated }: Proposed): number =>
  data.length +
  Buffer.byteLength(envelope({ event_id: eventId, recorded_at: STAMP }, metadata, deflated)) +
  type.length * 2;

const sizeOfAll = (events: readonly Proposed[]): number => events.reduce((sum, event) => sum + sizeOf(event), 0);

const deflate = (event: Proposed): Proposed =>
  event.data.length < LARGE ? event : { ...event, data: deflateSync(event.data), deflated: true };

/** @throws StoreError `unacceptable` for what JSON cannot hold, or more than an append may carry even deflated. */
export function propose(events: readonly NewEvent[]): { events: readonly Proposed[]; bytes: number } {
  const proposed = events.map((event): Proposed => {
    const { data, metadata } = eventText(event);
    const type = encodeText(event.type);
    return { eventId: event.eventId, type, data: Buffer.from(data), metadata, deflated: false };
  });
  for (const candidate of [() => proposed, () => proposed.map(deflate)]) {
    const fitting = candidate();
    const bytes = sizeOfAll(fitting);
    if (bytes <= APPEND_BYTES_MAX) return { events: fitting, bytes };
  }
  const limit = `even deflated this is more than the event store takes in one append (${APPEND_BYTES_MAX} bytes)`;
  throw new StoreError('unacceptable', limit);
}

/** As long as every instant. */
const STAMP: Instant = '2000-01-01T00:00:00.000Z';

/** The ledger's own part of the metadata: its id and clock, for the store has others of its own. */
interface LedgerPart {
  readonly event_id: string;
  readonly recorded_at: Instant;
}

const DEFLATE = 'deflate';

function envelope(part: LedgerPart, metadata: string, deflated: boolean): string {
  const ledgers = JSON.stringify(deflated ? { ...part, content_encoding: DEFLATE } : part);
  return metadata === '{}' ? ledgers : `${ledgers.slice(0, -1)},${metadata.slice(1)}`;
}

/**
 * The event as the wire has it. Its id in the store is made of everything that is written, and of who writes: the store
 * answers "success" to an id it knows without looking at the body, and this way that can only be our own bytes again.
 */
export function message(
  { eventId, type, data, metadata, deflated }: Proposed,
  place: { readonly stream: StreamName; readonly writer: string; readonly recordedAt: Instant },
): BatchAppendReq.ProposedMessage {
  const stored = Buffer.from(envelope({ event_id: eventId, recorded_at: place.recordedAt }, metadata, deflated));
  const id = v5(Buffer.concat([Buffer.from(`${encodeText(place.stream)}\n${type}\n`), data, stored]), place.writer);
  const proposed = new streams.BatchAppendReq.ProposedMessage().setId(new shared.UUID().setString(id));
  const contentType = deflated ? 'application/octet-stream' : 'application/json';
  proposed.getMetadataMap().set('type', type).set('content-type', contentType);
  return proposed.setData(data).setCustomMetadata(stored);
}

const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');

/** JSON as it stands in the store; anything else as the text it would be, which no event of ours may be. */
function parse(bytes: Uint8Array, encoding?: unknown): Json {
  try {
    return parseJson(textOf(encoding === DEFLATE ? inflateSync(bytes, { maxOutputLength: INFLATED_MAX }) : bytes));
  } catch {
    return textOf(bytes);
  }
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isInstant = (value: unknown): value is Instant => typeof value === 'string' && !Number.isNaN(Date.parse(value));

/** 100 ns since 1970, as the store counts. */
const created = (record: Recorded): Instant =>
  new Date(Number(BigInt(record.getMetadataMap().get('created') ?? 0) / 10_000n)).toISOString();

/**
 * A stored event as the port gives it. Without the ledger's metadata (a producer appended it) its id and time are the
 * store's (domain.md §6).
 */
export function toStored(record: Recorded): StoredEvent {
  const metadata = parse(record.getCustomMetadata_asU8());
  const { event_id, recorded_at, content_encoding, ...rest } = isObject(metadata) ? metadata : {};
  const isOurs = typeof event_id === 'string' && isInstant(recorded_at);
  return {
    stream: decodeText(Buffer.from(record.getStreamIdentifier()!.getStreamName_asU8()).toString('utf8')),
    revision: Number(record.getStreamRevision()),
    position: BigInt(record.getCommitPosition()),
    eventId: isOurs ? event_id : record.getId()!.getString(),
    recordedAt: isOurs ? recorded_at : created(record),
    type: decodeText(record.getMetadataMap().get('type') ?? ''),
    data: parse(record.getData_asU8(), content_encoding),
    metadata: rest as EventMetadata,
  };
}

/** The event of a message, where it is about one. */
export const recordOf = (message: ReadResp): Recorded | undefined => message.getEvent()?.getEvent();

/** The same in the log, where the store writes of itself, in our streams too ("$streamDeleted"). */
export function oursOf(message: ReadResp): Recorded | undefined {
  const record = recordOf(message);
  return record?.getMetadataMap().get('type')?.startsWith('$') ? undefined : record;
}
