import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { Instant } from '../../domain/events.js';
import { NO_STREAM, type StreamName } from '../../domain/stream.js';
import { PAGE_BYTES, type ReadStreamOptions, type StoredEvent } from '../event-store.js';
import { START, type Position } from '../position.js';
import type { Connection } from './connection.js';
import { incomplete, isNoPosition, readError } from './failure.js';
import { oursOf, recordOf, unpack } from './records.js';
import { logRequest, streamRequest, type From } from './wire.js';

const PAGE = 1_000;
const { STREAM_NOT_FOUND, FIRST_STREAM_POSITION } = streams.ReadResp.ContentCase;

/** A page of a stream as the store gives it. `missing`: it knows no such stream. */
interface Page {
  readonly events: StoredEvent[];
  readonly missing: boolean;
  /** Where the stream begins, when nothing of it was found. */
  readonly begins?: number;
  /** It holds as much as a page may, and there may be more. */
  readonly full: boolean;
}

async function readPage(
  connection: Connection,
  stream: StreamName,
  page: { backwards: boolean; from: From; limit: number; ms: number },
): Promise<Page> {
  const events: StoredEvent[] = [];
  let missing = false;
  let begins: number | undefined;
  let size = 0;
  try {
    for await (const message of connection.read(
      streamRequest(stream, page.backwards, page.from, page.limit),
      page.ms,
    )) {
      const record = recordOf(message);
      if (record) {
        const { event, bytes } = unpack(record);
        events.push(event);
        if ((size += bytes) >= PAGE_BYTES) break;
      } else if (message.getContentCase() === STREAM_NOT_FOUND) missing = true;
      else if (message.getContentCase() === FIRST_STREAM_POSITION) begins = Number(message.getFirstStreamPosition());
    }
  } catch (error) {
    throw readError(error, stream);
  }
  const full = size >= PAGE_BYTES || events.length >= page.limit;
  return { events, missing, full, ...(begins === undefined ? {} : { begins }) };
}

/** A stream that was deleted reads as one that never was: only what the store keeps about it tells. */
async function refuseDeleted(connection: Connection, stream: StreamName, ms: number): Promise<void> {
  const about = await readPage(connection, `$$${stream}`, { backwards: true, from: 'end', limit: 1, ms });
  const kept = about.events[0]?.data as { $tb?: unknown } | undefined;
  if (kept?.$tb !== undefined) throw incomplete(stream, 0, 'it was deleted');
}

async function readForwards(
  connection: Connection,
  stream: StreamName,
  from: number,
  limit: number,
  ms: number,
): Promise<StoredEvent[]> {
  const { events, missing, begins } = await readPage(connection, stream, { backwards: false, from, limit, ms });
  if (missing) await refuseDeleted(connection, stream, ms);
  const first = events[0]?.revision ?? begins ?? from;
  if (first > from) throw incomplete(stream, from, `its first event is ${first} ($maxAge, $maxCount or a deletion)`);
  return events;
}

async function readBackwards(
  connection: Connection,
  stream: StreamName,
  from: From,
  limit: number,
  ms: number,
): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  let full = false;
  const take = (page: Page): void => {
    events.push(...page.events.filter(({ revision }) => from === 'end' || revision <= from));
    ({ full } = page);
  };
  take(await readPage(connection, stream, { backwards: true, from, limit, ms }));
  // Asked from beyond the head, the store looks where nothing is.
  if (!full && from !== 'end' && (events.at(-1)?.revision ?? from) > 0) {
    const next = events.at(-1)?.revision;
    const rest = {
      backwards: true,
      from: next === undefined ? ('end' as const) : next - 1,
      limit: limit - events.length,
      ms,
    };
    take(await readPage(connection, stream, rest));
  }
  const last = events.at(-1)?.revision ?? 0;
  if (!full && last > 0) throw incomplete(stream, 0, `its first event is ${last}`);
  return events;
}

/** A page of one stream (see the port). @throws StoreError `unreadable` when a part of it is gone */
export async function readStream(
  connection: Connection,
  stream: StreamName,
  { direction = 'forwards', fromRevision, limit = PAGE }: ReadStreamOptions,
  ms: number,
): Promise<StoredEvent[]> {
  if (limit === 0 || (fromRevision ?? 0) <= NO_STREAM) return [];
  return direction === 'forwards'
    ? readForwards(connection, stream, fromRevision ?? 0, limit, ms)
    : readBackwards(connection, stream, fromRevision ?? 'end', limit, ms);
}

/** How much of the log is read: so many events, and no more payload than so many bytes and one event. */
interface Most {
  readonly limit: number;
  readonly bytes: number;
}

/** The log after a position. */
export async function readAll(connection: Connection, after: Position, most: Most, ms: number): Promise<StoredEvent[]> {
  try {
    return await readLog(connection, after, after, most, ms).catch(async (error: unknown) => {
      if (!isNoPosition(error)) throw error;
      return readLog(connection, await recordBefore(connection, after, ms), after, most, ms);
    });
  } catch (error) {
    throw readError(error);
  }
}

/** How far back from the end of the log a position is looked for that is no record's. */
const LOOK_BACK = 4_096;

/**
 * The store reads from positions of records only. For one that somebody made up: that of a record before it, near it when
 * it is near the end of the log, else the start.
 */
export async function recordBefore(connection: Connection, position: Position, ms: number): Promise<Position> {
  for await (const message of connection.read(logRequest(true, 'end', LOOK_BACK), ms)) {
    const found = message.getEvent()?.getCommitPosition();
    if (found !== undefined && BigInt(found) <= position) return BigInt(found);
  }
  return START;
}

/** When the event was recorded that stands at this very position. */
export async function recordedAt(connection: Connection, position: Position, ms: number): Promise<Instant | undefined> {
  try {
    for await (const message of connection.read(logRequest(false, position, 1), ms)) {
      const record = oursOf(message);
      if (record && BigInt(record.getCommitPosition()) === position) return unpack(record).event.recordedAt;
    }
    return undefined;
  } catch (error) {
    if (isNoPosition(error)) return undefined;
    throw readError(error);
  }
}

/** Reads on from `from` (inclusive) until there is what is wanted after `after`, or no more. */
async function readLog(
  connection: Connection,
  from: Position,
  after: Position,
  { limit, bytes }: Most,
  ms: number,
): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  let size = 0;
  while (events.length < limit) {
    const asked = limit - events.length + 1;
    let seen = 0;
    let last = from;
    for await (const message of connection.read(logRequest(false, from, asked), ms)) {
      const position = message.getEvent()?.getCommitPosition();
      if (position === undefined) continue;
      seen++;
      last = BigInt(position);
      const record = oursOf(message);
      if (!record || last <= after || events.length === limit) continue;
      const unpacked = unpack(record);
      events.push(unpacked.event);
      size += unpacked.bytes;
      if (size >= bytes) return events;
    }
    if (seen < asked || last === from) return events;
    from = last;
    after = last > after ? last : after;
  }
  return events;
}

/** The position of the ledger's last event in the log: what a reader of the log reaches. */
export async function readHead(connection: Connection, ms: number): Promise<Position> {
  try {
    for (let limit = 1, from: Position | 'end' = 'end'; ; limit = 32) {
      let last: Position | undefined;
      for await (const message of connection.read(logRequest(true, from, limit), ms)) {
        const record = oursOf(message);
        if (record) return BigInt(record.getCommitPosition());
        const position = message.getEvent()?.getCommitPosition();
        if (position !== undefined) last = BigInt(position);
      }
      if (last === undefined || last === from) return START;
      from = last;
    }
  } catch (error) {
    throw readError(error);
  }
}
