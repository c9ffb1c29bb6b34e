import { NO_STREAM, type StreamName } from '../../domain/stream.js';
import { isJsonObject } from '../../encoding/readings.js';
import { PAGE_BYTES, type ReadStreamOptions, type StoredEvent } from '../event-store.js';
import { streams } from './client.js';
import type { Connection } from './connection.js';
import { incomplete, toReadFailure } from './failure.js';
import { recordOf, unpack } from './event-mapping.js';
import { streamRequest, type ReadStart } from './requests.js';

const PAGE = 1_000;
/** Why events that there were are not there any more. */
const CUT = 'what came before is gone ($maxAge, $maxCount, $tb or a deletion)';
/** What lets events of a stream go later on, without another word about it. */
const BY_AND_BY = ['$maxAge', '$maxCount'];
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

/** @param history the stream that is told to be incomplete: where what is kept about one is gone, that one is */
async function readPage(
  connection: Connection,
  stream: StreamName,
  page: { backwards: boolean; from: ReadStart; limit: number; ms: number },
  history = stream,
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
    throw toReadFailure(error, history);
  }
  const full = size >= PAGE_BYTES || events.length >= page.limit;
  return { events, missing, full, ...(begins === undefined ? {} : { begins }) };
}

/**
 * A stream that was deleted reads as one that never was, one that was cut as any other from where it still is: whoever does not
 * read its first event would go on from what is gone. Only what the store keeps about the stream tells, and mostly it keeps
 * nothing: the first event is asked for where it does, whatever it says, for what counts is what has become of the stream.
 * @returns whether it stays whole for as long as nothing more is said about it
 * @throws StoreError `unreadable`
 */
export async function refuseShortened(connection: Connection, stream: StreamName, ms: number): Promise<boolean> {
  const about = await readPage(connection, `$$${stream}`, { backwards: true, from: 'end', limit: 1, ms }, stream);
  const [kept] = about.events;
  if (kept === undefined) return true;
  const { events, missing } = await readPage(connection, stream, { backwards: false, from: 0, limit: 1, ms });
  // What says nothing of a deletion may be kept about a stream that is not there yet.
  if (missing && (kept.data as { $tb?: unknown } | null)?.$tb === undefined) return false;
  if (events[0]?.revision !== 0) throw incomplete(stream, 0, missing ? 'it was deleted' : CUT);
  return isJsonObject(kept.data) && !BY_AND_BY.some((key) => key in (kept.data as object));
}

async function readForwards(
  connection: Connection,
  stream: StreamName,
  from: number,
  limit: number,
  ms: number,
): Promise<StoredEvent[]> {
  const { events, missing, begins } = await readPage(connection, stream, { backwards: false, from, limit, ms });
  const first = events[0]?.revision ?? begins ?? from;
  if (first > from) throw incomplete(stream, from, `its first event is ${first}: ${CUT}`);
  if (from > 0 || events.length > 0) return events;
  if (!missing) throw incomplete(stream, from, CUT);
  await refuseShortened(connection, stream, ms);
  return events;
}

async function readBackwards(
  connection: Connection,
  stream: StreamName,
  from: ReadStart,
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
  if (!full && last > 0) throw incomplete(stream, 0, `its first event is ${last}: ${CUT}`);
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
  const forwards = direction === 'forwards';
  const [events] = await Promise.all([
    forwards
      ? readForwards(connection, stream, fromRevision ?? 0, limit, ms)
      : readBackwards(connection, stream, fromRevision ?? 'end', limit, ms),
    // A page from the first event on shows itself whether that is there.
    forwards && (fromRevision ?? 0) === 0 ? undefined : refuseShortened(connection, stream, ms),
  ]);
  return events;
}

/** The revision of a stream's last event (see the port). @throws StoreError `unreadable` when a part of it is gone */
export async function lastRevision(connection: Connection, stream: StreamName, ms: number): Promise<number> {
  const [last] = await readStream(connection, stream, { direction: 'backwards', limit: 1 }, ms);
  return last?.revision ?? NO_STREAM;
}
