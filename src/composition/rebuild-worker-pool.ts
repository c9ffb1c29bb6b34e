import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { StoreError, type StoreErrorKind } from '../errors.js';
import type { LoadWorkers } from '../rebuild/load.js';
import { OperationInterrupted } from '../rebuild/operations-table.js';
import type { ProjectionOperationKind } from '../rebuild/projection-operation.js';
import type { RebuildRecord } from '../rebuild/rebuild-record.js';

/** What a thread is to load, and where. */
export interface LoadTask {
  readonly connectionString: string;
  readonly who: string;
  readonly projection: string;
  readonly kind: ProjectionOperationKind;
  readonly record: RebuildRecord;
  readonly partitions: readonly number[];
  readonly batch: number;
  readonly workerCount: number;
}

/** An error on its way between threads, where classes are lost. */
export interface LoadFailure {
  readonly name: string;
  readonly message: string;
  readonly code?: unknown;
  readonly kind?: StoreErrorKind;
}

/** A log of fewer events is loaded before a thread has begun. */
const AT_LEAST = 100_000;
/** The database needs the other cores. */
const COUNT = Math.min(8, Math.max(2, availableParallelism() >> 1));
/** Folding makes many short-lived objects: with 64 MB for them, what a batch remembers is copied once more before it goes. */
const YOUNG_MB = 128;

function errorOf({ name, message, code, kind }: LoadFailure): Error {
  if (name === OperationInterrupted.name) return new OperationInterrupted(message);
  if (kind !== undefined) return new StoreError(kind, message);
  return Object.assign(new Error(message), { name, code });
}

/**
 * Loads partitions of a rebuild in threads of their own: folding takes a core each, and whoever serves requests in this process
 * goes on serving them.
 */
export const loadWorkersOn = (connectionString: string, who: string): LoadWorkers => ({
  count: COUNT,
  atLeast: AT_LEAST,
  load: async ({ projection, rebuilds, record, batch, workerCount, signal }, partitions) => {
    const { kind } = rebuilds;
    const order: LoadTask = {
      connectionString,
      who,
      projection: projection.name,
      kind,
      record,
      partitions,
      batch,
      workerCount,
    };
    await inThread(order, signal);
  },
});

function inThread(order: LoadTask, signal: AbortSignal): Promise<void> {
  const worker = new Worker(new URL('./rebuild-worker.js', import.meta.url), {
    workerData: order,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  // In the middle of whatever it does: what it has not committed is done again by whoever goes on.
  const stop = (): void => void worker.terminate();
  return new Promise<void>((resolve, reject) => {
    worker.once('message', (failure: LoadFailure | null) => (failure ? reject(errorOf(failure)) : resolve()));
    worker.once('error', reject);
    worker.once('exit', (code) => reject(signal.aborted ? signal.reason : new Error(`it ended with ${code}`)));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  }).finally(async () => {
    signal.removeEventListener('abort', stop);
    await worker.terminate();
  });
}
