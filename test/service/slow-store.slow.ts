import { afterEach, describe, expect, it } from '@jest/globals';
import { BulkPace } from '../../src/http/bulk-pace.js';
import { lines } from '../http/suite/http.js';
import { startEventStoreDbDouble } from '../eventstoredb-server/index.js';
import { startOnEventStoreDb } from '../support/ledger/eventstoredb-ledger.js';
import { startTestLedger, type TestLedger } from '../support/ledger/ledger.js';
import { withClient } from '../support/store/postgres.js';

/** A ledger on a store that writes slowly, and how often it wrote. */
interface Slow {
  readonly ledger: TestLedger;
  written(): Promise<number>;
}

/** How long each write takes, after the one before or beside all others. */
interface Pace {
  readonly ms: number;
  readonly oneByOne: boolean;
}

const REPORTS = 3_000;
/** A body has 30 s, which a test need not wait for. */
const LIMIT_MS = 8_000;

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
}, 60_000);

/** With the store's own time-outs: what is given too much runs into them. */
async function onEventStoreDb({ ms, oneByOne }: Pace): Promise<Slow> {
  const double = await startEventStoreDbDouble();
  opened.push(() => double.stop());
  const ledger = await startOnEventStoreDb(double.url, { PROJECTOR: 'off' }, {});
  opened.push(() => ledger.close());
  double.slowDown(ms, oneByOne);
  return { ledger, written: async () => double.calls.batchAppend };
}

/** Each row takes its time, or each statement, in which all of a batch are written. */
async function onPostgres({ ms, oneByOne }: Pace): Promise<Slow> {
  const ledger = await startTestLedger({ PROJECTOR: 'off' });
  opened.push(() => ledger.close());
  const ask = (text: string) => withClient(ledger.database.connectionString, (client) => client.query(text));
  await ask(`
    create function ledger.take_time() returns trigger language plpgsql as
      $$ begin perform pg_sleep(${ms / 1_000}); return null; end $$;
    create trigger slow after insert on ledger.events for each ${oneByOne ? 'row' : 'statement'} execute function ledger.take_time()`);
  return {
    ledger,
    written: async () => Number((await ask('select count(*) as events from ledger.events')).rows[0].events),
  };
}

/** Every fifth is of an execution that others of the body are of as well. */
const body = Array.from({ length: REPORTS }, (_, n) =>
  JSON.stringify({ execution_id: n % 5 === 0 ? `shared-${n % 200}` : `own-${n}`, message: `m${n}`, event_id: `e${n}` }),
);

async function send({ ledger }: Slow, from: number) {
  const text = body.slice(from).join('\n');
  const answer = await ledger.call('POST', '/reports', text, { 'content-type': 'application/x-ndjson' });
  expect(answer.status).toBe(200);
  const receipts = lines(answer.text);
  expect(receipts.map(({ line }) => line)).toEqual(Array.from({ length: REPORTS - from }, (_, n) => n + 1));
  const indexOr = (index: number): number => (index < 0 ? receipts.length : index);
  const applied = indexOr(receipts.findIndex((receipt) => !receipt.applied));
  const begun = indexOr(receipts.findIndex(({ next_line }) => next_line !== undefined));
  const replayed = receipts.filter((receipt) => receipt.replayed).length;
  // What was not begun is the end of the body, and each of its lines says where that begins: nothing was tried in vain.
  const untold = { verdict: 'unavailable', applied: false, error: expect.any(String) };
  expect(receipts.slice(begun)).toEqual(
    Array.from({ length: receipts.length - begun }, (_, n) => ({
      ...untold,
      line: begun + n + 1,
      next_line: begun + 1,
    })),
  );
  return { applied, begun, replayed };
}

/** Goes on from the line that is told until all is applied; answers how often. */
async function sendRest(slow: Slow, from: number): Promise<number> {
  let times = 0;
  for (; from < REPORTS; times++) {
    const next = await send(slow, from);
    expect(next).toEqual({ applied: next.begun, begun: next.begun, replayed: 0 });
    expect(next.begun).toBeGreaterThan(0);
    from += next.begun;
  }
  return times;
}

async function started(start: (pace: Pace) => Promise<Slow>, pace: Pace): Promise<Slow> {
  const slow = await start(pace);
  Object.assign(slow.ledger.ledger.app.get(BulkPace), { limitMs: LIMIT_MS });
  return slow;
}

describe.each([
  ['EventStoreDB', onEventStoreDb],
  ['PostgreSQL', onPostgres],
])('on %s that writes slowly', (_name, start) => {
  it('a large body is worked off from its beginning, goes further whenever it is sent again, and goes on from the line that is told', async () => {
    const slow = await started(start, { ms: 1_000 / 120, oneByOne: true });
    const first = await send(slow, 0);
    expect(first.begun).toBe(first.applied);
    expect(first.begun).toBeGreaterThan(REPORTS / 10);
    expect(first.begun).toBeLessThan(REPORTS);

    const written = await slow.written();
    const again = await send(slow, 0);
    expect(again.begun).toBeGreaterThan(first.begun);
    expect(again.replayed).toBe(first.begun);
    // A replay writes nothing.
    const wrote = (await slow.written()) - written;
    expect(wrote / (again.begun - first.begun)).toBeLessThanOrEqual((1.1 * written) / first.begun);

    await sendRest(slow, again.begun);
  }, 280_000);

  it.each([100, 500, 1_000])(
    'and takes %d ms for each write, for many at once as well, all of a large body is applied after a few times',
    async (ms) => {
      const slow = await started(start, { ms, oneByOne: false });
      const first = await send(slow, 0);
      expect(first.begun).toBe(first.applied);
      const again = await send(slow, 0);
      expect(again.begun).toBe(again.applied);
      expect(again.begun).toBeGreaterThanOrEqual(Math.min(first.begun + 1, REPORTS));
      expect(await sendRest(slow, again.begun)).toBeLessThan(25);
    },
    560_000,
  );

  it.each([100, 500, 2_000])(
    'and takes %d ms for each write, one after another, a large body goes further whenever it is sent again',
    async (ms) => {
      const slow = await started(start, { ms, oneByOne: true });
      let before = { begun: 0 };
      for (let times = 0; times < 3; times++) {
        const { applied, begun, replayed } = await send(slow, 0);
        expect({ begun, replayed }).toEqual({ begun: applied, replayed: before.begun });
        expect(begun).toBeGreaterThan(before.begun);
        before = { begun };
      }
    },
    280_000,
  );
});
