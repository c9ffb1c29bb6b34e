import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { StoreError, type StoreErrorKind } from './event-store/event-store.js';
import type { Hands } from './projector/rebuild/load.js';
import { Interrupted, type RebuildKind, type RebuildRecord } from './projector/rebuild/record.js';

/** What a thread is to load, and where. */
export interface HandOrder {
  readonly connectionString: string;
  readonly who: string;
  readonly projection: string;
  readonly kind: RebuildKind;
  readonly record: RebuildRecord;
  readonly pieces: readonly number[];
  readonly batch: number;
  readonly hands: number;
}

/** An error on its way between threads, where classes are lost. */
export interface HandFailure {
  readonly name: string;
  readonly message: string;
  readonly code?: unknown;
  readonly kind?: StoreErrorKind;
}

/** A log of fewer events is loaded before a thread has begun. */
const AT_LEAST = 100_000;
/** The database needs the other cores. */
const COUNT = Math.min(8, Math.max(2, availableParallelism() >> 1));
/** Folding makes many short-lived objects: with the 16 MB that is the default, a third of its time goes to collecting them. */
const YOUNG_MB = 64;

function errorOf({ name, message, code, kind }: HandFailure): Error {
  if (name === Interrupted.name) return new Interrupted(message);
  if (kind !== undefined) return new StoreError(kind, message);
  return Object.assign(new Error(message), { name, code });
}

/**
 * Loads pieces of a rebuild in threads of their own: folding takes a core each, and whoever serves requests in this process
 * goes on serving them.
 */
export const handsOn = (connectionString: string, who: string): Hands => ({
  count: COUNT,
  atLeast: AT_LEAST,
  load: async ({ projection, records, record, batch, hands, signal }, pieces) => {
    const { kind } = records;
    const order: HandOrder = { connectionString, who, projection: projection.name, kind, record, pieces, batch, hands };
    await inThread(order, signal);
  },
});

function inThread(order: HandOrder, signal: AbortSignal): Promise<void> {
  const worker = new Worker(new URL('./rebuild-hand.js', import.meta.url), {
    workerData: order,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  // In the middle of whatever it does: what it has not committed is done again by whoever goes on.
  const stop = (): void => void worker.terminate();
  return new Promise<void>((resolve, reject) => {
    worker.once('message', (failure: HandFailure | null) => (failure ? reject(errorOf(failure)) : resolve()));
    worker.once('error', reject);
    worker.once('exit', (code) => reject(signal.aborted ? signal.reason : new Error(`it ended with ${code}`)));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  }).finally(async () => {
    signal.removeEventListener('abort', stop);
    await worker.terminate();
  });
}
