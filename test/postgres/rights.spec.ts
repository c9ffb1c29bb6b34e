import { eventually } from '../support/eventually.js';
import { startTestLedger } from '../support/ledger/ledger.js';
import { createTestDatabase, urlOf, withClient, type TestDatabase } from '../support/store/postgres.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  const ledger = await startTestLedger({}, database);
  await ledger.call('POST', '/executions', { execution_id: 'one' }).finally(() => ledger.close());
}, 30_000);
afterAll(() => database.drop());

const asService = (sql: string) => withClient(database.servingUrl!, (client) => client.query(sql));
const asOwner = (sql: string) => withClient(database.connectionString, (client) => client.query(sql));
const events = async () => (await asOwner('select * from ledger.events')).rows;

it.each([
  `update ledger.events set data = '{}'`,
  `update ledger.events set data = '{}' where position = 1`,
  `update ledger.events set position = position + 1`,
  'delete from ledger.events',
  'truncate ledger.events',
  'drop table ledger.events',
  'drop schema ledger cascade',
  'alter table ledger.events disable trigger all',
  'alter table ledger.events drop constraint events_stream_revision',
  'alter table ledger.events rename to others',
  'alter schema ledger rename to others',
  'create trigger forging before insert on ledger.events for each row execute function suppress_redundant_updates_trigger()',
  'create rule forging as on insert to ledger.events do instead nothing',
  'drop function ledger.append',
  'create or replace view ledger.events_readable as select 1',
  'begin; lock table ledger.events in access exclusive mode',
  'set session_replication_role = replica',
  'grant update on ledger.events to current_user',
  'delete from ledger.migrations',
  'create role another superuser',
  'alter role current_user superuser',
  `copy ledger.events to program 'true'`,
])('the role that serves is refused: %s', async (sql) => {
  const before = await events();
  // A grant of what one does not have is a warning to PostgreSQL.
  const refused = await asService(sql).then(
    () => (sql.startsWith('grant') ? 'permission denied' : 'done'),
    ({ message }: Error) => message,
  );
  expect(refused).toMatch(/permission denied|must be owner/);
  expect(await events()).toEqual(before);
  await expect(asService(`update ledger.events set data = '{}'`)).rejects.toThrow('permission denied');
});

it('may append, read, and move what is projected', async () => {
  await asService(`begin;
    insert into ledger.events select position + 1000, recorded_at, 0, 'appended', 'id', type, data, metadata
      from ledger.events limit 1;
    select * from ledger.events_readable;
    update ledger.checkpoints set moved_at = now();
    delete from ledger.execution_status;
    rollback`);
});

it('owns the tables of the projections, and nothing else', async () => {
  const { rows } = await asOwner(
    `select relname from pg_class where relnamespace = 'ledger'::regnamespace and relkind in ('r', 'v')
        and relowner = 'ledger_service'::regrole and relname !~ '^(execution_status|status_counts|target_health|run_tree|failure_groups|outcome_histogram)(_v1)?$'`,
  );
  expect(rows).toEqual([]);
});

it('a role that could change the log is refused where another one owns it', async () => {
  await expect(startTestLedger({}, { ...database, servingUrl: database.connectionString })).rejects.toThrow(
    /^DATABASE_URL: its role postgres could change the log, .*expected another role than that of DATABASE_OWNER_URL$/,
  );
});

it('a database that one role made for all is shared out by the next start, which serves and rebuilds', async () => {
  const name = `${database.name}_before`;
  await asOwner(`create database ${name}`);
  const before = { name, connectionString: urlOf(name), drop: async () => undefined };
  const old = await startTestLedger({}, before);
  await old.call('POST', '/executions', { execution_id: 'before' }).finally(() => old.close());
  const servingUrl = database.servingUrl!.replace(database.name, name);
  const { call, close } = await startTestLedger({}, { ...before, servingUrl });
  try {
    const { position } = (await call('POST', '/executions', { execution_id: 'after' })).body;
    expect((await call('GET', `/executions?wait_for=${position}`)).body.executions).toHaveLength(2);
    await call('POST', '/projections/execution-status/rebuild');
    const shown = async () => (await call('GET', '/projections/execution-status')).body;
    await eventually(shown, ({ version, rebuild }) => version === 2 && rebuild.state === 'swapped');
    await call('POST', '/projections/execution-status/prune');
    await eventually(shown, ({ previous }) => previous === undefined);
    const forging = withClient(servingUrl, (client) => client.query('delete from ledger.events'));
    await expect(forging).rejects.toThrow('permission denied');
  } finally {
    await close();
    await asOwner(`drop database ${name} with (force)`);
  }
}, 30_000);
