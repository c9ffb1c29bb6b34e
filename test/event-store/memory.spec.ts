import { createMemoryEventStore } from '../../src/event-store/memory/memory-event-store.js';
import { describeEventStore } from '../contract/event-store.contract.js';

let now = Date.UTC(2026, 10, 21);
/** A clock that runs backwards now and then, as real ones do. */
const clock = (): string => new Date((now += now % 7 === 0 ? -3 : 1)).toISOString();

describeEventStore('the event store in memory', async () => ({
  open: async () => createMemoryEventStore(clock),
  dispose: async () => undefined,
}));
