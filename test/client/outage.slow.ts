import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FileOutbox } from '../../src/client/file-outbox.js';
import { connect, Ledger, LedgerRequired, type LedgerOptions } from '../../src/client/index.js';
import { ended, forkScript } from '../support/process/fork.js';
import { startTestLedger, type TestLedger } from '../support/ledger/ledger.js';
import { createTestDatabase, type TestDatabase } from '../support/store/postgres.js';
import { startProxy } from '../support/store/proxy.js';
import { freePort } from '../support/store/server.js';

const QUICK = { limit: 1, maxDelayMs: 20, timeoutMs: 5_000 };
let database: TestDatabase;
let port: number;
let up: TestLedger | undefined;

const start = async (): Promise<TestLedger> => (up = await startTestLedger({ PORT: String(port) }, database));
const stop = async (): Promise<void> => {
  await up?.close();
  up = undefined;
};
const reporting = (options: LedgerOptions = {}, at = `http://127.0.0.1:${port}`): Ledger =>
  new Ledger(connect({ url: at, retry: QUICK }), { restMs: 50, ...options });
/** Until nothing is left to deliver. */
const delivered = async (ledger: Ledger): Promise<void> => {
  while ((await ledger.flush()) > 0) await new Promise((resolve) => setTimeout(resolve, 50));
};
const typesOf = async (id: string): Promise<string[]> => {
  const { body } = await up!.call('GET', `/executions/${id}/events`);
  return body.events.map(({ type }: { type: string }) => type.replace('Execution', ''));
};
const WHOLE = ['Registered', 'Dispatched', 'Started', 'Progressed', 'Succeeded'];

beforeAll(async () => {
  database = await createTestDatabase();
  port = await freePort();
}, 60_000);
afterEach(stop);
afterAll(() => database.drop());

describe('a ledger that is down', () => {
  it.each(['before', 'during', 'after'])(
    '%s the work stops no work, and is told all of it, in order, once it is back',
    async (when) => {
      if (when !== 'before') await start();
      const [ledger, troubles] = [reporting({ onTrouble: (error) => troubles.push(error) }), [] as unknown[]];
      const id = `down-${when}`;
      const ran = await ledger.run({ id, target: 't', patienceMs: 200 }, async (execution) => {
        if (when === 'during') await stop();
        execution.progress(50);
        if (when === 'after') await delivered(ledger);
        await stop();
        return 42;
      });
      expect(ran).toMatchObject({ value: 42, ending: { status: 'succeeded', won: undefined } });
      expect(troubles.length).toBeGreaterThan(0);
      await start();
      await delivered(ledger);
      expect(await typesOf(id)).toEqual(WHOLE);
      await ledger.close();
    },
    60_000,
  );

  it('is told nothing later of work that was not begun without its word', async () => {
    const ledger = reporting();
    const refused = ledger.run({ id: 'unclaimed', target: 't', required: true, patienceMs: 200 }, () => 1);
    await expect(refused).rejects.toBeInstanceOf(LedgerRequired);
    await start();
    await delivered(ledger);
    expect((await up!.call('GET', '/executions/unclaimed')).status).toBe(404);
    await ledger.close();
  }, 60_000);

  it('keeps no program from ending that is done', async () => {
    const { code } = await ended(forkScript('telling', `http://127.0.0.1:${port}`, 'in memory'));
    expect(code).toBe(0);
  }, 60_000);
});

describe('an answer that is lost', () => {
  it.each([
    ['a registration', '"timeout_ms"'],
    ['a dispatch', '"handle"'],
    ['an outcome', '"status":"succeeded"'],
  ])(
    'to %s is asked for again, and written once',
    async (what, said) => {
      await start();
      const proxy = await startProxy(port);
      let requests = 0;
      const counted: typeof fetch = (...asked) => (requests++, fetch(...asked));
      const url = proxy.through(`http://127.0.0.1:${port}`);
      const ledger = new Ledger(connect({ url, retry: QUICK, fetch: counted }));
      const id = what.replace(' ', '-');
      proxy.cutNext('after', 'accept', said);
      const options = { id, target: 't', timeoutMs: 60_000, handle: 'pod-1' };
      const { ending } = await ledger.run(options, (execution) => execution.progress(1));
      expect(ending).toMatchObject({ won: true, verdict: 'applied' });
      expect(await typesOf(id)).toEqual(WHOLE);
      expect(requests).toBe(WHOLE.length + 1);
      await ledger.close();
      await proxy.close();
    },
    60_000,
  );
});

describe('a ledger that is busy', () => {
  it('is left alone as long as it asks for, and told then', async () => {
    const own = await startTestLedger({ API_KEYS: 'ci:0123456789abcdef0123456789abcdef', QUOTA: 'ci:2' });
    const tries: { readonly at: number; readonly status: number; readonly after: number }[] = [];
    const watched: typeof fetch = async (...asked) => {
      const response = await fetch(...asked);
      tries.push({
        at: Date.now(),
        status: response.status,
        after: Number(response.headers.get('retry-after')) * 1_000,
      });
      return response;
    };
    const connection = connect({ url: own.url, key: '0123456789abcdef0123456789abcdef', fetch: watched });
    const ledger = new Ledger(connection);
    const { ending } = await ledger.run({ target: 't', patienceMs: 30_000 }, (execution) => {
      for (let percent = 1; percent <= 20; percent++) execution.progress(percent);
    });
    expect(ending.won).toBe(true);
    const refused = tries.flatMap(({ status, after, at }, index) =>
      status === 429 ? [{ after, waited: tries[index + 1]!.at - at }] : [],
    );
    expect(refused.length).toBeGreaterThan(0);
    for (const { after, waited } of refused) expect(waited).toBeGreaterThanOrEqual(Math.min(after, 10_000) - 50);
    await ledger.close();
    await own.close();
  }, 60_000);

  it('is told again what it could not decide, once its database is back', async () => {
    const proxy = await startProxy(Number(process.env['LEDGER_TEST_PORT']));
    const cut = { ...database, connectionString: proxy.through(database.connectionString) };
    const own = await startTestLedger(
      {},
      { ...cut, ...(database.servingUrl && { servingUrl: proxy.through(database.servingUrl) }) },
    );
    const ledger = reporting({}, own.url);
    proxy.accept(false);
    const { ending } = await ledger.run({ id: 'cut', target: 't', patienceMs: 500 }, (execution) =>
      execution.progress(1),
    );
    expect(ending.won).toBeUndefined();
    proxy.accept(true);
    await delivered(ledger);
    await start();
    expect(await typesOf('cut')).toEqual(WHOLE);
    await ledger.close();
    await own.close();
    await proxy.close();
  }, 60_000);
});

describe('kill -9 of a producer', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'outbox-'))));
  afterEach(() => rm(folder, { recursive: true }));

  it('loses nothing that it had told its outbox in a folder: the next process delivers it', async () => {
    const child = forkScript('telling', `http://127.0.0.1:${port}`, folder);
    await new Promise((resolve) => child.once('message', resolve));
    child.kill('SIGKILL');
    await ended(child);
    await start();
    const ledger = reporting({ outbox: await FileOutbox.open(folder) });
    await delivered(ledger);
    expect(await typesOf('killed')).toEqual(WHOLE.slice(0, 4));
    expect((await up!.call('GET', '/executions/killed')).body).toMatchObject({ status: 'running', progress: 7 });
    await ledger.close();
  }, 60_000);
});
