import { randomUUID } from 'node:crypto';
import { v7 } from 'uuid';
import { digestOf } from '../src/application/deciding/digest.js';
import { HandleExecution } from '../src/application/deciding/handle-execution.js';
import type { Json } from '../src/domain/json.js';
import type { EventStore } from '../src/event-store/event-store.js';
import { migrate } from '../src/postgres/migrate.js';
import { eventStoreMigrations } from '../src/event-store/postgres/migrations/index.js';
import { openPostgresEventStore } from '../src/event-store/postgres/postgres-event-store.js';
import { type Databases, inOwn } from './database.js';
import { closedLoop, type Scale } from './load.js';
import { insertPerCommit } from './peers/driver.js';
import { emmettAppend, emmettHandle } from './peers/emmett.js';
import { reportOf } from './reports.js';
import { type Row, row } from './row.js';
import { SAMPLE_DATA, SAMPLE_METADATA, SAMPLE_TYPE, STREAM_LENGTH } from './sample.js';
import { SILENT_BY_DEFAULT } from '../src/silent-after.js';

async function using<Result>(url: string, use: (store: EventStore) => Promise<Result>): Promise<Result> {
  await migrate({ connectionString: url }, eventStoreMigrations);
  const store = await openPostgresEventStore({ connectionString: url });
  return use(store).finally(() => store.close());
}

/** One event per append, at the revision the client knows. */
export function appendLoop(store: EventStore, clients: number, scale: Scale): Promise<number> {
  const streams = new Array<string>(clients);
  return closedLoop(clients, scale, async (client, count) => {
    const revision = count % STREAM_LENGTH;
    if (revision === 0) streams[client] = `execution-${randomUUID()}`;
    const event = { eventId: randomUUID(), type: SAMPLE_TYPE, data: SAMPLE_DATA, metadata: SAMPLE_METADATA };
    const expectedRevision = revision === 0 ? 'no_stream' : revision - 1;
    const { outcome } = await store.append({ stream: streams[client]!, events: [event], expectedRevision });
    if (outcome !== 'appended') throw new Error(`an append was answered with ${outcome}`);
  });
}

/** Append, at each number of clients, against one insert per commit and against Emmett. */
export async function appendRows(databases: Databases, scale: Scale): Promise<Row[]> {
  const rows: Row[] = [];
  for (const clients of [1, 16, 64]) {
    const own = await inOwn(databases, 'append', (url) => using(url, (store) => appendLoop(store, clients, scale)));
    const inserts = await inOwn(databases, 'inserts', (url) => insertPerCommit(url, clients, scale));
    const emmett = await inOwn(databases, 'emmett', (url) => emmettAppend(url, clients, scale));
    const name = `append, ${clients} client${clients > 1 ? 's' : ''}`;
    const [much, many] = clients === 64 ? [{ atLeast: 25_000 }, { timesPeer: 8 }] : [{}, {}];
    rows.push(row(name, own, 'events/s', much, inserts), row(name, own, 'events/s', many, emmett));
  }
  return rows;
}

/** A report through the one handler, its state cached. */
export function handleLoop(store: EventStore, clients: number, scale: Scale): Promise<number> {
  const ids = new Array<string>(clients);
  const ignored = { decided: () => undefined, retried: () => undefined, omitted: () => undefined };
  const runtime = {
    clock: Date.now,
    newExecutionId: () => v7(),
    newEventId: randomUUID,
    staleAfterMs: 259_200_000,
    silentAfter: SILENT_BY_DEFAULT,
  };
  const handler = new HandleExecution(store, runtime, ignored);
  return closedLoop(clients, scale, async (client, count) => {
    if (count % STREAM_LENGTH === 0) ids[client] = randomUUID();
    const input = reportOf(count % STREAM_LENGTH);
    const digest = digestOf('report', input as unknown as Json);
    const { verdict } = await handler.handle({
      executionId: ids[client]!,
      input,
      digest,
      redacted: undefined,
      origin: { actor: 'bench', source: 'bench' },
    });
    if (verdict !== 'applied') throw new Error(`a report was answered with ${verdict}`);
  });
}

/** Read, decide, append: the whole way of a report but the wire. */
export async function handleRows(databases: Databases, scale: Scale): Promise<Row[]> {
  const clients = 16;
  const own = await inOwn(databases, 'handle', (url) => using(url, (store) => handleLoop(store, clients, scale)));
  const emmett = await inOwn(databases, 'emmett', (url) => emmettHandle(url, clients, scale));
  const name = `read + decide + append, ${clients} clients`;
  const marten = { name: 'Marten, as published', value: 1_900 };
  return [
    row(name, own, 'reports/s', { atLeast: 16_000 }, emmett),
    row(name, own, 'reports/s', { timesPeer: 8 }, marten),
  ];
}
