import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fact } from '../support/given.js';
import { eventually } from '../http/suite/http.js';
import { startTestLedger, type TestLedger } from '../support/ledger.js';
import { withClient } from '../support/postgres.js';
import { asWritten, connectTo } from '../support/projection.js';
import { executionStatus } from '../../projections/execution-status.js';
import { Patrol } from '../../src/projector/patrol.js';
import { executionStream } from '../../src/domain/stream.js';

/** A stream of a gigabyte: so many events of a megabyte each. */
const EVENTS = 1_024;
const TEXT = 1_048_576;
/** Beside what the process has before: what the collector has not got to, and by far not the whole stream. */
const MOST_MEMORY = 900 * 1024 * 1024;

let ledger: TestLedger;
const sql = (text: string, ...values: unknown[]) =>
  withClient(ledger.database.connectionString, async (client) => (await client.query(text, values)).rows);
const get = (path: string) => ledger.call('GET', path);

beforeAll(async () => {
  ledger = await startTestLedger();
  const { store } = ledger.ledger.parts;
  const begin = [fact('ExecutionRegistered'), fact('ExecutionStarted', { attempt: 1 })].map(asWritten);
  for (const id of ['a-beside', 'large', 'z-beside'])
    await store.append({ stream: executionStream(id), events: begin, expectedRevision: 'no_stream' });
  await sql(
    `insert into ledger.events (position, recorded_at, revision, stream, event_id, type, data, metadata)
     select 6 + n, clock_timestamp(), 1 + n, 'execution-large', 'large-' || n, 'ExecutionProgressed',
            json_build_object('attempt', 1, 'message', n || repeat('x', $1)), '{}'
       from generate_series(1, $2) n`,
    TEXT,
    EVENTS,
  );
  await eventually(
    () => get('/executions/large?wait_for=' + (6 + EVENTS) + '&wait_ms=30000'),
    ({ status }) => status === 200,
  );
}, 300_000);
afterAll(() => ledger.close(), 60_000);

describe('of a stream of a gigabyte', () => {
  const head = EVENTS + 1;
  it.each([
    '/executions/large',
    '/executions/large/events?limit=1000',
    `/executions/large/events?from_revision=${head - 3}&limit=1000`,
    '/executions/large/refused',
    `/executions/large/state?at_revision=${head}`,
    '/executions/large/state?at_revision=3',
    '/executions/large/state?at_time=2999-01-01T00:00:00.000Z',
    '/executions/large/tree',
    '/executions?limit=500',
    '/events?limit=1000',
    '/events?after=500&limit=1000',
  ])(
    'GET %s answers, in pages that the process can hold',
    async (path) => {
      const before = process.memoryUsage.rss();
      const { status, text } = await get(path);
      expect([path, status]).toEqual([path, 200]);
      expect(text.length).toBeLessThan(16 * 1024 * 1024);
      expect(process.memoryUsage.rss() - before).toBeLessThan(MOST_MEMORY);
    },
    120_000,
  );

  it('batch status answers', async () => {
    const ids = ['large', 'a-beside', 'z-beside', 'nobody', 'nobody-else'];
    const { status, body } = await ledger.call('POST', '/executions/batch-status', { execution_ids: ids });
    expect([status, body.large.revision, body['a-beside'].status]).toEqual([200, head, 'running']);
  }, 120_000);

  it('reports and commands are decided, the first of a process that never saw it too', async () => {
    const report = await ledger.call('POST', '/executions/large/progress', { message: 'short' });
    expect([report.status, report.body.verdict]).toEqual([200, 'applied']);
    const cancelled = await ledger.call('POST', '/executions/large/cancel', {});
    expect([cancelled.status, cancelled.body.cancelled]).toEqual([200, true]);
  }, 120_000);

  it('a patrol goes on to the rows beside it', async () => {
    await sql(`update ledger.execution_status set target = 'drifted' where execution_id = 'z-beside'`);
    const drifted: string[] = [];
    const failed: string[] = [];
    const patrol = new Patrol({
      projections: [executionStatus],
      store: ledger.ledger.parts.store,
      connect: () => connectTo(ledger.database.connectionString),
      everyMs: 1,
      rows: 1,
      share: 1,
      watch: {
        looked: () => undefined,
        drifted: (_name, { executionId }) => drifted.push(executionId),
        failed: (error) => failed.push(String(error)),
      },
    });
    // The server's own leads: another takes its place when its session ends.
    await sql(`select pg_terminate_backend(pid) from pg_stat_activity where application_name like '%patrol%'`);
    patrol.start();
    await eventually(
      async () => drifted,
      (found) => found.length > 0,
    );
    await patrol.stop();
    expect([drifted[0], failed]).toEqual(['z-beside', []]);
  }, 120_000);
});
