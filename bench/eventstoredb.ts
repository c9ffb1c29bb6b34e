import type { EventStore } from '../src/event-store/event-store.js';
import { createEventStoreDbEventStore } from '../src/event-store/eventstoredb/eventstoredb-event-store.js';
import type { Scale } from './load.js';
import { clientAppend } from './peers/eventstoredb-client.js';
import { type Row, row } from './row.js';
import { appendLoop, handleLoop } from './store.js';

/** Of a measurement and its peer's, in turn: the server's disk and its neighbours have moods. One more goes before, uncounted. */
const ROUNDS = 5;
const AIM = { timesPeer: 0.8 };

type Loop = (store: EventStore, clients: number, scale: Scale) => Promise<number>;

async function own(url: string, loop: Loop, clients: number, scale: Scale): Promise<number> {
  const store = createEventStoreDbEventStore({ url, clock: () => new Date().toISOString() });
  return loop(store, clients, scale).finally(() => store.close());
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

async function compared(name: string, unit: string, url: string, loop: Loop, clients: number, scale: Scale) {
  const [ours, plain]: [number[], number[]] = [[], []];
  for (let round = 0; round <= ROUNDS; round++) {
    ours.push(await own(url, loop, clients, scale));
    plain.push(await clientAppend(url, clients, scale));
  }
  const peer = { name: `the plain client’s appends, ${clients}`, value: median(plain.slice(1)) };
  return row(
    `EventStoreDB: ${name}, ${clients} client${clients > 1 ? 's' : ''}`,
    median(ours.slice(1)),
    unit,
    AIM,
    peer,
  );
}

/** The same rows on an EventStoreDB, against what its own client appends to the same server in the same minutes. */
export async function eventStoreDbRows(url: string, scale: Scale): Promise<Row[]> {
  const each = { ...scale, seconds: scale.seconds / 2 };
  const rows: Row[] = [];
  for (const clients of [1, 16, 64]) rows.push(await compared('append', 'events/s', url, appendLoop, clients, each));
  rows.push(await compared('read + decide + append', 'reports/s', url, handleLoop, 16, each));
  return rows;
}
