import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { HistoryEvent } from '../../src/contract/history.js';
import { deadlineOf } from '../../src/domain/execution.js';
import { parseStream } from '../../src/domain/stream.js';
import type { StoredEvent } from '../../src/event-store/event-store.js';
import { caller, type Answer } from '../support/ledger/caller.js';
import { withClient } from '../support/store/postgres.js';
import { historyOf } from './check/execution.js';
import { grouped } from './check/log.js';

const PATIENCE_MS = 30_000;
const PAGE = 1_000;

const INSTANT = `to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const ROWS = `select position, ${INSTANT} as recorded_at, revision, stream, event_id, type, data, metadata
  from ledger.events where position > $1 order by position limit ${PAGE}`;

const asStored = (row: Record<string, string>): StoredEvent => ({
  position: BigInt(row['position']!),
  recordedAt: row['recorded_at']!,
  revision: Number(row['revision']),
  stream: row['stream']!,
  eventId: row['event_id']!,
  type: row['type']!,
  data: JSON.parse(row['data']!),
  metadata: JSON.parse(row['metadata']!),
});

/** The log as it stands in the table. */
export const readTable = (databaseUrl: string): Promise<StoredEvent[]> =>
  withClient(databaseUrl, async (client: pg.Client) => {
    const log: StoredEvent[] = [];
    for (;;) {
      const { rows } = await client.query<Record<string, string>>(ROWS, [String(log.at(-1)?.position ?? 0n)]);
      log.push(...rows.map(asStored));
      if (rows.length < PAGE) return log;
    }
  });

async function get(url: string, path: string): Promise<Answer['body']> {
  const { status, text, body } = await caller(url, PATIENCE_MS)('GET', path);
  if (status !== 200) throw new Error(`${status} of ${path}: ${text}`);
  return body;
}

/** What the endpoints show of the log: the history of everything, each execution's own, and what was refused. */
export interface ShownHistory {
  readonly everything: readonly HistoryEvent[];
  readonly byExecution: ReadonlyMap<string, readonly HistoryEvent[]>;
}

async function pages(url: string, path: (from: string) => string, next: (page: Answer['body']) => string) {
  const events: HistoryEvent[] = [];
  for (let from = '0'; ;) {
    const page = await get(url, path(from));
    if (page.events.length === 0) return events;
    events.push(...(page.events as HistoryEvent[]));
    from = next(page);
  }
}

/** Everything the endpoints show, of whichever service. */
export async function readEndpoints(urls: readonly string[], executionIds: readonly string[]): Promise<ShownHistory> {
  const everything = await pages(
    urls[0]!,
    (after) => `/events?limit=${PAGE}&after=${after}`,
    ({ next_after }) => next_after,
  );
  const byExecution = new Map<string, HistoryEvent[]>();
  const left = executionIds.entries();
  const worker = async (): Promise<void> => {
    for (const [n, id] of left) {
      const path = (from: string) => `/executions/${id}/events?limit=${PAGE}&from_revision=${from}`;
      byExecution.set(id, await pages(urls[n % urls.length]!, path, ({ next_revision }) => String(next_revision)));
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return { everything, byExecution };
}

/** The executions of a log, folded. */
export const historiesOf = (log: readonly StoredEvent[]) =>
  [...grouped(log, ({ stream }) => stream)].flatMap(([stream, stored]) => {
    const named = parseStream(stream);
    return named?.kind === 'execution' ? [historyOf(named.executionId, stored, () => undefined)] : [];
  });

/** Waits until whatever has a deadline that comes soon is timed out, and nothing is written any more; the log then. */
export async function readWhenQuiet(databaseUrl: string, withinMs: number): Promise<StoredEvent[]> {
  for (const until = Date.now() + withinMs; ; await pause(500)) {
    const log = await readTable(databaseUrl);
    const pending = historiesOf(log).some(({ states }) => {
      const state = states.at(-1)!;
      return ['pending', 'queued', 'running'].includes(state.status) && 'clock_from' in state && deadlineOf(state);
    });
    if (!pending || Date.now() > until) return log;
  }
}
