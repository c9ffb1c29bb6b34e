import { ReadLog, ReadLogHandler } from '../../src/application/reading/read-log.handler.js';
import { StreamWaiters } from '../../src/application/reading/stream-waiters.js';
import { createMemoryEventStore } from '../../src/event-store/memory/memory-event-store.js';
import { START } from '../../src/event-store/position.js';
import { at } from '../support/domain/given.js';
import { watch } from '../support/store/watched-store.js';

/** A log in which there is nothing to show. */
async function refusals(count: number) {
  const store = watch(createMemoryEventStore(() => at(0)));
  const events = Array.from({ length: count }, (_, n) => ({
    eventId: `${n}`,
    type: 'ReportRefused',
    data: {},
    metadata: {},
  }));
  await store.append({ stream: 'refused-x', events, expectedRevision: 'any' });
  store.forget();
  return store;
}

it('the log is not read on for a caller that has gone', async () => {
  const store = await refusals(100);
  const gone = new AbortController();
  const { readAll } = store;
  let reads = 0;
  const handler = new ReadLogHandler(
    { ...store, readAll: (...asked) => (++reads === 3 && gone.abort(), readAll(...asked)) },
    new StreamWaiters(store),
  );
  expect(await handler.execute(new ReadLog(START, 1, 0, gone.signal))).toMatchObject({ events: [], next_after: '3' });
  expect(reads).toBe(3);
});

it('a caller that stays is brought past pages with nothing to show, to the end of the log', async () => {
  const store = await refusals(20);
  const handler = new ReadLogHandler(store, new StreamWaiters(store));
  const { signal } = new AbortController();
  const page = await handler.execute(new ReadLog(START, 1, 0, signal));
  expect(page).toEqual({ events: [], next_after: '20', head_position: '20' });
});
