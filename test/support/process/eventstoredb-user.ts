import { createEventStoreDbEventStore } from '../../../src/event-store/eventstoredb/eventstoredb-event-store.js';

/** A process that uses every call of a store, closes it while some are under way, and has nothing else to live for. */
const store = createEventStoreDbEventStore({ url: process.argv[2]!, clock: () => new Date().toISOString() });
const stream = 'execution-of-a-short-life';
const append = () =>
  store.append({ stream, events: [{ eventId: 'one', type: 'T', data: {}, metadata: {} }], expectedRevision: 'any' });
await append();
await store.readStream(stream);
await store.readAll(0n, 10);
const pages = store.subscribe(0n, new AbortController().signal)[Symbol.asyncIterator]();
await pages.next();
const underWay = [append(), store.head(), store.findEvent(stream, 'one'), pages.next()];
const settled = Promise.allSettled(underWay);
await store.close();
process.send!((await settled).length);
process.disconnect();
