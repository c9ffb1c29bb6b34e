import { performance } from 'node:perf_hooks';

/** How long and how much is measured. */
export interface Scale {
  /** Of one measurement. */
  readonly seconds: number;
  /** Of the run that watches memory. */
  readonly events: number;
}

const WARM_UP = 0.2;

/** Operations per second of `clients` loops, each starting its next operation when the last one is done. */
export async function closedLoop(
  clients: number,
  { seconds }: Scale,
  operation: (client: number, count: number) => Promise<unknown>,
): Promise<number> {
  const warm = performance.now() + seconds * 1_000 * WARM_UP;
  const until = warm + seconds * 1_000;
  let done = 0;
  const loop = async (client: number) => {
    for (let count = 0; performance.now() < until; count += 1) {
      const inTime = performance.now() >= warm;
      await operation(client, count);
      if (inTime) done += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, client) => loop(client)));
  return done / ((performance.now() - warm) / 1_000);
}

/** The value that `share` (0 to 1) of the sorted samples do not exceed; NaN without samples. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
