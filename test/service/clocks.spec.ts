import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fresh } from '../http/suite/http.js';
import { eventually } from '../support/eventually.js';
import { startTestLedger, type TestLedger } from '../support/ledger/ledger.js';
import { withClient } from '../support/store/postgres.js';

const HOUR = 3_600_000;
interface Ready {
  readonly clock: { readonly offset_ms: number; readonly stamp_ahead?: { readonly ahead_ms: number } };
}
const readyOf = async ({ url }: TestLedger) => (await (await fetch(`${url}/health/ready`)).json()) as Ready;

/** Where the machine that runs the tests is slow, answers are late, and what they leave open is as much. */
const SLACK = 5_000;
const env = { RESUME_STALE_AFTER: '1m' };

describe.each([
  ['ahead', HOUR],
  ['behind', -HOUR],
])('a process whose clock is an hour %s', (_, offMs) => {
  let odd: TestLedger;
  let right: TestLedger;
  beforeAll(async () => {
    odd = await startTestLedger(env, undefined, { ownClock: () => Date.now() + offMs }); // it projects, and times out
    right = await startTestLedger({ ...env, PROJECTOR: 'off' }, odd.database);
  }, 30_000);
  afterAll(async () => {
    await right.close();
    await odd.close();
  }, 30_000);

  const report = (to: TestLedger, execution_id: string, more: object = {}) =>
    to.call('POST', '/workflow/executions/events', { execution_id, status: 'running', ...more });

  it('takes over nothing that has just reported', async () => {
    const id = fresh();
    await report(right, id);
    const resumed = await odd.call('POST', `/executions/${id}/resume`, {});
    expect([resumed.status, resumed.body.verdict]).toEqual([409, 'not_resumable']);
    expect((await odd.call('GET', `/executions/${id}`)).body).toMatchObject({ attempt: 1, stale: false });
  });

  it('times out what is due, and nothing else', async () => {
    const [open, due] = [fresh('open'), fresh('due')];
    await right.call('POST', '/executions', { execution_id: open, timeout_ms: 120_000 });
    await right.call('POST', '/executions', { execution_id: due, timeout_ms: 300 });
    const show = async (id: string) => (await right.call('GET', `/executions/${id}`)).body;
    await eventually(
      () => show(due),
      ({ status }) => status === 'timeout',
    );
    expect(await show(open)).toMatchObject({ status: 'pending' });
  });

  it('stamps as the others do, and says how far it is off', async () => {
    const id = fresh();
    await report(odd, id);
    const [{ recorded_at }] = (await odd.call('GET', `/executions/${id}/events`)).body.events;
    expect(Math.abs(Date.parse(recorded_at) - Date.now())).toBeLessThan(SLACK);
    const ready = await readyOf(odd);
    expect(Math.abs(ready.clock.offset_ms + offMs)).toBeLessThan(SLACK);
    const metrics = await (await fetch(`${odd.url}/metrics`)).text();
    const [, measured] = /^ledger_clock_offset_ms (\S+)$/m.exec(metrics)!;
    expect(Math.abs(Number(measured) + offMs)).toBeLessThan(SLACK);
  });
});

describe('an event that a clock which jumped has stamped far ahead', () => {
  let ledger: TestLedger;
  beforeAll(async () => {
    ledger = await startTestLedger();
  }, 30_000);
  afterAll(() => ledger.close(), 30_000);

  /** The last event of the log, as if its append had come while the database's clock was ahead. */
  const jump = (ms: number) =>
    withClient(ledger.database.connectionString, (client) =>
      client.query(
        `update ledger.events set recorded_at = clock_timestamp() + $1 * interval '1 ms'
          where position = (select max(position) from ledger.events)`,
        [ms],
      ),
    );
  const say = async (id: string, message: string): Promise<string> => {
    await ledger.call('POST', `/executions/${id}/progress`, { message });
    const { events } = (await ledger.call('GET', `/executions/${id}/events`)).body;
    return events.at(-1).recorded_at;
  };

  /** Until the projection has passed what jumped, its place is one that the log has otherwise: that is not ready. */
  const readyAgain = (holds: (ready: Ready) => boolean): Promise<Ready> =>
    eventually(
      () => readyOf(ledger),
      (ready) => ready.clock !== undefined && holds(ready),
    );

  it('is followed for five minutes, so that stamps do not run backwards', async () => {
    const id = fresh();
    await ledger.call('POST', '/executions', { execution_id: id });
    await jump(4 * 60_000);
    expect(Date.parse(await say(id, 'one'))).toBeGreaterThan(Date.now() + 3 * 60_000);
    const { clock } = await readyAgain(() => true);
    expect(clock.stamp_ahead).toBeUndefined();
    await jump(0);
  });

  it('is not followed beyond, which is said; what was there at a moment goes by revision', async () => {
    const id = fresh();
    await ledger.call('POST', '/executions', { execution_id: id });
    await jump(HOUR);
    expect(Math.abs(Date.parse(await say(id, 'one')) - Date.now())).toBeLessThan(SLACK);
    const last = await say(id, 'two');
    const ready = await readyAgain(({ clock }) => clock.stamp_ahead !== undefined);
    expect(Math.abs(ready.clock.stamp_ahead!.ahead_ms - HOUR)).toBeLessThan(SLACK);
    expect(await (await fetch(`${ledger.url}/metrics`)).text()).toMatch(/^ledger_stamps_ahead_total 1$/m);
    const then = (await ledger.call('GET', `/executions/${id}/state?at_time=${last}`)).body;
    expect([then.revision, then.message]).toEqual([2, 'two']);
    const before = await ledger.call('GET', `/executions/${id}/state?at_time=2020-01-01T00:00:00.000Z`);
    expect(before.status).toBe(404);
  });
});
