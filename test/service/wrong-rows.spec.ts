import { beforeAll, describe, expect, it } from '@jest/globals';
import { executionStatus } from '../../projections/execution-status.js';
import { executionStream } from '../../src/domain/stream.js';
import { became, fact, type Fact } from '../support/domain/given.js';
import { eventually } from '../support/eventually.js';
import { usingLedger } from '../support/ledger/ledger.js';
import { withClient } from '../support/store/postgres.js';
import { asWritten } from '../support/projection/projection.js';

const ledger = usingLedger();
const sql = (text: string, ...values: unknown[]) =>
  withClient(ledger.database.connectionString, async (client) => (await client.query(text, values)).rows);

/** Straight to the store, so that the process has folded nothing of it; then waits until its row stands. */
async function given(id: string, ...facts: Fact[]): Promise<void> {
  const events = facts.map(asWritten);
  const { store } = ledger.ledger.parts;
  const outcome = await store.append({ stream: executionStream(id), events, expectedRevision: 'no_stream' });
  const { position } = outcome as { position: bigint };
  expect((await ledger.call('GET', `/executions/${id}?wait_for=${position}&wait_ms=15000`)).status).toBe(200);
}

/** Longer than what is read of a stream without looking for something to go on from. */
const MANY = Array.from({ length: 300 }, () => fact('ExecutionProgressed', { attempt: 2, message: 'at it' }));
/** The second attempt of an execution, which runs. */
const SECOND = [
  fact('ExecutionRegistered'),
  became('running', 'worker'),
  became('failed', 'worker'),
  fact('ExecutionResumed', { attempt: 2 }, { by: 'operator' }),
  ...MANY,
];

const change = (columns: string) => (id: string) =>
  sql(`update ledger.execution_status set ${columns} where execution_id = $1`, id);
const state = (changes: string) => change(`state = (state::jsonb || '${changes}'::jsonb)::text`);

/** What a row can be that is not the fold of its stream. */
const WRONG: readonly [string, (id: string) => Promise<unknown>][] = [
  ['of the attempt before', state('{"attempt": 1, "worker_ran": true, "dispatched": true}')],
  ['open where nobody runs', state('{"status": "queued", "attempt": 1}')],
  ['sealed', state('{"status": "succeeded", "authority": "worker", "completed_at": "2026-01-01T00:00:00.000Z"}')],
  ['cancelled', state('{"status": "cancelled", "authority": "operator", "completed_at": "2026-01-01T00:00:00.000Z"}')],
  ['of workers without a number', state('{"unnumbered": true}')],
  ['ahead of its stream', change('revision = revision + 100')],
  [
    'behind its stream, and of another attempt',
    change(`revision = 2, state = (state::jsonb || '{"attempt": 1}')::text`),
  ],
  ['of nothing', change(`state = '{}'`)],
];

describe.each(WRONG)('a row that is %s', (kind, plant) => {
  const id = `wrong-${WRONG.findIndex(([name]) => name === kind)}`;
  beforeAll(async () => {
    await given(id, ...SECOND);
    await plant(id);
  }, 20_000);

  it('ends no attempt for a zombie, and keeps no worker from ending its own', async () => {
    const zombie = await ledger.call('POST', `/executions/${id}~1/status`, { status: 'succeeded' });
    expect([zombie.status, zombie.body.verdict, zombie.body.current?.attempt]).toEqual([409, 'fenced', 2]);
    const worker = await ledger.call('POST', `/executions/${id}~2/status`, { status: 'succeeded', result: 'done' });
    expect([worker.status, worker.body.verdict, worker.body.attempt]).toEqual([200, 'applied', 2]);
  });
});

it('a row that is wrong about what is due times nothing out', async () => {
  const past = new Date(Date.now() - 60_000).toISOString();
  await given('waits', fact('ExecutionRegistered', { timeout_ms: 3_600_000 }), became('waiting', 'worker'));
  await sql(
    `update ledger.execution_status set due_at = ($2::text)::timestamptz, status = 'running',
            state = ((state::jsonb - 'standing_since') || jsonb_build_object('status', 'running', 'deadline', $2::text))::text
      where execution_id = $1`,
    'waits',
    past,
  );
  // Later due, and asked for after it.
  await given('late', fact('ExecutionRegistered', { deadline: new Date(Date.now() - 1_000).toISOString() }));
  const read = async (id: string) => (await ledger.call('GET', `/executions/${id}/events`)).body;
  await eventually(
    () => read('late'),
    ({ final }) => final,
  );
  expect((await read('waits')).events.map(({ type }: { type: string }) => type)).toEqual([
    'ExecutionRegistered',
    'ExecutionWaiting',
  ]);
});

it('no state is read on from the rows of another program’s version', async () => {
  await given('theirs', ...SECOND);
  await state('{"attempt": 7, "worker": "theirs"}')('theirs');
  const fold = (version: number) =>
    sql(
      `update ledger.checkpoints set fold_version = $1 where projection = $2 and live`,
      version,
      executionStatus.name,
    );
  await fold(executionStatus.version + 1);
  try {
    const { body } = await ledger.call('GET', '/executions/theirs');
    expect([body.attempt, body.status, body.worker]).toEqual([2, 'running', undefined]);
    const ids = ['theirs', ...WRONG.slice(0, 4).map((_, n) => `wrong-${n}`)];
    const batch = await ledger.call('POST', '/executions/batch-status', { execution_ids: ids });
    expect(batch.body.theirs.attempt).toBe(2);
  } finally {
    await fold(executionStatus.version);
  }
});
