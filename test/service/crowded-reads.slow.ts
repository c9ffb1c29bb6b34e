import { afterEach, expect, it } from '@jest/globals';
import { inNameOf } from '../../src/caller.js';
import { executionStream } from '../../src/domain/stream.js';
import { createPostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { idle } from '../support/ledger/handling.js';
import { usingLedger } from '../support/ledger/ledger.js';
import { goOn, stopSessions } from '../support/process/stopped.js';

const ledger = usingLedger();
const narrow = usingLedger({}, { readerConnections: 1, readersWaiting: 5 });
const PATIENCE_MS = 5_000;
/** Of each of the two queues, as the program has them. */
const [AT_ONCE, WAITING] = [6, 1_000];

afterEach(goOn);

const look = (): Promise<unknown> => ledger.ledger.parts.store.reads.readStream(executionStream('open'));
const show = (): Promise<unknown> => ledger.ledger.parts.readModel.find('open');
/** In the name of those who ask without a key: who comes in another would be let in. */
const times = <T>(count: number, use: () => Promise<T>): Promise<T>[] =>
  inNameOf('anonymous', () => Array.from({ length: count }, use));

/** Has every connection of those who only look stand still, as if what it reads took for ever. */
async function holdReaders(): Promise<void> {
  await Promise.all([...times(AT_ONCE, look), ...times(AT_ONCE, show)]); // all are connected now
  expect(await stopSessions(ledger.database, ['readers', 'read model'])).toBeGreaterThanOrEqual(2 * AT_ONCE);
}

const report = (execution_id: string, status: string) =>
  ledger.call('POST', '/workflow/executions/events', { execution_id, status });

/** The types of the events of an execution, as who decides reads them. */
const types = async (id: string): Promise<string[]> =>
  (await ledger.ledger.parts.store.readStream(executionStream(id))).map(({ type }) => type);

it('reads hold up no decision, and are refused first: at once where too many wait', async () => {
  await report('open', 'running');
  await report('paused', 'running');
  await ledger.call('POST', '/executions/paused/pause', {});
  await ledger.call('POST', '/executions', { execution_id: 'parent' });
  const child = await ledger.call('POST', '/executions', { execution_id: 'child', parent_execution_id: 'parent' });
  await ledger.call('GET', `/executions?wait_for=${child.headers.get('ledger-position')}`);
  await holdReaders();
  const held = [...times(AT_ONCE, look), ...times(AT_ONCE, show)];

  await ledger.call('POST', '/executions', { execution_id: 'due', timeout_ms: 1 });
  // Of a stream that this process has forgotten: it has to be read before anything is decided.
  ledger.ledger.parts.store.append({
    stream: executionStream('open'),
    events: [{ eventId: 'elsewhere', type: 'ExecutionProgressed', data: { attempt: 1 }, metadata: {} }],
    expectedRevision: 'any',
  });
  expect(await report('open', 'succeeded')).toMatchObject({ status: 200, body: { verdict: 'applied' } });
  expect(await ledger.call('POST', '/executions/paused/resume', {})).toMatchObject({
    status: 200,
    body: { verdict: 'applied', previous_status: 'paused', refused_while_paused: [] },
  });
  expect(await ledger.call('POST', '/executions/parent/cancel', { cascade: true })).toMatchObject({
    status: 200,
    body: { cancelled: true, children: [{ execution_id: 'child', cancelled: true }] },
  });
  expect(await ledger.call('GET', '/projections')).toMatchObject({ status: 200 });
  const end = performance.now() + PATIENCE_MS;
  while (!(await types('due')).includes('ExecutionTimedOut')) {
    expect(performance.now()).toBeLessThan(end);
    await idle();
  }

  // As many as may wait, for one queue after the other: they have five seconds.
  const refused = async (...paths: string[]): Promise<void> => {
    for (const path of paths) {
      const { status, headers, body } = await ledger.call('GET', path);
      expect({ path, status, body }).toMatchObject({ path, status: 503, body: { type: '/problems/overloaded' } });
      expect(headers.get('retry-after')).toBe('1');
    }
  };
  const looking = times(WAITING, () => ledger.ledger.parts.store.reads.head());
  await refused('/executions/open/events', '/executions/open/refused', '/events');
  goOn();
  await Promise.all([...held, ...looking]);
  await holdReaders();
  const shown = times(AT_ONCE + WAITING, () => ledger.ledger.parts.readModel.find('nobody'));
  await refused('/executions/open', '/executions', '/executions/parent/tree', '/status-counts');
  goOn();
  await Promise.all(shown);
  expect(await ledger.call('GET', '/executions/open')).toMatchObject({ status: 200, body: { status: 'succeeded' } });
});

it('a read that waited too long for its turn is told that too many read, not that the store is away', async () => {
  const { connectionString } = ledger.database;
  const { reads, close } = createPostgresEventStore({ connectionString, readerConnections: 1, readerWaitMs: 50 });
  await reads.head();
  await holdReaders();
  const held = reads.head();
  await expect(reads.head()).rejects.toMatchObject({ kind: 'overloaded', message: expect.stringContaining('50 ms') });
  goOn();
  expect(await held).toBe(await reads.head());
  await close();
});

it('a hundred callers may wait at the end of the log where only five reads may wait for their turn', async () => {
  const last = await narrow.call('POST', '/executions', { execution_id: 'last' });
  const end = last.headers.get('ledger-position');
  const held = times(100, () => narrow.call('GET', `/events?after=${end}&wait_ms=20000`));
  await narrow.call('POST', '/executions', { execution_id: 'next' });
  for (const { status, body } of await Promise.all(held))
    expect({ status, body }).toMatchObject({ status: 200, body: { events: [{ execution_id: 'next' }] } });
});
