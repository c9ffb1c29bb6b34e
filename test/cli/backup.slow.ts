import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { PROJECTIONS } from '../../projections/index.js';
import { KEPT_ROWS, NOT_KEPT } from '../../src/backup/tables.js';
import { MIGRATIONS } from '../../src/composition/migrations.js';
import { migrate } from '../../src/postgres/migrate.js';
import { eventually } from '../support/eventually.js';
import { startTestLedger, type TestLedger } from '../support/ledger/ledger.js';
import { commandLine } from '../support/process/command-line.js';
import { openedIn } from '../support/process/embedded.js';
import { startProgram } from '../support/process/program.js';
import { caller } from '../support/ledger/caller.js';
import { createTestDatabase, urlOf, withClient, type TestDatabase } from '../support/store/postgres.js';

/** What every event of a log comes to, and whether its positions have gaps. */
const LOG = `select count(*)::integer as events, max(position)::integer as head,
    encode(sha256(convert_to(coalesce(string_agg(e::text, E'\n' order by position), ''), 'UTF8')), 'hex') as digest
  from ledger.events e`;

/** What is remembered of the log (docs/operations.md, The log). */
const PAGES = 'select count(*)::integer as n from ledger.log_pages';

type Log = { events: number; head: number; digest: string };

/** Of the first report of an execution: it is registered, and runs. */
const EVENTS = 2;

let folder: string;
let ledger: TestLedger;
let backup: string;
const databases: string[] = [];

/** A database that nothing is in. */
async function emptyDatabase(): Promise<{ env: Record<string, string>; url: string }> {
  const name = `restored_${randomUUID().replaceAll('-', '')}`;
  databases.push(name);
  await withClient(urlOf('postgres'), (client) => client.query(`create database ${name}`));
  return { env: { DATABASE_URL: urlOf(name) }, url: urlOf(name) };
}

const ask = async <Row>(url: string, sql: string): Promise<Row> =>
  (await withClient(url, (client) => client.query(sql))).rows[0] as Row;
const cli = (env: Record<string, string>, ...args: string[]) => commandLine(env, ...args).end;
const on = ({ connectionString, servingUrl }: TestDatabase): Record<string, string> =>
  servingUrl ? { DATABASE_URL: servingUrl, DATABASE_OWNER_URL: connectionString } : { DATABASE_URL: connectionString };
const report = (call: TestLedger['call'], execution_id: string, more = {}) =>
  call('POST', '/workflow/executions/events', { execution_id, status: 'running', target: 'a\tb\\.\nü', ...more });

/** Has a ledger stand on what was restored: it takes a report behind the last position, and all read models are right. */
async function stands(restored: TestDatabase, head: number): Promise<void> {
  const ledger = await startTestLedger({}, restored);
  try {
    expect((await ledger.call('GET', '//health/ready')).status).toBe(200);
    const { body } = await report(ledger.call, 'a new one');
    expect(body).toMatchObject({ verdict: 'applied', position: `${head + EVENTS}` });
    expect((await ledger.call('GET', `/executions?wait_for=${body.position}&limit=1`)).status).toBe(200);
    for (const { name } of PROJECTIONS) {
      await ledger.call('POST', `/projections/${name}/verify`);
      const show = async () => (await ledger.call('GET', `/projections/${name}`)).body;
      const { verify } = await eventually(show, ({ verify }) => verify?.state === 'verified');
      expect({ name, drift: verify.drift.rows }).toEqual({ name, drift: 0 });
    }
  } finally {
    await ledger.close();
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ledger-backup-'));
  await chmod(folder, 0o755);
  backup = join(folder, 'ledger.backup');
  ledger = await startTestLedger();
  for (let n = 0; n < 50; n++) await report(ledger.call, `e${n % 20}`, { event_id: `first ${n}` });
}, 60_000);
afterAll(async () => {
  await ledger.close();
  for (const name of databases)
    await withClient(urlOf('postgres'), (client) => client.query(`drop database ${name} with (force)`));
  await rm(folder, { recursive: true });
}, 60_000);

