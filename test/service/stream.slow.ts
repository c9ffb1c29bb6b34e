import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { followStream, type Following } from '../support/ledger/event-stream.js';
import { caller, startTestLedger, type TestLedger } from '../support/ledger/ledger.js';
import { createTestDatabase, withClient, type TestDatabase } from '../support/store/postgres.js';
import { startProgram } from '../support/process/program.js';
import { startServer } from '../support/store/server.js';

let database: TestDatabase;
let ledger: TestLedger;
const open: Following[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  ledger = await startTestLedger({}, database);
}, 30_000);
afterEach(async () => {
  for (const one of open.splice(0)) one.stop();
  await ledger.close();
  await database.drop();
}, 30_000);

const follow = async (url = ledger.url, ...more: [string?, Record<string, string>?]): Promise<Following> => {
  const one = await followStream(url, ...more);
  open.push(one);
  return one;
};
/** A thousand callers, a hundred at a time. */
async function followAll(url: string, headers: (n: number) => Record<string, string>): Promise<Following[]> {
  const all: Following[] = [];
  while (all.length < 1_000)
    all.push(...(await Promise.all(Array.from({ length: 100 }, (_, n) => follow(url, '', headers(all.length + n))))));
  return all;
}
const report = async (execution_id: string, status: string, more: object = {}, call = ledger.call) =>
  (await call('POST', '/workflow/executions/events', { execution_id, status, ...more })).body.position as string;
const has = (id: string, status?: string) => (sent: Following['sent']) =>
  sent.some(({ data }) => data?.execution_id === id && (status === undefined || data.status === status));
/** How often the table is looked at for what changed. */
function countReads(): { count: number } {
  const { readModel } = ledger.ledger.parts;
  const reads = { count: 0 };
  const { changed } = readModel;
  readModel.changed = (...asked) => {
    reads.count++;
    return changed.apply(readModel, asked);
  };
  return reads;
}
const sessions = () =>
  withClient(database.connectionString, async (client) => {
    const text = `select application_name as name, count(*)::int as count from pg_stat_activity
      where datname = current_database() and application_name = 'execution-ledger waiters' group by 1`;
    return (await client.query<{ name: string; count: number }>(text)).rows;
  });

it('a thousand callers cost one: each sees every change, once, and one reads for all', async () => {
  const reads = countReads();
  const first = await follow();
  await report('warm', 'running');
  await first.until((sent) => has('warm')(sent as never));
  const before = await eventually(sessions, ({ length }) => length > 0); // it begins when somebody first waits
  for (let n = 0; n < 999; n += 100) await Promise.all(Array.from({ length: Math.min(100, 999 - n) }, () => follow()));
  reads.count = 0;
  const ids = Array.from({ length: 50 }, (_, n) => `x-${n}`);
  for (const id of ids) await report(id, 'running');
  for (const id of ids) await report(id, 'succeeded');
  await Promise.all(open.map((one) => one.until((sent) => ids.every((id) => has(id, 'succeeded')(sent as never)))));
  expect(reads.count).toBeLessThan(250); // at most one per page and look, not one per caller
  expect(await sessions()).toEqual(before);
  for (const { sent } of open) {
    const positions = sent.map(({ id }) => BigInt(id!));
    expect(positions.every((position, n) => n === 0 || position > positions[n - 1]!)).toBe(true);
  }
  const { text } = await ledger.call('GET', '//metrics');
  expect(text).toMatch(/^ledger_stream_subscribers 1000$/m);
}, 120_000);

it('a thousand callers who come back to one place are served from a few looks at the table', async () => {
  const missed = Array.from({ length: 700 }, (_, n) => ({ execution_id: `missed-${n}`, status: 'running' }));
  await ledger.call('POST', '/reports', missed);
  await ledger.call('GET', '/executions?limit=1&wait_for=1400');
  const reads = countReads();
  const all = await followAll(ledger.url, () => ({ 'last-event-id': '0' }));
  await Promise.all(all.map((one) => one.until((sent) => sent.length >= 700)));
  for (const { sent } of all) expect(new Set(sent.map(({ data }) => data.execution_id)).size).toBe(700);
  expect(reads.count).toBeLessThan(300);
}, 120_000);

