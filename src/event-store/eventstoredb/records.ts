import streams from '@eventstore/db-client/generated/streams_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { BatchAppendReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { v5 } from 'uuid';
import { decodeText, encodeText, parseJson } from '../../contract/json.js';
import type { EventMetadata, Instant } from '../../domain/events.js';
import type { Json, JsonObject } from '../../domain/json.js';
import type { StreamName } from '../../domain/stream.js';
import { StoreError, type NewEvent, type StoredEvent } from '../event-store.js';
import { eventText } from '../event-text.js';
import type { Recorded } from './wire.js';

/** The largest append that the store takes unless it was set up otherwise, in bytes. */
export const APPEND_BYTES_MAX = 1_048_576;

/** An event on its way: its texts are those of the moment it was handed over. */
export interface Proposed {
  readonly eventId: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

/** @throws StoreError `unacceptable` for what JSON cannot hold, or more than an append may carry. */
export function propose(events: readonly NewEvent[]): { events: Proposed[]; bytes: number } {
  let bytes = 0;
  const proposed = events.map((event) => {
    const text = eventText(event);
    const type = encodeText(event.type);
    bytes +=
      Buffer.byteLength(text.data) + Buffer.byteLength(envelope(event.eventId, STAMP, text.metadata)) + type.length * 2;
    return { eventId: event.eventId, type, ...text };
  });
  if (bytes <= APPEND_BYTES_MAX) return { events: proposed, bytes };
  throw new StoreError(
    'unacceptable',
    `${bytes} bytes at once are more than the event store takes (${APPEND_BYTES_MAX})`,
  );
}

/** As long as every instant. */
const STAMP: Instant = '2000-01-01T00:00:00.000Z';

/** The metadata as it is stored: the ledger's id and clock stand in it, for the store has others of its own. */
function envelope(eventId: string, recordedAt: Instant, metadata: string): string {
  const ledgers = JSON.stringify({ event_id: eventId, recorded_at: recordedAt });
  return metadata === '{}' ? ledgers : `${ledgers.slice(0, -1)},${metadata.slice(1)}`;
}

/**
 * The event as the wire has it. Its id in the store is made of everything that is written, and of who writes: the store
 * answers "success" to an id it knows without looking at the body, and this way that can only be our own bytes again.
 */
export function message(
  { eventId, type, data, metadata }: Proposed,
  place: { readonly stream: StreamName; readonly writer: string; readonly recordedAt: Instant },
): BatchAppendReq.ProposedMessage {
  const stored = envelope(eventId, place.recordedAt, metadata);
  const id = v5(Buffer.from([encodeText(place.stream), type, data, stored].join('\n')), place.writer);
  const proposed = new streams.BatchAppendReq.ProposedMessage().setId(new shared.UUID().setString(id));
  proposed.getMetadataMap().set('type', type).set('content-type', 'application/json');
  return proposed.setData(Buffer.from(data)).setCustomMetadata(Buffer.from(stored));
}

/** JSON as it stands in the store; anything else as the text it would be, which no event of ours may be. */
function parse(bytes: Uint8Array): Json {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  try {
    return parseJson(text);
  } catch {
    return text;
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
  const { event_id, recorded_at, ...rest } = isObject(metadata) ? metadata : {};
  const isOurs = typeof event_id === 'string' && isInstant(recorded_at);
  return {
    stream: decodeText(Buffer.from(record.getStreamIdentifier()!.getStreamName_asU8()).toString('utf8')),
    revision: Number(record.getStreamRevision()),
    position: BigInt(record.getCommitPosition()),
    eventId: isOurs ? event_id : record.getId()!.getString(),
    recordedAt: isOurs ? recorded_at : created(record),
    type: decodeText(record.getMetadataMap().get('type') ?? ''),
    data: parse(record.getData_asU8()),
    metadata: rest as EventMetadata,
  };
}

/** The event of a message, unless it is about something else, or is the store's own ("$metadata", "$streamDeleted"). */
export function recordOf(message: ReadResp): Recorded | undefined {
  const record = message.getEvent()?.getEvent();
  return record === undefined || record.getMetadataMap().get('type')?.startsWith('$') ? undefined : record;
}