it('knows every table of the schema', async () => {
  const { tables } = await ask<{ tables: string[] }>(
    ledger.database.connectionString,
    `select array_agg(relname::text) as tables from pg_class where relnamespace = 'ledger'::regnamespace and relkind = 'r'`,
  );
  const ofProjections = PROJECTIONS.map(({ name }) => `${name.replaceAll('-', '_')}_v1`);
  expect(tables.sort()).toEqual([...Object.keys(KEPT_ROWS), ...NOT_KEPT, ...ofProjections].sort());
});

it('is the log at one moment while it is written to, and goes on elsewhere as it stood', async () => {
  const source = ledger.database.connectionString;
  await eventually(
    () => ask<{ n: number }>(source, PAGES),
    ({ n }) => n > 0,
  );
  let writing = true;
  const writer = (async () => {
    for (let n = 0; writing; n++) await report(ledger.call, `w${n}`);
  })();
  const before = await ask<Log>(source, LOG);
  const { code, out, err } = await cli(on(ledger.database), 'backup', backup, '--json');
  const after = await ask<Log>(source, LOG);
  writing = false;
  await writer;
  expect({ code, err }).toEqual({ code: 0, err: 'writing\nreading it back\n' });
  const told = JSON.parse(out);
  expect(told.events).toBeGreaterThanOrEqual(before.events);
  expect(after.events).toBeGreaterThan(told.events);
  expect((await stat(backup)).mode & 0o777).toBe(0o600);

  const { env, url } = await emptyDatabase();
  expect(await cli(env, 'restore', backup)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^restored [\d,]+ events up to position [\d,]+, of \S+Z\n$/),
  });
  const restored = await ask<Log>(url, LOG);
  expect(restored).toEqual({
    ...(await ask<Log>(source, `${LOG} where position <= ${told.position}`)),
    events: told.events,
    head: told.events,
  });
  expect((await ask<{ n: number }>(url, PAGES)).n).toBe(1);
  const moved = `select bool_and(position > 0) as moved from ledger.checkpoints`;
  expect(await ask(url, moved)).toEqual({ moved: true });
  await stands({ name: '', connectionString: url, drop: async () => undefined }, restored.head);
}, 120_000);

it('has the log belong to its owner where two roles share it, and to an empty ledger that was started before', async () => {
  const database = await createTestDatabase();
  try {
    await (await startTestLedger({}, database)).close();
    expect(await cli(on(database), 'restore', backup)).toMatchObject({ code: 0 });
    const owners = `select distinct relowner::regrole::text as owner from pg_class
      where relnamespace = 'ledger'::regnamespace and relname ~ '^execution_status'`;
    const { rows } = await withClient(database.connectionString, (client) => client.query(owners));
    expect(rows).toEqual([{ owner: new URL(database.servingUrl!).username }]);
    await expect(
      withClient(database.servingUrl!, (client) => client.query('delete from ledger.events')),
    ).rejects.toThrow('permission denied');
    await stands(database, (await ask<Log>(database.connectionString, LOG)).head);
  } finally {
    await database.drop();
  }
}, 120_000);

it('replaces no file unasked, and leaves none behind that is not whole', async () => {
  const was = await readFile(backup);
  expect(await cli(on(ledger.database), 'backup', backup)).toMatchObject({
    code: 1,
    err: expect.stringContaining('exists already: name another file, or have it replaced by --force'),
  });
  expect((await readFile(backup)).equals(was)).toBe(true);
  const other = join(folder, 'other.backup');
  expect(await cli((await emptyDatabase()).env, 'backup', other)).toMatchObject({
    code: 1,
    err: expect.stringContaining('The database holds no ledger'),
  });
  await writeFile(other, 'something else');
  expect(await cli(on(ledger.database), 'backup', other, '--force')).toMatchObject({ code: 0 });
  await rm(other);
  expect(await readdir(folder)).toEqual(['ledger.backup']);
}, 60_000);

