import { afterAll, afterEach, beforeAll } from '@jest/globals';
import type { EventStore } from '../../../src/event-store/event-store.js';
import { createEventStoreDbEventStore } from '../../../src/event-store/eventstoredb/eventstoredb-event-store.js';
import type { EventStoreDbOptions } from '../../../src/event-store/eventstoredb/options.js';
import { event } from '../../contract/event-store.contract.js';
import { startEventStoreDbDouble, type EventStoreDbDouble } from '../../eventstoredb-server/index.js';

/** Limits short enough for a test to see their end. */
export const SHORT = { answerMs: 400, patienceMs: 2_000, headMs: 1_000, readMs: 1_000, backOffMs: 100 };

/** A store on a server, whose clock is the system's. */
export const storeAt = (url: string, more: Partial<EventStoreDbOptions> = {}): EventStore =>
  createEventStoreDbEventStore({ url, clock: () => new Date().toISOString(), ...SHORT, ...more });

/** Has a store append to a stream that is there until it does so without a look: by then it is told what becomes of streams. */
export async function appendUntilTold(double: EventStoreDbDouble, store: EventStore, stream: string): Promise<void> {
  do {
    double.forgetCalls();
    await store.append({ stream, events: [event()], expectedRevision: 'any' });
  } while (double.calls.readStream > 0);
}

/** A double for the tests of the enclosing block, well-behaved again after each, and stores that are closed in the end. */
export function usingDouble() {
  let double: EventStoreDbDouble;
  const opened: EventStore[] = [];
  beforeAll(async () => {
    double = await startEventStoreDbDouble();
  });
  afterEach(() => {
    double.behave();
    double.thaw();
  });
  afterAll(async () => {
    await Promise.all(opened.map((store) => store.close()));
    await double.stop();
  });
  return {
    get double() {
      return double;
    },
    open(more: Partial<EventStoreDbOptions> = {}): EventStore {
      const store = storeAt(double.url, more);
      opened.push(store);
      return store;
    },
  };
}
