import { createHash } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeBackup } from '../src/backup/take-backup.js';
import { startLedgerProcess } from '../src/cli/demo/ledger.js';
import { MIGRATIONS } from '../src/composition/migrations.js';
import { execute, type Databases } from './database.js';
import type { Scale } from './load.js';
import { row, type Row } from './row.js';

const KIB = 1024;
/** In input and result each, in bytes. */
const PAYLOADS = [0, KIB, 10 * KIB];
/** What one execution is: registered, dispatched, running, three times progress, succeeded. */
export const EVENTS_PER_LIFE = 7;
/** How many executions run at once. */
const AT_ONCE = 32;
const EXECUTIONS = 2_000;

/** What executions take, in bytes for each. */
export interface Sizes {
  readonly events: number;
  readonly eventIndexes: number;
  /** By projection, with its indexes, without what dead rows take until they are overwritten. */
  readonly projections: Readonly<Record<string, number>>;
  /** Of the projections' dead rows, as they stood at the end. */
  readonly dead: number;
  readonly wal: number;
  readonly backup: number;
}

/** Text that no compression makes smaller than three quarters: what is measured is an upper bound. */
function noise(seed: string, bytes: number): string {
  const blocks = Array.from({ length: Math.ceil(bytes / 64) }, (_, n) =>
    createHash('sha384').update(`${seed} ${n}`).digest('base64'),
  );
  return blocks.join('').slice(0, bytes);
}

/** The requests of one execution in order. */
function life(id: string, bytes: number): (readonly [path: string, body: object])[] {
  const payload = (of: string): object => (bytes === 0 ? {} : { [of]: { text: noise(`${id} ${of}`, bytes) } });
  const at = `/api/v1/executions/${id}`;
  const identity = {
    workflow_id: 'nightly',
    target: `ci.step-${id.length % 3}`,
    kind: 'job',
    labels: { branch: 'main' },
  };
  const progress = [25, 50, 75].map(
    (done) => [`${at}/progress`, { progress: done, message: `step ${done} of 100` }] as const,
  );
  return [
    ['/api/v1/executions', { execution_id: id, ...identity, ...payload('input') }],
    [`${at}/dispatch`, { handle: { pod: 'runner-7' } }],
    [`${at}/status`, { status: 'running', worker: 'runner-7' }],
    ...progress,
    [`${at}/status`, { status: 'succeeded', ...payload('result') }],
  ];
}

async function ask(url: string, path: string, body: object): Promise<{ readonly position: string }> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as { position: string };
}

/** Lives so many executions through, several at once. Gives the last position. */
async function live(url: string, executions: number, bytes: number): Promise<bigint> {
  let next = 0;
  let last = 0n;
  const worker = async (): Promise<void> => {
    while (next < executions) {
      const id = `run-2026-11-29-${String(next++).padStart(8, '0')}`;
      for (const [path, body] of life(id, bytes)) {
        const position = BigInt((await ask(url, path, body)).position);
        if (position > last) last = position;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return last;
}

const TABLES = `select relname as name, pg_table_size(c.oid)::float as bytes, pg_indexes_size(c.oid)::float as indexes
  from pg_class c join pg_namespace n on n.oid = c.relnamespace where nspname = 'ledger' and relkind = 'r'`;
interface TableSize {
  readonly name: string;
  readonly bytes: number;
  readonly indexes: number;
}

const one = async <T>(database: string, sql: string): Promise<T[]> => (await execute(database, sql)).rows as T[];

/** What the write-ahead log has come to, in bytes. */
const walOf = async (database: string): Promise<number> =>
  (await one<{ at: number }>(database, `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float as at`))[0]!.at;

async function backupOf(database: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-bench-backup-'));
  const file = join(folder, 'backup');
  await takeBackup({ url: database, migrations: MIGRATIONS, file, step: () => () => undefined });
  const { size } = await stat(file);
  await rm(folder, { recursive: true });
  return size;
}

/** Measures what executions take in the database of a ledger that has none yet. */
export async function sizes(url: string, database: string, executions: number, bytes: number): Promise<Sizes> {
  await execute(database, 'checkpoint'); // as many pages are logged whole afterwards, whatever was before
  const before = await walOf(database);
  const last = await live(url, executions, bytes);
  const { projections } = (await (await fetch(`${url}/api/v1/projections`)).json()) as {
    projections: { name: string }[];
  };
  for (const { name } of projections)
    await fetch(`${url}/api/v1/projections/${name}/rows?limit=1&wait_ms=30000&wait_for=${last}`);
  const wal = (await walOf(database)) - before;
  const tablesOf =
    (projection: string) =>
    (table: TableSize): boolean =>
      table.name.startsWith(`${projection.replaceAll('-', '_')}_v`);
  const all = await one<TableSize>(database, TABLES);
  const folded = all.filter((table) => projections.some(({ name }) => tablesOf(name)(table)));
  for (const { name } of folded) await execute(database, `vacuum full ledger.${name}`);
  const compact = await one<TableSize>(database, TABLES);
  const total = (tables: readonly TableSize[]): number =>
    tables.reduce((sum, table) => sum + table.bytes + table.indexes, 0) / executions;
  const events = compact.find(({ name }) => name === 'events')!;
  const rows = projections.map(({ name }) => [name, total(compact.filter(tablesOf(name)))] as const);
  return {
    events: events.bytes / executions,
    eventIndexes: events.indexes / executions,
    projections: Object.fromEntries(rows),
    dead: total(folded) - rows.reduce((sum, [, bytes]) => sum + bytes, 0),
    wal: wal / executions,
    backup: (await backupOf(database)) / executions,
  };
}

/** What the database holds for one execution: its events and its rows, with their indexes, without dead rows. */
export const onDisk = ({ events, eventIndexes, projections }: Sizes): number =>
  Object.values(projections).reduce((sum, bytes) => sum + bytes, events + eventIndexes);

/** What a year of executions takes, by their payload (docs/sizing.md). */
export async function sizeRows(databases: Databases, { seconds }: Scale): Promise<Row[]> {
  const rows: Row[] = [];
  for (const payload of PAYLOADS) {
    const database = await databases.create('size');
    const ledger = await startLedgerProcess({ DATABASE_URL: database });
    const found = await sizes(ledger.url, database, seconds > 1 ? EXECUTIONS : EXECUTIONS / 10, payload).finally(
      ledger.stop,
    );
    await databases.drop('size');
    const name = (what: string): string => `payload ${payload / KIB} KiB: ${what}`;
    rows.push(
      row(name('events, their table'), found.events, 'B/execution'),
      row(name('events, their indexes'), found.eventIndexes, 'B/execution'),
      row(name('an event with its indexes'), (found.events + found.eventIndexes) / EVENTS_PER_LIFE, 'B/event'),
      ...Object.entries(found.projections).map(([projection, bytes]) => row(name(projection), bytes, 'B/execution')),
      row(name('on disk'), onDisk(found), 'B/execution'),
      row(name('dead rows of the projections'), found.dead, 'B/execution'),
      row(name('write-ahead log'), found.wal, 'B/execution'),
      row(name('backup'), found.backup, 'B/execution'),
    );
  }
  return rows;
}
