import { afterEach, describe, expect, it } from '@jest/globals';
import { BulkPace } from '../../src/http/bulk-pace.js';
import { lines } from '../http/suite/http.js';
import { startEventStoreDbDouble } from '../support/eventstoredb/index.js';
import { startOnEventStoreDb } from '../support/eventstoredb-ledger.js';
import { startTestLedger, type TestLedger } from '../support/ledger.js';
import { withClient } from '../support/postgres.js';

/** A ledger on a store that writes slowly, and how often it wrote. */
interface Slow {
  readonly ledger: TestLedger;
  written(): Promise<number>;
}

const REPORTS = 3_000;
const PER_SECOND = 120;
/** A body has 30 s, which a test need not wait for. */
const LIMIT_MS = 8_000;

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
}, 60_000);

/** With the store's own time-outs: what is given too much runs into them. */
async function onEventStoreDb(): Promise<Slow> {
  const double = await startEventStoreDbDouble();
  opened.push(() => double.stop());
  const ledger = await startOnEventStoreDb(double.url, { PROJECTOR: 'off' }, {});
  opened.push(() => ledger.close());
  double.slowDown(PER_SECOND);
  return { ledger, written: async () => double.calls.batchAppend };
}

/** Each row takes its time, as on a slow disk. */
async function onPostgres(): Promise<Slow> {
  const ledger = await startTestLedger({ PROJECTOR: 'off' });
  opened.push(() => ledger.close());
  const ask = (text: string) => withClient(ledger.database.connectionString, (client) => client.query(text));
  await ask(`
    create function ledger.take_time() returns trigger language plpgsql as
      $$ begin perform pg_sleep(${1 / PER_SECOND}); return null; end $$;
    create trigger slow after insert on ledger.events for each row execute function ledger.take_time()`);
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
  const end = receipts.findIndex(({ applied }) => !applied);
  const begun = end < 0 ? receipts.length : end;
  const replayed = receipts.filter((receipt) => receipt.replayed).length;
  // What was not begun is the end of the body, and each of its lines says where that begins: nothing was tried in vain.
  const untold = { verdict: 'unavailable', applied: false, error: expect.stringMatching(/^not begun/) };
  expect(receipts.slice(begun)).toEqual(
    Array.from({ length: receipts.length - begun }, (_, n) => ({
      ...untold,
      line: begun + n + 1,
      next_line: begun + 1,
    })),
  );
  return { begun, replayed };
}

describe.each([
  ['EventStoreDB', onEventStoreDb],
  ['PostgreSQL', onPostgres],
])('on %s that writes slowly', (_name, start) => {
  it('a large body is worked off from its beginning, goes further whenever it is sent again, and goes on from the line that is told', async () => {
    const slow = await start();
    Object.assign(slow.ledger.ledger.app.get(BulkPace), { limitMs: LIMIT_MS });
    const first = await send(slow, 0);
    expect(first.begun).toBeGreaterThan(REPORTS / 10);
    expect(first.begun).toBeLessThan(REPORTS);

    const written = await slow.written();
    const again = await send(slow, 0);
    expect(again.begun).toBeGreaterThan(first.begun);
    expect(again.replayed).toBe(first.begun);
    // A replay writes nothing.
    const wrote = (await slow.written()) - written;
    expect(wrote / (again.begun - first.begun)).toBeLessThanOrEqual((1.1 * written) / first.begun);

    let from = again.begun;
    while (from < REPORTS) {
      const next = await send(slow, from);
      expect(next).toEqual({ begun: expect.any(Number), replayed: 0 });
      expect(next.begun).toBeGreaterThan(0);
      from += next.begun;
    }
  }, 280_000);
});
