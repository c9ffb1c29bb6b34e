import type { Instant } from '../../domain/events.js';
import type { StoredEvent } from '../event-store.js';
import { START, type Position } from '../position.js';
import type { Connection } from './connection.js';
import { isNoPosition, toReadFailure } from './failure.js';
import type { ScannedLog } from './scanned-log.js';
import { oursOf, recordOf, unpack } from './event-mapping.js';
import { isOurs, logRequest, recordRequest, type RecordedMessage } from './requests.js';

/** How much of the log is read: so many events, and no more payload than so many bytes and one event. */
interface PageLimits {
  readonly limit: number;
  readonly bytes: number;
}

/** How long a read may take; or what ends a search (see connection.ts). */
type Limit = number | AbortSignal;

/** The log after a position. */
export async function readAll(
  connection: Connection,
  looked: ScannedLog,
  after: Position,
  most: PageLimits,
  limit: Limit,
): Promise<StoredEvent[]> {
  try {
    return await readLog(connection, looked.beyond(after), after, most, limit).catch(async (error: unknown) => {
      if (!isNoPosition(error)) throw error;
      if (looked.beyond(after) !== after) looked.settle(false);
      return readLog(connection, await recordBefore(connection, after, limit), after, most, limit);
    });
  } catch (error) {
    throw toReadFailure(error);
  }
}

/** How far back from the end of the log a position is looked for that is no record's. */
const LOOK_BACK = 4_096;

/**
 * The store reads from positions of records only. For one that somebody made up: that of a record before it, near it when
 * it is near the end of the log, else the start.
 */
export async function recordBefore(connection: Connection, position: Position, limit: Limit): Promise<Position> {
  for await (const message of connection.read(logRequest(true, 'end', LOOK_BACK), limit)) {
    const found = message.getEvent()?.getCommitPosition();
    if (found !== undefined && BigInt(found) <= position) return BigInt(found);
  }
  return START;
}

/** The first record of the log from a position on, or its last, whoever wrote it: what follows is not looked through. */
export async function recordAt(
  connection: Connection,
  from: Position | 'end',
  ms: number,
): Promise<RecordedMessage | undefined> {
  for await (const message of connection.read(recordRequest(from), ms)) {
    const record = recordOf(message);
    if (record) return record;
  }
  return undefined;
}

/** Whether it is an event of the ledger: what the store says of itself in our streams is none. */
export const isOurEvent = (record: RecordedMessage): boolean =>
  isOurs(Buffer.from(record.getStreamIdentifier()!.getStreamName_asU8()).toString('utf8')) &&
  !record.getMetadataMap().get('type')?.startsWith('$');

export const positionOf = (record: RecordedMessage): Position => BigInt(record.getCommitPosition());

/** When the event was recorded that stands at this very position. */
export async function recordedAt(
  connection: Connection,
  looked: ScannedLog,
  position: Position,
  ms: number,
): Promise<Instant | undefined> {
  const { epoch } = looked;
  try {
    const record = await recordAt(connection, position, ms);
    if (!record || positionOf(record) !== position || !isOurEvent(record)) return undefined;
    if (epoch === looked.epoch) looked.ours(position);
    return unpack(record).event.recordedAt;
  } catch (error) {
    if (isNoPosition(error)) return undefined;
    throw toReadFailure(error);
  }
}

/** Reads on from `from` (inclusive) until there is what is wanted after `after`, or no more. */
async function readLog(
  connection: Connection,
  from: Position,
  after: Position,
  { limit, bytes }: PageLimits,
  time: Limit,
): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  let size = 0;
  while (events.length < limit) {
    const asked = limit - events.length + 1;
    let seen = 0;
    let last = from;
    for await (const message of connection.read(logRequest(false, from, asked), time)) {
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
