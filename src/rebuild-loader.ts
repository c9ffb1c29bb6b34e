import { parentPort, workerData } from 'node:worker_threads';
import { PROJECTIONS } from '../projections/index.js';
import { StoreError } from './event-store/event-store.js';
import { createPostgresEventStore } from './event-store/postgres/postgres-event-store.js';
import { loadAll } from './projector/rebuild/load.js';
import { Records } from './projector/rebuild/record.js';
import type { LoaderFailure, LoaderOrder } from './rebuild-loaders.js';
import { connectForChores } from './projector/rebuild/connect.js';

/** The thread that loads pieces of a rebuild: it says null when it is done, or what went wrong. */
async function work({ connectionString, who, kind, ...order }: LoaderOrder): Promise<void> {
  const projection = PROJECTIONS.find(({ name }) => name === order.projection)!;
  const { byStream, ...store } = createPostgresEventStore({ connectionString });
  const client = await connectForChores(connectionString, who);
  try {
    const records = new Records(projection.name, kind);
    const loading = { ...order, client, store: { ...store, byStream: byStream! }, projection, records };
    await loadAll({ ...loading, signal: new AbortController().signal }, order.pieces);
  } finally {
    await client.end().catch(() => undefined);
    await store.close();
  }
}

const failureOf = (error: Error & { code?: unknown }): LoaderFailure => {
  const { name, message, code } = error;
  return { name, message, code, ...(error instanceof StoreError ? { kind: error.kind } : {}) };
};

const said = await work(workerData as LoaderOrder).then(
  () => null,
  (error: unknown) => failureOf(error as Error),
);
parentPort!.postMessage(said);
