import type { EventStoreDbDouble } from './event-store-db-double.js';

/** What only JavaScript, or nobody, takes for a time that the ledger wrote. */
const TIMES = ['1', '2026', '2026-11-29', '9999-12-31T23:59:59.999Z', '+275760-09-13T00:00:00.000Z', 'never'];
const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

/**
 * Makes a double one that others used before: applications with streams of their own, and strangers in the ledger's, whose
 * events no fold can read.
 */
export function usedByStrangers(double: EventStoreDbDouble): void {
  for (let n = 0; n < 100; n++) double.write(`orders-${n % 20}`, { type: 'Ordered', data: { n } });
  double.write(
    'execution-of-strangers',
    { type: 'OrderPlaced' },
    { type: 'ExecutionStarted', data: { nonsense: true } },
  );
  double.write('execution-in-bytes', { type: 'Blob', data: Buffer.from([1, 2, 255, 0]) });
  double.write('execution-without-data', { type: 'ExecutionStarted', data: null, metadata: json('text') });
  double.write('refused-by-strangers', { type: 'x', data: [] });
  for (const recorded_at of TIMES)
    double.write(`execution-at-${recorded_at}`, {
      type: 'ExecutionStarted',
      metadata: json({ event_id: recorded_at, recorded_at }),
    });
}
