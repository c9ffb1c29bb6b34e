import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { executionStream } from '../../src/domain/stream.js';
import type { EventStore } from '../../src/event-store/event-store.js';
import { createPostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { expectProblem } from '../http/suite/http.js';
import { DAY } from '../support/domain/given.js';
import { freshId } from '../support/ledger/handling.js';
import { caller, type Answer } from '../support/ledger/ledger.js';
import { letTimePass, withClient } from '../support/store/postgres.js';
import { startProgram, type Program } from '../support/process/program.js';
import { startServer, type TestServer } from '../support/store/server.js';

/** The program, four times, on one database: each a process of its own, spoken to over HTTP. */
let server: TestServer;
let programs: Program[];
let store: EventStore;
let calls: ReturnType<typeof caller>[];
beforeAll(async () => {
  server = await startServer([]); // with fsync: the program takes no other
  // The first makes the tables, so that the others find them.
  programs = [startProgram({ DATABASE_URL: server.url('postgres') })];
  await programs[0]!.url;
  programs.push(...Array.from({ length: 3 }, () => startProgram({ DATABASE_URL: server.url('postgres') })));
  calls = (await Promise.all(programs.map(({ url }) => url))).map((url) => caller(url));
  store = createPostgresEventStore({ connectionString: server.url('postgres') });
}, 120_000);
afterAll(async () => {
  await store.close();
  for (const { child } of programs) child.kill('SIGKILL');
  await Promise.all(programs.map(({ end }) => end));
  await server.stop();
}, 30_000);

const of = (n: number) => calls[n % calls.length]!;
const times = <T>(count: number, ask: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => ask(n)));
const tell = (n: number, execution_id: string, more: object): Promise<Answer> =>
  of(n)('POST', '/workflow/executions/events', { execution_id, ...more });

interface Event {
  readonly revision: number;
  readonly type: string;
  readonly event_id: string;
  readonly data: { readonly message?: string };
}
/** The whole stream, as any of them shows it. */
async function history(id: string): Promise<Event[]> {
  const events: Event[] = [];
  for (;;) {
    const { body } = await of(0)('GET', `/executions/${id}/events?limit=1000&from_revision=${events.length}`);
    events.push(...body.events);
    if (body.events.length < 1_000) return events;
  }
}

it('64 writers on one stream, in four processes: every one gets its turn, in its order, and there is no hole', async () => {
  const [id, writers, each] = [freshId(), 64, 25];
  await tell(0, id, { status: 'running' });
  const statuses = await times(writers, async (n) => {
    const given: string[] = [];
    for (let k = 0; k < each; k++) {
      const { status, body } = await tell(n, id, { message: `${n}-${k}`, event_id: `e-${n}-${k}` });
      given.push(`${status} ${body.verdict}`);
    }
    return given;
  });
  expect(new Set(statuses.flat())).toEqual(new Set(['200 applied']));
  const events = await history(id);
  expect(events.map(({ revision }) => revision)).toEqual([...events.keys()]);
  const said = events.slice(2).map(({ event_id }) => event_id);
  expect(said).toHaveLength(writers * each);
  for (let n = 0; n < writers; n++) {
    const own = Array.from({ length: each }, (_, k) => `e-${n}-${k}`);
    expect(said.filter((one) => one.startsWith(`e-${n}-`))).toEqual(own);
  }
}, 120_000);

describe.each([
  ['failed', 'ExecutionFailed', { previous_status: 'failed', takeover: false }],
  ['running and silent for days', 'ExecutionStarted', { previous_status: 'running', takeover: true }],
])('resumes at once of what is %s, from four processes', (_what, type, won) => {
  /** Known to nobody but the log, or whoever remembers it would take it for heard of just now. */
  async function standing(): Promise<string> {
    const id = freshId();
    const event = { eventId: `e ${id}`, type, data: { attempt: 1 }, metadata: {} };
    await store.append({ stream: executionStream(id), events: [event], expectedRevision: 'no_stream' });
    await letTimePass(server.url('postgres'), 4 * DAY);
    return id;
  }

  it.each([2, 16, 200])(
    'of %i one wins; the others are told what beat them, and wrote nothing; the winner’s id finds its receipt anywhere',
    async (count) => {
      const id = await standing();
      const resume = (n: number, command: number) =>
        of(n)('POST', `/executions/${id}/resume`, { command_id: `r${command}` });
      const answers = await times(count, (n) => resume(n, n));
      const winner = answers.findIndex(({ status }) => status === 200);
      expect(answers[winner]!.body).toMatchObject({ ...won, verdict: 'applied', attempt: 2, report_as: `${id}~2` });
      for (const lost of answers.filter((_, n) => n !== winner)) {
        const { current } = expectProblem(lost, 409, 'not_resumable');
        expect(current).toMatchObject({ status: 'running', attempt: 2, revision: 1 });
      }
      expect((await history(id)).map(({ event_id }) => event_id)).toEqual([`e ${id}`, `r${winner}`]);
      expect((await of(0)('GET', `/executions/${id}/refused`)).body.events).toEqual([]);
      for (let n = 0; n < 4; n++) {
        expect((await resume(n, winner)).body).toEqual({ ...answers[winner]!.body, replayed: true });
      }
    },
    60_000,
  );
});

it('the process that times out is killed while much is due: another goes on, and each is timed out once', async () => {
  const [count, run_id] = [2_000, freshId()];
  const timedOut = async (n: number): Promise<number> => {
    const { text } = await of(n)('GET', '//metrics');
    return Number(/^ledger_timed_out_total (\d+)$/m.exec(text)?.[1] ?? 0);
  };
  const due = Array.from({ length: count }, (_, n) => `${run_id}-${n}`);
  const deadline = new Date(Date.now() + 20_000).toISOString();
  for (let n = 0; n < count; n += 50) {
    const together = due.slice(n, n + 50);
    await Promise.all(
      together.map((execution_id) => of(n / 50)('POST', '/executions', { execution_id, run_id, deadline })),
    );
  }
  let leader = -1;
  while (leader < 0) leader = (await times(4, timedOut)).findIndex((some) => some > 0);
  programs[leader]!.child.kill('SIGKILL');
  await programs[leader]!.end;
  calls = calls.filter((_, n) => n !== leader);
  const COUNT = `select count(*)::int as all, count(distinct stream)::int as streams from ledger.events
    where type = 'ExecutionTimedOut'`;
  await withClient(server.url('postgres'), async (client) => {
    const counts = async () => (await client.query<{ all: number; streams: number }>(COUNT)).rows[0]!;
    expect((await counts()).all).toBeLessThan(count); // it was killed in the middle
    while ((await counts()).streams < count) await times(3, timedOut);
    expect(await counts()).toEqual({ all: count, streams: count });
  });
}, 120_000);
