import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { HandleExecution } from '../../src/application/deciding/handle-execution.js';
import { executionStream } from '../../src/domain/stream.js';
import type { EventStore } from '../../src/event-store/event-store.js';
import { createPostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { fact, report } from '../support/domain/given.js';
import { request } from '../support/ledger/handling.js';
import { asWritten, openProjection, tell, type ProjectedLedger } from '../support/projection/projection.js';
import { watch, type WatchedStore } from '../support/store/watched-store.js';
import { runtimeWith } from '../support/ledger/runtime.js';

const LONG = 100_000;
const [LONG_ID, SHORT_ID] = ['long', 'short'];
const COLD_MS = 50;

let ledger: ProjectedLedger;
let store: EventStore;

beforeAll(async () => {
  ledger = await openProjection();
  store = createPostgresEventStore(ledger.database);
  const progress = (n: number) =>
    asWritten(fact('ExecutionProgressed', { attempt: 1, progress: n % 100, message: `${n}` }));
  for (const id of [LONG_ID, SHORT_ID]) await tell(ledger, id, fact('ExecutionStarted', { attempt: 1 }));
  for (let n = 1; n < LONG; n += 5_000) {
    const events = Array.from({ length: Math.min(5_000, LONG - n) }, (_, k) => progress(n + k));
    await ledger.write(executionStream(LONG_ID), ...events);
  }
  for (let n = 1; n < 10; n++) await ledger.write(executionStream(SHORT_ID), progress(n));
  await ledger.project(5_000);
}, 60_000);
afterAll(async () => {
  await store.close();
  await ledger.close();
});

/** A process that has just started, its store watched, and how many events it was given to read. */
function started(): { executions: HandleExecution; watched: WatchedStore; read: () => number } {
  const watched = watch(store);
  let read = 0;
  const readStream = watched.readStream;
  watched.readStream = async (...args) => {
    const page = await readStream(...args);
    read += page.length;
    return page;
  };
  const runtime = runtimeWith();
  const silent = { decided: () => undefined, retried: () => undefined, omitted: () => undefined };
  return { executions: new HandleExecution(watched, runtime, silent), watched, read: () => read };
}
let said = 0;
const speak = async (executions: HandleExecution, id: string): Promise<number> => {
  const at = performance.now();
  const handled = await executions.handle(request(id, report(undefined, { message: `said ${++said}` })));
  expect(handled.verdict).toBe('applied');
  return performance.now() - at;
};

it('a process that never saw it reads back to the fold that it carries, in time', async () => {
  await speak(started().executions, LONG_ID); // by whoever has folded all of it
  await tell(
    ledger,
    LONG_ID,
    ...Array.from({ length: 7 }, () => fact('ExecutionProgressed', { attempt: 1, progress: 1 })),
  );
  let best = Infinity;
  for (let n = 0; n < 5; n++) {
    const { executions, watched, read } = started();
    best = Math.min(best, await speak(executions, LONG_ID));
    expect(read()).toBeLessThanOrEqual(250);
    expect(watched.calls).toMatchObject({ append: 2, readStream: 1 });
  }
  expect(best).toBeLessThanOrEqual(COLD_MS);
});

it('a process that knows it pays as for a short one: one call, no read', async () => {
  const { executions, watched } = started();
  const best: Record<string, number> = {};
  for (const id of [LONG_ID, SHORT_ID]) {
    await speak(executions, id);
    watched.forget();
    const took: number[] = [];
    for (let n = 0; n < 30; n++) took.push(await speak(executions, id));
    expect(watched.calls).toMatchObject({ append: 30, readStream: 0, readAll: 0, findEvent: 0 });
    best[id] = Math.min(...took);
  }
  expect(best[LONG_ID]! / best[SHORT_ID]!).toBeLessThanOrEqual(2);
});

it('an id bound long ago is still bound, and found by index', async () => {
  const [first] = await store.readStream(executionStream(LONG_ID), { fromRevision: 50_000, limit: 1 });
  const { executions, read } = started();
  const same = report(undefined, { message: 'something else' });
  const { verdict } = await executions.handle(request(LONG_ID, same, { id: first!.eventId }));
  expect(verdict).toBe('id_reused');
  expect(read()).toBeLessThanOrEqual(250); // back to the fold that the stream carries
});
