import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import v8 from 'node:v8';
import vm from 'node:vm';
import { executionStatus } from '../../projections/execution-status.js';
import { createPostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { DriftMonitor } from '../../src/rebuild/drift-monitor.js';
import { connectForOperations } from '../../src/rebuild/connect.js';
import { eventually } from '../support/eventually.js';
import { caller, type Answer, type Call } from '../support/ledger/caller.js';
import { followStream } from '../support/ledger/event-stream.js';
import { withClient } from '../support/store/postgres.js';
import { startProgram, type Program } from '../support/process/program.js';
import { startServer, type TestServer } from '../support/store/server.js';
import { strainOf, WATCHED } from '../support/process/strain.js';

const MIB = 1024 * 1024;
/** Events of the stream, each of so many bytes: a third of a gigabyte; what takes longer takes as many times longer. */
const EVENTS = 320;
const EVENT_BYTES = MIB;
/** The revision of the last: a registration and a report come first. */
const HEAD = EVENTS + 1;
/** A page, the event that goes beyond it, and what it is written with. */
const ANSWER_BYTES = 8 * MIB;
/** What a process may take beside what it has: pages, what of them is still to be collected, and by far not the stream. */
const BESIDE = 288 * MIB;
/** Until an endpoint has answered that reads all of it, on a machine that others use, too. */
const LIMIT_MS = 60_000;
const BESIDES = ['a-beside', 'z-beside'];

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc') as () => void;
/** What this process holds, in bytes: without garbage, of which a test process that ran others has as much as it likes. */
function heldBytes(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

let server: TestServer;
let program: Program;
let call: Call;
const database = () => server.url('postgres');
const sql = (text: string, ...values: unknown[]) =>
  withClient(database(), async (client) => (await client.query(text, values)).rows);

/** Runs something within the time that an answer may take, and the memory that the program may. */
async function bounded<T>(limitMs: number, work: () => Promise<T>): Promise<T> {
  let done: T;
  const at = performance.now();
  const { grownBytes } = await strainOf(program, async () => (done = await work()));
  const ms = performance.now() - at;
  expect(grownBytes).toBeLessThan(BESIDE);
  expect(ms).toBeLessThan(limitMs);
  return done!;
}
const get = (path: string): Promise<Answer> => bounded(LIMIT_MS, () => call('GET', path));

beforeAll(async () => {
  server = await startServer([]); // with fsync: the program takes no other
  program = startProgram({ DATABASE_URL: database(), ...WATCHED });
  call = caller(await program.url);
  for (const execution_id of [...BESIDES, 'large']) {
    await call('POST', '/executions', { execution_id });
    await call('POST', `/executions/${execution_id}/status`, { status: 'running' });
  }
  const [{ head }] = await sql('select max(position)::integer as head from ledger.events');
  const event = `insert into ledger.events (position, recorded_at, revision, stream, event_id, type, data, metadata)`;
  const first = [head + 1, 2, 'execution-large', 'large', 'ExecutionProgressed', 'x'.repeat(EVENT_BYTES)];
  await sql(
    `${event} select $1, clock_timestamp(), $2, $3, $4, $5, json_build_object('attempt', 1, 'nobody_knows', $6::text), '{}'`,
    ...first,
  );
  // What is stored is copied as it is: nothing is compressed again.
  await sql(
    `${event} select position + n, recorded_at, revision + n, stream, event_id || n, type, data, metadata
       from ledger.events, generate_series(1, $2) n where position = $1`,
    head + 1,
    EVENTS - 1,
  );
  await bounded(120_000, () =>
    eventually(
      () => call('GET', '/projections'),
      ({ body }) => body.projections.every(({ lag_events }: { lag_events: number }) => lag_events === 0),
    ),
  );
  await call('POST', '/executions/large/progress', { message: 'x'.repeat(900_000) });
}, 300_000);
afterAll(async () => {
  program?.child.kill('SIGTERM');
  await program?.end;
  await server?.stop();
}, 30_000);

describe('of a stream of hundreds of megabytes', () => {
  it.each([
    '/executions/large',
    '/executions/large?until=terminal&wait_ms=0',
    '/executions/large/events?limit=1000',
    `/executions/large/events?from_revision=${HEAD - 3}&limit=1000`,
    '/executions/large/refused',
    `/executions/large/state?at_revision=${HEAD}`,
    '/executions/large/state?at_revision=3',
    '/executions/large/state?at_time=2999-01-01T00:00:00.000Z',
    '/executions/large/tree',
    '/executions?limit=500',
    '/events?limit=1000',
    '/events?after=100&limit=1000',
    '/status-counts',
    '/target-health',
    '/projections',
    '/projections/execution-status',
    '/operations',
  ])(
    'GET %s answers in time, in a page that the process can hold',
    async (path) => {
      const { status, text } = await get(path);
      expect([path, status]).toEqual([path, 200]);
      expect(text.length).toBeLessThan(ANSWER_BYTES);
    },
    LIMIT_MS + 10_000,
  );

  it('batch status and reports answer', async () => {
    const ids = ['large', ...BESIDES, 'nobody', 'nobody-else'];
    const batch = await bounded(LIMIT_MS, () => call('POST', '/executions/batch-status', { execution_ids: ids }));
    expect([batch.status, batch.body.large.revision, batch.body[BESIDES[0]!].status]).toEqual([
      200,
      HEAD + 1,
      'running',
    ]);
    const said = await bounded(LIMIT_MS, () => call('POST', '/executions/large/progress', { message: 'short' }));
    expect([said.status, said.body.verdict]).toEqual([200, 'applied']);
  }, 60_000);

  it('whoever follows the changes is sent its frames in short', async () => {
    const following = await followStream(await program.url, '?after=0');
    await following.until((sent) => sent.some(({ data }) => data?.execution_id === 'large'));
    following.stop();
  }, 60_000);

  it('a patrol goes on to the rows beside it', async () => {
    const store = createPostgresEventStore({ connectionString: database() });
    await sql(`update ledger.execution_status set target = 'drifted' where execution_id = 'z-beside'`);
    const drifted: string[] = [];
    const failed: string[] = [];
    const patrol = new DriftMonitor({
      projections: [executionStatus],
      store,
      connect: () => connectForOperations(database(), 'patrol'),
      everyMs: 1,
      rows: 1,
      share: 1,
      listener: {
        checked: () => undefined,
        drifted: (_name, { executionId }) => drifted.push(executionId),
        logHeld: () => undefined,
        failed: (error) => failed.push(String(error)),
      },
    });
    // The program's own leads: another takes its place when its session ends.
    await sql(`select pg_terminate_backend(pid) from pg_stat_activity where application_name like '%patrol%'`);
    const before = heldBytes();
    let most = before;
    patrol.start();
    await eventually(
      async () => {
        await pause(500); // a collection takes time from what is looked at
        most = Math.max(most, heldBytes());
      },
      () => drifted.length > 0,
    );
    expect(most - before).toBeLessThan(64 * MIB);
    await patrol.stop();
    await store.close();
    expect([drifted[0], failed]).toEqual(['z-beside', []]);
  }, 90_000);
});
