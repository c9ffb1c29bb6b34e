import { createRequire } from 'node:module';
import { readGitHubDelivery } from '../../sources/github/github.js';
import type { SourceReport } from '../../sources/source-report.js';

/** A GitHub webhook delivery, ready to be posted, and what the ledger will make of it. */
export interface Delivery {
  readonly event: string;
  readonly id: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly report: SourceReport;
}

interface Example {
  readonly name: string;
  readonly examples: readonly Record<string, unknown>[];
}

/** Where the number of the thing stands that becomes the execution's id. */
const SUBJECTS: Readonly<Record<string, string>> = {
  workflow_run: 'workflow_run',
  workflow_job: 'workflow_job',
  check_run: 'check_run',
  deployment_status: 'deployment',
};

/**
 * The published examples of GitHub deliveries that the ledger has use for.
 * @throws Error when they are not installed, as in a production image.
 */
export function exampleDeliveries(): Delivery[] {
  const published = createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly Example[];
  return published.flatMap(({ name: event, examples }) =>
    examples.flatMap((payload, index) => {
      const id = `demo-${event}-${index + 1}`;
      const reading = readGitHubDelivery(event, id, payload);
      return 'reports' in reading ? reading.reports.map((report) => ({ event, id, payload, report })) : [];
    }),
  );
}

/** The same delivery about a thing of another number, so that a second round on the same ledger starts from nothing. */
export function renumbered({ event, id, payload }: Delivery, tag: string): Delivery {
  const subject = SUBJECTS[event]!;
  const thing = payload[subject] as { readonly id: number };
  const changed = { ...payload, [subject]: { ...thing, id: `${thing.id}-${tag}` } };
  const reading = readGitHubDelivery(event, id, changed);
  if (!('reports' in reading)) throw new Error(`the delivery ${id} cannot be renumbered`);
  return { event, id, payload: changed, report: reading.reports[0]! };
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `items` in an order that depends on nothing but `seed` (Fisher–Yates). */
export function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  const result = [...items];
  const next = numbers(seed);
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(next() * (last + 1));
    [result[last], result[other]] = [result[other]!, result[last]!];
  }
  return result;
}
