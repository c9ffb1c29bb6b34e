import type { EventMetadata } from '../src/domain/events.js';

/** The event that every store appends: a line of progress, as a worker sends it. */
export const SAMPLE_TYPE = 'ExecutionProgressed';
export const SAMPLE_DATA = {
  attempt: 1,
  progress: 42,
  message: 'step 42 of 100: uploading artefacts',
  worker: 'runner-7',
};
export const SAMPLE_METADATA: EventMetadata = {
  digest: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg',
  occurred_at: '2026-01-01T00:00:00.000Z',
  reporter: { actor: 'bench', authority: 'worker' },
  source: 'bench',
  correlation_id: '4bf92f3577b34da6a3ce929d0e0e4736',
};
/** How many events a stream gets before the client goes on to the next. */
export const STREAM_LENGTH = 10;