const lines = (): string[] => gunzipSync(fileOf()).toString('utf8').split('\n');
let whole: Buffer;
const fileOf = (): Buffer => whole;
const packed = (change: (text: string[]) => string[]): Buffer => gzipSync(change(lines()).join('\n'));
const inHead = (change: (head: { migrations: string[] }) => unknown): Buffer =>
  packed(([head, ...rest]) => [JSON.stringify(change(JSON.parse(head!))), ...rest]);

it.each([
  ['cut off', () => fileOf().subarray(0, fileOf().length - 100), 'is damaged or was cut off (unexpected end of file)'],
  ['empty', () => Buffer.alloc(0), 'was cut off'],
  ['cut off and packed anew', () => packed((text) => text.slice(0, 20).concat('')), 'was cut off'],
  ['of another kind', () => Buffer.from('PGDMP'), 'is damaged or was cut off (incorrect header check)'],
  ['packed by somebody else', () => gzipSync('a\nb\n'), 'is no backup of a ledger'],
  ['damaged', () => fileOf().map((byte, at) => (at === fileOf().length >> 1 ? byte ^ 255 : byte)), 'is damaged'],
  [
    'changed',
    () => packed((text) => text.map((line) => line.replace('"first 7"', '"worst 7"').replace('first 7', 'worst 7'))),
    'is damaged: the table events is not what was written',
  ],
  ['without an event', () => packed(([head, _, ...rest]) => [head!, ...rest]), 'the table events is not what was'],
  ['of a newer form', () => inHead((head) => ({ ...head, execution_ledger_backup: 2 })), 'written by a newer program'],
  [
    'of a newer schema',
    () => inHead((head) => ({ ...head, migrations: [...head.migrations, 'AddMore1864000000000'] })),
    'is of a newer program: it has AddMore1864000000000, which this program does not know',
  ],
] as const)(
  'a backup that is %s is refused before anything is written',
  async (_, contents, why) => {
    whole ??= await readFile(backup);
    const file = join(await mkdtemp(join(folder, 'wrong-')), 'wrong.backup');
    await writeFile(file, contents());
    const { env, url } = await emptyDatabase();
    expect(await cli(env, 'restore', file)).toMatchObject({ code: 1, out: '', err: expect.stringContaining(why) });
    expect(await ask(url, `select to_regnamespace('ledger') as schema`)).toEqual({ schema: null });
  },
  30_000,
);

it('leaves nothing where a person stops it', async () => {
  const inside = await mkdtemp(join(folder, 'stopped-'));
  const database = ledger.database.connectionString;
  await withClient(database, async (client) => {
    // Who migrates keeps a backup waiting for the table.
    await client.query('begin; lock table ledger.events in access exclusive mode');
    const { child, said, end } = commandLine(on(ledger.database), 'backup', join(inside, 'never'));
    const waits = () =>
      ask(
        database,
        `select count(*)::integer as n from pg_stat_activity
       where application_name = 'execution-ledger backup' and wait_event_type = 'Lock'`,
      ) as Promise<{ n: number }>;
    await eventually(waits, ({ n }) => n > 0);
    child.kill('SIGINT');
    await said(/interrupted/);
    expect(await end).toMatchObject({
      code: 130,
      err: expect.stringContaining('the backup was interrupted, and nothing'),
    });
  });
  expect(await readdir(inside)).toEqual([]);
}, 60_000);

it('overwrites no log, and mixes with none', async () => {
  const database = await createTestDatabase();
  const running = await startTestLedger({}, database);
  try {
    expect(await cli(on(database), 'restore', backup)).toMatchObject({
      code: 1,
      err: expect.stringContaining('A ledger runs on the database (execution-ledger '),
    });
    await report(running.call, 'one');
    await running.close();
    const before = await ask<Log>(database.connectionString, LOG);
    expect(await cli(on(database), 'restore', backup)).toMatchObject({
      code: 1,
      err: expect.stringMatching(
        /holds a log already, whose last event is at position 2, recorded at 2\S+Z\. No restore/,
      ),
    });
    expect(await ask<Log>(database.connectionString, LOG)).toEqual(before);
  } finally {
    await database.drop();
  }
}, 60_000);

