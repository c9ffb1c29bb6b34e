import { createEventStoreDbEventStore } from '../../src/event-store/eventstoredb/eventstoredb-event-store.js';
import { describeEventStore } from '../contract/event-store.contract.js';
import { openEventStoreDb } from '../support/ledger/eventstoredb-ledger.js';

describeEventStore('the event store in EventStoreDB', async () => {
  const server = await openEventStoreDb();
  return {
    open: async () => createEventStoreDbEventStore({ url: server.url, clock: () => new Date().toISOString() }),
    dispose: () => server.stop(),
  };
});
