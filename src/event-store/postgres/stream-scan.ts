import { StringDecoder } from 'node:string_decoder';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { decodeText, encodeText } from '../../encoding/json.js';
import { failedStatement } from '../../postgres/failure.js';
import { connectSession, dropSession } from '../../postgres/session.js';
import type { LogPage, StoredEvent, StreamScan, StreamRange } from '../event-store.js';
import type { PostgresOptions } from './options.js';
import { COLUMNS, eventOf, type EventRow } from './reader.js';

/** A range is one statement, which sorts it and gives it at its reader's pace. */
const STATEMENT_MS = 3_600_000;
const SETTINGS = { work_mem: '64MB', jit: 'off', max_parallel_workers_per_gather: '0' };
/** From how many rows the bounds of partitions are estimated. */
const SAMPLE = 20_000;

/** The streams of a range, encoded. */
const literals = ({ after, to }: StreamRange): [string, string] => [
  pg.escapeLiteral(encodeText(after)),
  pg.escapeLiteral(encodeText(to)),
];

/**
 * The log stream by stream. By its index alone, a stream's events lie all over the table: read one by one they take
 * twice as long as sorted, so a range is read as it lies and sorted by the server, which knows when the index is better.
 */
export function createStreamOrder(options: Required<PostgresOptions>): StreamScan {
  const { connectionString, connectMs, lockMs } = options;
  const limits = { connectMs, lockMs, statementMs: STATEMENT_MS };
  const connect = (): Promise<pg.Client> => connectSession(connectionString, limits, 'streams', SETTINGS);

  return {
    split: async (range, partitions) => {
      const client = await connect();
      try {
        return await split(client, range, partitions);
      } catch (error) {
        throw failedStatement(error);
      } finally {
        await client.end().catch(() => undefined);
      }
    },
    read: async function* (range, signal) {
      signal.throwIfAborted();
      const client = await connect();
      const drop = (): void => dropSession(client);
      signal.addEventListener('abort', drop, { once: true });
      try {
        yield* read(client, range);
      } catch (error) {
        signal.throwIfAborted();
        throw failedStatement(error);
      } finally {
        signal.removeEventListener('abort', drop);
        drop(); // a reader that goes in the middle leaves the rest unread
      }
    },
  };
}

/** The bounds come from a sample of the table's blocks: even statistics that nobody ever made would do no better. */
async function split(client: pg.Client, range: StreamRange, partitions: number): Promise<StreamRange[]> {
  if (partitions <= 1) return [range];
  const percent = Math.min(100, (SAMPLE * 100) / Math.max(1, Number(range.upTo)));
  const [after, to] = literals(range);
  const { rows } = await client.query<{ bounds: string[] | null }>(
    `select percentile_disc($1::float8[]) within group (order by stream) as bounds
       from ledger.events tablesample system (${percent}) where stream > ${after} and stream <= ${to}`,
    [Array.from({ length: partitions - 1 }, (_, n) => (n + 1) / partitions)],
  );
  const bounds = [...new Set(rows[0]?.bounds ?? [])].filter((bound) => bound !== encodeText(range.to));
  const ends = [...bounds.map(decodeText), range.to];
  return ends.map((end, n) => ({ after: ends[n - 1] ?? range.after, to: end, upTo: range.upTo }));
}

async function* read(client: pg.Client, range: StreamRange): AsyncIterable<LogPage> {
  const [after, to] = literals(range);
  const rows = client.query(
    copyTo(`copy (select ${COLUMNS} from ledger.events
                   where stream > ${after} and stream <= ${to} and position <= ${range.upTo}
                   order by stream, revision) to stdout`),
  );
  const decoder = new StringDecoder('utf8');
  /** The beginning of an event that is not whole: joined once, however many chunks a large one comes in. */
  let begun: string[] = [];
  try {
    for await (const chunk of rows) {
      const text = decoder.write(chunk as Buffer);
      const end = text.lastIndexOf('\n') + 1;
      if (end > 0) {
        const whole = begun.join('') + text.slice(0, end);
        yield { events: eventsOf(whole), size: whole.length };
        begun = [];
      }
      begun.push(text.slice(end));
    }
  } finally {
    // The timer of the query's limit, which nobody else stops: it would keep the process.
    (rows as { callback?: () => void }).callback?.();
  }
}

function eventsOf(text: string): StoredEvent[] {
  const read = text.includes('\\') ? unescape : asItIs;
  const found: StoredEvent[] = [];
  for (let at = 0; at < text.length;) {
    const newline = text.indexOf('\n', at);
    const row: string[] = [];
    for (let from = at; from <= newline;) {
      const tab = text.indexOf('\t', from);
      const to = tab === -1 || tab > newline ? newline : tab;
      row.push(read(text.slice(from, to)));
      from = to + 1;
    }
    found.push(eventOf(row as EventRow));
    at = newline + 1;
  }
  return found;
}

const asItIs = (field: string): string => field;

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** A field of `COPY`'s text format; no column of the log is null. */
const unescape = (field: string): string =>
  field.includes('\\') ? field.replace(/\\(.)/g, (_, c: string) => ESCAPES[c] ?? c) : field;
