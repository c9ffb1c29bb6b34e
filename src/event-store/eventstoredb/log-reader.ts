import type { Instant } from '../../domain/events.js';
import type { StoredEvent } from '../event-store.js';
import { START, type Position } from '../position.js';
import type { Connection } from './connection.js';
import { isNoPosition, readError } from './failure.js';
import { oursOf, unpack } from './records.js';
import { logRequest } from './wire.js';

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
