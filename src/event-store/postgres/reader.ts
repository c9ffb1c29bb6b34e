import type { EventMetadata, Instant } from '../../domain/events.js';
import type { Json } from '../../domain/json.js';
import { NO_STREAM, type StreamName } from '../../domain/stream.js';
import { decodeText, encodeText, parseJson } from '../../encoding/json.js';
import { PAGE_BYTES, type LogPage, type ReadStreamOptions, type StoredEvent } from '../event-store.js';
import { START, type Position } from '../position.js';
import { instantOf } from './instant.js';
import { failedStatement } from '../../postgres/failure.js';
import type { WrittenAppend } from './append-call.js';
import type { EncodedEvent } from './queued-append.js';
import { textRows } from './text-rows.js';

/** What reads: a pool of `pg`, or a queue before one. */
export interface Queryable {
  query<Row extends unknown[]>(config: object): Promise<{ rows: Row[] }>;
}

/** What is read of an event, in the order of {@link EventRow}. */
export const COLUMNS = 'position, recorded_at, revision, stream, event_id, type, data, metadata';
const SELECT = `select ${COLUMNS} from ledger.events`;

/** An event as the server prints it. */
export type EventRow = [string, string, string, string, string, string, string, string];

/** Text that somebody stored and is not JSON is given as that text: one bad row stops no reader. */
function jsonOf(text: string): Json {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

const metadataOf = (json: Json): EventMetadata => (typeof json === 'object' && json !== null ? json : {});

/** A stored event of its row. */
export const eventOf = ([
  position,
  recordedAt,
  revision,
  stream,
  eventId,
  type,
  data,
  metadata,
]: EventRow): StoredEvent => ({
  eventId: decodeText(eventId),
  type: decodeText(type),
  data: jsonOf(data),
  metadata: metadataOf(jsonOf(metadata)),
  stream: decodeText(stream),
  revision: +revision,
  position: BigInt(position),
  recordedAt: instantOf(recordedAt),
});

/** What a batch wrote, as it is read; none unless it is one piece of the log. */
export function pageOf(written: readonly WrittenAppend[]): LogPage | undefined {
  const events = written.flatMap(({ append, outcome }) =>
    append.events.map(({ data, metadata }, n) => {
      const before = append.events.length - 1 - n;
      const { eventId, type } = append.append.events[n]!;
      return {
        eventId,
        type,
        data: jsonOf(data),
        metadata: metadataOf(jsonOf(metadata)),
        stream: append.append.stream,
        revision: outcome.revision - before,
        position: outcome.position - BigInt(before),
        recordedAt: outcome.recordedAt,
      };
    }),
  );
  const from = events[0]!.position;
  // What an earlier, lost call wrote stands elsewhere.
  if (events.some(({ position }, n) => position !== from + BigInt(n))) return undefined;
  return { events, size: sizeOf(written.flatMap(({ append }) => append.events)) };
}

/** In characters. */
const sizeOf = (texts: readonly Pick<EncodedEvent, 'data' | 'metadata'>[]): number =>
  texts.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0);

/** Those of some events, in an order, that come before so many bytes of payload, and the one that reaches them. */
function within(bytes: string, events: string, order: string): string {
  return `select ${COLUMNS} from (
    select ${COLUMNS}, sum(octet_length(data) + octet_length(metadata)) over (order by ${order})
             - octet_length(data) - octet_length(metadata) as before
      from (${events}) page
  ) sized where before < ${bytes} order by ${order}`;
}

async function select<Row extends unknown[]>(
  from: Queryable,
  name: string,
  text: string,
  values: unknown[],
): Promise<Row[]> {
  try {
    const { rows } = await from.query<Row>({ ...textRows, name: `ledger.${name}`, text, values });
    return rows;
  } catch (error) {
    throw failedStatement(error);
  }
}

/** The log from `after` (exclusive) on, in commit order; with `bytes`, as {@link readPage}. */
export async function readAll(
  from: Queryable,
  after: Position,
  limit: number,
  bytes = Infinity,
): Promise<StoredEvent[]> {
  if (bytes !== Infinity) return [...(await readPage(from, after, limit, bytes)).events];
  const text = `${SELECT} where position > $1 order by position limit $2`;
  return (await select<EventRow>(from, 'read_all', text, [after, limit])).map(eventOf);
}

/** When the event was recorded that stands at a position. */
export async function recordedAt(from: Queryable, position: Position): Promise<Instant | undefined> {
  const text = `select recorded_at from ledger.events where position = $1`;
  const [row] = await select<[string]>(from, 'recorded_at', text, [position]);
  return row && instantOf(row[0]);
}

const PAGE = within('$3', `${SELECT} where position > $1 order by position limit $2`, 'position');

/**
 * As {@link readAll}, of no more than `bytes` of payload, but for the last event: what one event may be is bounded
 * elsewhere, and a page of a thousand such would be a gigabyte.
 */
export async function readPage(from: Queryable, after: Position, limit: number, bytes: number): Promise<LogPage> {
  const rows = await select<EventRow>(from, 'read_page', PAGE, [after, limit, bytes]);
  return { events: rows.map(eventOf), size: sizeOf(rows.map(([, , , , , , data, metadata]) => ({ data, metadata }))) };
}

const FORWARDS = within('$4', `${SELECT} where stream = $1 and revision >= $2 order by revision limit $3`, 'revision');
const BACKWARDS = within(
  '$4',
  `${SELECT} where stream = $1 and revision <= $2 order by revision desc limit $3`,
  'revision desc',
);
const LAST_REVISION = 2 ** 31 - 1;

/** One stream's events; see the port for the defaults. */
export async function readStream(
  from: Queryable,
  stream: StreamName,
  options: ReadStreamOptions,
): Promise<StoredEvent[]> {
  const { direction = 'forwards', limit = 1_000 } = options;
  const [name, text, first] =
    direction === 'forwards'
      ? (['read_forwards', FORWARDS, 0] as const)
      : (['read_backwards', BACKWARDS, LAST_REVISION] as const);
  const fromRevision = Math.min(options.fromRevision ?? first, LAST_REVISION);
  const values = [encodeText(stream), fromRevision, limit, PAGE_BYTES];
  return (await select<EventRow>(from, name, text, values)).map(eventOf);
}

const LAST_REVISIONS = `select (select revision from ledger.events where stream = asked.stream order by revision desc limit 1)
  from unnest($1::text[]) with ordinality asked (stream, place) order by place`;

/** The revision of each stream's last event, in the order of the streams. */
export async function readLastRevisions(from: Queryable, streams: readonly StreamName[]): Promise<number[]> {
  const rows = await select<[string | null]>(from, 'last_revisions', LAST_REVISIONS, [streams.map(encodeText)]);
  return rows.map(([revision]) => (revision === null ? NO_STREAM : +revision));
}

export async function findEvent(
  from: Queryable,
  stream: StreamName,
  eventId: string,
): Promise<StoredEvent | undefined> {
  const text = `${SELECT} where stream = $1 and event_id = $2`;
  const [row] = await select<EventRow>(from, 'find_event', text, [encodeText(stream), encodeText(eventId)]);
  return row && eventOf(row);
}

export async function readHead(from: Queryable): Promise<Position> {
  const [row] = await select<[string]>(
    from,
    'head',
    'select position from ledger.events order by position desc limit 1',
    [],
  );
  return row ? BigInt(row[0]) : START;
}
