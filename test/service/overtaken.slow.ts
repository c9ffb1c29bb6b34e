import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MAX_ATTEMPTS } from '../../src/application/deciding/handle-execution.js';
import { executionStream } from '../../src/domain/stream.js';
import { expectProblem } from '../http/suite/http.js';
import { lockAppends, overtake } from '../support/ledger/append-lock.js';
import { DAY } from '../support/domain/given.js';
import { freshId } from '../support/ledger/handling.js';
import { startTestLedger, type Answer, type TestLedger } from '../support/ledger/ledger.js';
import { createTestDatabase, letTimePass, type TestDatabase } from '../support/store/postgres.js';

/** Two services on one database, each with its own memory and connections; neither projects, so that only what is asked appends. */
let database: TestDatabase;
let here: TestLedger;
let there: TestLedger;
beforeAll(async () => {
  database = await createTestDatabase();
  [here, there] = await Promise.all([
    startTestLedger({ PROJECTOR: 'off' }, database),
    startTestLedger({ PROJECTOR: 'off' }, database),
  ]);
}, 60_000);
afterAll(async () => {
  await Promise.all([here.close(), there.close()]);
  await database.drop();
}, 30_000);

const tell = ({ call }: TestLedger, execution_id: string, status: string, more: object = {}): Promise<Answer> =>
  call('POST', '/workflow/executions/events', { execution_id, status, ...more });
const typesOf = async (id: string): Promise<string[]> =>
  (await here.ledger.parts.store.readStream(executionStream(id))).map(({ type }) => type);

describe('a takeover of what has been silent for days, and a sign of life, both decided before either is written', () => {
  const beat = (id: string) => there.call('POST', `/executions/${id}/heartbeat`);
  const resume = (id: string) => here.call('POST', `/executions/${id}/resume`);

  /** Running, last heard of four days ago, and known to nobody but the log. */
  async function silent(): Promise<string> {
    const id = freshId();
    const started = { eventId: `started ${id}`, type: 'ExecutionStarted', data: { attempt: 1 }, metadata: {} };
    const append = { stream: executionStream(id), events: [started], expectedRevision: 'no_stream' as const };
    await here.ledger.parts.store.append(append);
    await letTimePass(database.connectionString, 4 * DAY);
    return id;
  }

  /** Asks one after the other while nobody can append, and lets them in the order they came. */
  async function inLine(first: () => Promise<Answer>, second: () => Promise<Answer>): Promise<[Answer, Answer]> {
    const lock = await lockAppends(database.connectionString);
    const one = first();
    await lock.waiting(1);
    const other = second();
    await lock.waiting(2);
    await lock.release();
    return Promise.all([one, other]);
  }

  it('the sign of life lands first: the resume is not_resumable, and opens nothing', async () => {
    const id = await silent();
    const [alive, lost] = await inLine(
      () => beat(id),
      () => resume(id),
    );
    expect(alive.body).toMatchObject({ verdict: 'applied', current: { status: 'running', attempt: 1 } });
    expect(expectProblem(lost, 409, 'not_resumable').current).toMatchObject({ status: 'running', attempt: 1 });
    expect(await typesOf(id)).toEqual(['ExecutionStarted', 'HeartbeatRecorded']);
  }, 20_000);

  it('the takeover lands first: the worker is told to stop, and its sign of life refreshes nothing', async () => {
    const id = await silent();
    const [won, late] = await inLine(
      () => resume(id),
      () => beat(id),
    );
    expect(won.body).toMatchObject({ applied: true, takeover: true, attempt: 2 });
    expect(late.body).toMatchObject({ verdict: 'fenced', applied: false, current: { attempt: 2 } });
    expect(await typesOf(id)).toEqual(['ExecutionStarted', 'ExecutionResumed']);
  }, 20_000);
});

describe('what one service remembers, and another has changed since', () => {
  const command = ({ call }: TestLedger, id: string, name: string) => call('POST', `/executions/${id}/${name}`);
  const report = (id: string, status: string) => here.call('POST', `/executions/${id}/status`, { status });

  it.each<[string, string, string, (id: string) => Promise<Answer>]>([
    ['an attempt just opened is known', 'failed', 'resume', (id) => report(`${id}~2`, 'running')],
    ['what was continued accepts its outcome', 'paused', 'resume', (id) => report(id, 'succeeded')],
    ['what was paused can be resumed', 'running', 'pause', (id) => command(here, id, 'resume')],
  ])(
    '%s: nothing is refused on what is remembered',
    async (_what, remembered, since, asked) => {
      const id = freshId();
      await tell(here, id, remembered);
      expect((await command(there, id, since)).body).toMatchObject({ applied: true });
      expect(await asked(id)).toMatchObject({ status: 200, body: { verdict: 'applied' } });
    },
    20_000,
  );

  it('an execution that was not found is, once another has registered it', async () => {
    const execution_id = freshId();
    expectProblem(await command(here, execution_id, 'dispatch'), 404, 'not_found');
    expect((await there.call('POST', '/executions', { execution_id })).status).toBe(201);
    expect((await command(here, execution_id, 'dispatch')).body).toMatchObject({ applied: true });
  });
});

describe('a request that others come before, every time', () => {
  const outcome = { status: 'succeeded', progress: 100, result: { a: 1 }, event_id: 'e' };
  const say = (id: string) => here.call('POST', `/executions/${id}/status`, outcome);
  const overtaken = (id: string, times: number) =>
    overtake(database.connectionString, executionStream(id), times, () => say(id));

  it('is told to come back after a bounded number of times, and nothing of it stands; then it is applied, once', async () => {
    const id = freshId();
    await tell(here, id, 'running');
    const refused = await overtaken(id, MAX_ATTEMPTS);
    expectProblem(refused, 503, 'overloaded');
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    const others = Array<string>(MAX_ATTEMPTS).fill('ExecutionProgressed');
    expect(await typesOf(id)).toEqual(['ExecutionRegistered', 'ExecutionStarted', ...others]);
    const again = await say(id);
    expect(again).toMatchObject({ status: 200, body: { verdict: 'applied', status: 'succeeded' } });
    expect(again.body).not.toHaveProperty('replayed');
    expect((await typesOf(id)).slice(-2)).toEqual(['ExecutionProgressed', 'ExecutionSucceeded']);
    expect(await there.ledger.parts.store.readStream(`refused-${id}`)).toEqual([]);
  }, 30_000);

  it('one time less, and it is applied', async () => {
    const id = freshId();
    await tell(here, id, 'running');
    const { body } = await overtaken(id, MAX_ATTEMPTS - 1);
    expect(body).toMatchObject({ verdict: 'applied', revision: MAX_ATTEMPTS + 2 });
  }, 30_000);
});
