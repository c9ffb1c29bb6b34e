import { parentPort, workerData } from 'node:worker_threads';
import { PROJECTIONS } from '../../projections/index.js';
import { StoreError } from '../errors.js';
import { createPostgresEventStore } from '../event-store/postgres/postgres-event-store.js';
import { loadAll } from '../rebuild/load.js';
import { OperationsTable } from '../rebuild/operations-table.js';
import { connectForOperations } from '../rebuild/connect.js';
import type { LoadFailure, LoadTask } from './rebuild-worker-pool.js';

/** The thread that loads partitions of a rebuild: it says null when it is done, or what went wrong. */
async function work({ connectionString, who, kind, ...order }: LoadTask): Promise<void> {
  const projection = PROJECTIONS.find(({ name }) => name === order.projection)!;
  const { streamScan, ...store } = createPostgresEventStore({ connectionString });
  const client = await connectForOperations(connectionString, who);
  try {
    const rebuilds = new OperationsTable(projection.name, kind);
    const context = { ...order, client, store: { ...store, streamScan: streamScan! }, projection, rebuilds };
    await loadAll({ ...context, signal: new AbortController().signal }, order.partitions);
  } finally {
    await client.end().catch(() => undefined);
    await store.close();
  }
}

const failureOf = (error: Error & { code?: unknown }): LoadFailure => {
  const { name, message, code } = error;
  return { name, message, code, ...(error instanceof StoreError ? { kind: error.kind } : {}) };
};

const said = await work(workerData as LoadTask).then(
  () => null,
  (error: unknown) => failureOf(error as Error),
);
parentPort!.postMessage(said);