it('restores all or nothing: what fails at the end leaves no event', async () => {
  const { env, url } = await emptyDatabase();
  await migrate({ connectionString: url }, MIGRATIONS);
  await withClient(url, (client) =>
    client.query(
      'alter table ledger.early_refusals add constraint never check (false); alter table ledger.checkpoints add constraint never check (false)',
    ),
  );
  expect(await cli(env, 'restore', backup)).toMatchObject({ code: 1, err: expect.stringContaining('never') });
  expect(await ask(url, LOG)).toMatchObject({ events: 0 });
}, 30_000);

it('brings a backup of an older program up to date, and makes what other code has made anew from the log', async () => {
  const older = join(folder, 'older.backup');
  const { env, url } = await emptyDatabase();
  const early = MIGRATIONS.filter(({ name }) => /CreateLedger|CreateCheckpoints|ControlProj|VersionProj/.test(name));
  await migrate({ connectionString: url }, early);
  await withClient(url, (client) =>
    client.query(`
      insert into ledger.events select position, now(), 0, 'executions-' || position, 'id', 'other.of_somebody', '{}', '{}'
        from generate_series(1, 3) position;
      create table ledger.execution_status_v2 (execution_id text, old_column text);
      insert into ledger.execution_status_v2 values ('1', 'x');
      insert into ledger.checkpoints (projection, version, position, fold_version, live) values ('execution-status', 2, 3, 1, true)`),
  );
  expect(await cli(env, 'backup', older)).toMatchObject({ code: 0 });
  const to = await emptyDatabase();
  const { code, out } = await cli(to.env, 'restore', older);
  expect({ code, out }).toEqual({
    code: 0,
    out: expect.stringContaining(
      '; the next start makes execution-status, status-counts, target-health, run-tree, failure-groups, outcome-histogram anew',
    ),
  });
  expect(await ask(to.url, LOG)).toMatchObject({ events: 3, head: 3 });
  await stands({ name: '', connectionString: to.url, drop: async () => undefined }, 3);
}, 60_000);

it('moves the embedded database to one’s own and back, while its ledger runs', async () => {
  const embedded = { DATABASE_URL: '', LEDGER_DATA_DIR: join(folder, 'data') };
  const program = startProgram({ ...embedded, LOG_LEVEL: 'error' });
  const moved = join(folder, 'moved.backup');
  try {
    for (let n = 0; n < 5; n++) await report(caller(await program.url), `m${n}`);
    expect(await cli(embedded, 'backup', moved)).toMatchObject({
      code: 0,
      out: expect.stringContaining(': 10 events'),
    });
    expect((await report(caller(await program.url), 'm0')).status).toBe(200);
  } finally {
    program.child.kill('SIGTERM');
    await program.end;
  }
  const { env, url } = await emptyDatabase();
  expect(await cli(env, 'restore', moved)).toMatchObject({ code: 0 });
  await stands({ name: '', connectionString: url, drop: async () => undefined }, 10);
  const back = join(folder, 'back.backup');
  expect(await cli(env, 'backup', back)).toMatchObject({ code: 0 });
  const again = { DATABASE_URL: '', LEDGER_DATA_DIR: join(folder, 'again') };
  expect(await cli(again, 'restore', back)).toMatchObject({ code: 0, out: expect.stringMatching(/^restored /) });
  expect((await openedIn(again.LEDGER_DATA_DIR, LOG)).rows).toEqual([await ask(url, LOG)]);
  expect(await cli(again, 'restore', back)).toMatchObject({
    code: 1,
    err: expect.stringContaining('holds a log already'),
  });
  const { head } = await ask<Log>(url, LOG);
  const serves = startProgram({ ...again, LOG_LEVEL: 'error' });
  try {
    expect((await report(caller(await serves.url), 'm9')).body.position).toBe(`${head + EVENTS}`);
  } finally {
    serves.child.kill('SIGTERM');
    await serves.end;
  }
}, 180_000);