it('one that does not keep up is let go with a reason, the others are not, and it misses nothing when it comes back', async () => {
  const [slow, quick] = [await follow(), await follow()];
  slow.response.pause();
  // As long as texts are shown, and six times as long as JSON.
  const long = '\u0001'.repeat(4_096);
  const texts = { message: long, worker: long, status_reason: long, target: long, workflow_id: long, kind: long };
  let n = 0;
  const over = async () =>
    (await ledger.call('GET', '//metrics')).text.includes('ledger_streams_ended_total{reason="slow"} 1');
  while (!(await over())) {
    const position = await report(`x-${n++}`, 'running', texts);
    await quick.until((sent) => sent.at(-1)?.id === position);
  }
  slow.response.resume();
  await slow.ended;
  expect(slow.sent.at(-1)).toEqual({
    event: 'closed',
    data: { reason: 'slow', detail: expect.stringContaining('come back with the last id') },
  });
  const again = await follow(ledger.url, '', { 'last-event-id': slow.lastId! });
  await again.until((sent) => has(`x-${n - 1}`)(sent as never));
  const seen = [...slow.sent.slice(0, -1), ...again.sent].map(({ data }) => data.execution_id);
  expect(seen).toEqual(Array.from({ length: n }, (_, i) => `x-${i}`));
  expect(seen).toEqual(quick.sent.map(({ data }) => data.execution_id));
}, 60_000);

it('is ended promptly, and with a reason, when the service stops', async () => {
  const all = await Promise.all(Array.from({ length: 20 }, () => follow()));
  await report('x', 'running');
  await Promise.all(all.map((one) => one.until((sent) => has('x')(sent as never))));
  all[0]!.response.pause();
  const at = performance.now();
  await ledger.ledger.close();
  expect(performance.now() - at).toBeLessThan(5_000);
  await Promise.all(all.slice(1).map(({ ended }) => ended));
  for (const { sent } of all.slice(1))
    expect(sent.at(-1)).toMatchObject({ event: 'closed', data: { reason: 'shutdown' } });
}, 30_000);

it('goes on through a database that goes away, and over a swap of the table', async () => {
  const one = await follow();
  await report('before', 'running');
  await one.until((sent) => has('before')(sent as never));
  await withClient(database.connectionString, (client) =>
    client.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
      and application_name in ('execution-ledger waiters', 'execution-ledger read model')`),
  );
  await eventually(
    () => ledger.call('POST', '/projections/execution-status/rebuild'),
    ({ status }) => status === 202,
  );
  await eventually(
    async () => (await ledger.call('GET', '/projections/execution-status')).body,
    ({ rebuild }) => rebuild?.state === 'swapped',
  );
  await report('after', 'running');
  await one.until((sent) => has('after')(sent as never));
  expect(one.sent.map(({ data }) => data.execution_id)).toEqual(['before', 'after']);
}, 60_000);

it('a thousand callers miss no change across a restart, however it came about', async () => {
  const server = await startServer([]); // with fsync: the program takes no other
  const env = { DATABASE_URL: server.url('postgres'), LOG_LEVEL: 'error' };
  try {
    const program = startProgram(env);
    const url = await program.url;
    const all = await followAll(url, () => ({}));
    await report('seen', 'running', {}, caller(url));
    await Promise.all(all.map((one) => one.until((sent) => has('seen')(sent as never))));
    program.child.kill('SIGKILL');
    await Promise.all([...all.map(({ ended }) => ended), program.end]);
    // Another process serves meanwhile; what it takes in, nobody follows.
    const other = startProgram({ ...env, PROJECTOR: 'off' });
    const missed = Array.from({ length: 700 }, (_, n) => ({
      execution_id: `missed-${n % 600}`,
      status: n < 600 ? 'running' : 'waiting',
    }));
    expect((await caller(await other.url)('POST', '/reports', missed)).status).toBe(200);
    const next = startProgram(env);
    const back = await followAll(await next.url, (n) => ({ 'last-event-id': all[n]!.lastId! }));
    await report('last', 'running', {}, caller(await next.url));
    const expected = [
      ...Array.from({ length: 600 }, (_, n) => `missed-${n} ${n < 100 ? 'waiting' : 'running'}`),
      'last running',
    ];
    await Promise.all(
      back.map(async (one) => {
        await one.until((sent) => has('last')(sent as never));
        const seen = new Map(one.sent.map(({ data }) => [data.execution_id, data.status]));
        expect([...seen].map(([id, status]) => `${id} ${status}`).sort()).toEqual(expected.sort());
      }),
    );
    for (const { child, end } of [other, next]) {
      child.kill('SIGTERM');
      expect(await end).toMatchObject({ code: 0 });
    }
  } finally {
    await server.stop();
  }
}, 180_000);
