import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe } from '@jest/globals';
import type { AppendOutcome, AppendedEvents } from '../../src/event-store/append-outcome.js';
import type { EventStore, NewEvent, StoredEvent } from '../../src/event-store/event-store.js';
import { appendRules } from './event-store-appends.contract.js';
import { concurrencyRules } from './event-store-concurrency.contract.js';
import { idempotencyRules } from './event-store-idempotency.contract.js';
import { readRules } from './event-store-reads.contract.js';

/** How the suite gets at an adapter: `open` may be called several times; `dispose` is called once, at the end. */
export interface EventStoreFactory {
  open(): Promise<EventStore>;
  dispose(): Promise<void>;
}

/** What each part of the suite works with. */
export interface Subject {
  readonly store: EventStore;
  /** A second store, which the caller closes. */
  open(): Promise<EventStore>;
}

/** What every adapter of the event store promises (event-store.ts), whatever it is made of. */
export function describeEventStore(name: string, createFactory: () => Promise<EventStoreFactory>): void {
  describe(name, () => {
    let factory: EventStoreFactory;
    let store: EventStore;
    const subject: Subject = {
      get store() {
        return store;
      },
      open: () => factory.open(),
    };
    beforeAll(async () => {
      factory = await createFactory();
      store = await factory.open();
    });
    afterAll(async () => {
      await store?.close();
      await factory?.dispose();
    });
    appendRules(subject);
    idempotencyRules(subject);
    readRules(subject);
    concurrencyRules(subject);
  });
}

let last = 0;
const run = randomUUID().slice(0, 8);
/** A name that no other test uses, in this run or another on the same server. */
export const fresh = (prefix = 'execution'): string => `${prefix}-${++last}-${run}`;

export const event = (more: Partial<NewEvent> = {}): NewEvent => ({
  eventId: fresh('event'),
  type: 'ExecutionProgressed',
  data: { attempt: 1 },
  metadata: { source: 'test' },
  ...more,
});

export const events = (count: number): NewEvent[] => Array.from({ length: count }, () => event());

/** Appends wherever the stream stands, and insists. */
export async function given(store: EventStore, stream: string, ...toAppend: NewEvent[]): Promise<AppendedEvents> {
  return appended(await store.append({ stream, events: toAppend, expectedRevision: 'any' }));
}

export function appended(outcome: AppendOutcome | Error): AppendedEvents {
  if (outcome instanceof Error || outcome.outcome !== 'appended') throw new Error(`not appended: ${String(outcome)}`);
  return outcome;
}

export const idsOf = (list: readonly { eventId: string }[]): string[] => list.map(({ eventId }) => eventId);
export const revisionsOf = (list: readonly StoredEvent[]): number[] => list.map(({ revision }) => revision);
