import type { components } from '../../../client/openapi.js';
import { TERMINAL_STATUSES } from '../../../domain/status.js';
import type { Column } from '../../shared/chart/scale.js';
import type { By } from './asked.js';

/** Outcomes over time, interval by interval. */
export type Histogram = components['schemas']['Histogram'];
export type Bucket = Histogram['buckets'][number];

/** What the bars are made of: the name of each part, how it looks, and how much of it a bucket has. */
export interface Part {
  readonly name: string;
  readonly look: string;
  readonly of: (bucket: Bucket) => number;
}

const REST: readonly Part[] = [
  { name: 'others', look: 'others', of: ({ others = 0 }) => others },
  { name: 'none said', look: 'absent', of: ({ absent = 0 }) => absent },
];

const total = (buckets: readonly Bucket[], of: Part['of']): number => buckets.reduce((sum, one) => sum + of(one), 0);

/** The parts of all bars, those with the most first; the statuses in an order of their own, which every chart has. */
export function partsOfBuckets(buckets: readonly Bucket[], by: By): readonly Part[] {
  const part = (name: string, look: string): Part => ({
    name,
    look,
    of: ({ counts }) => (Object.hasOwn(counts, name) ? counts[name]! : 0),
  });
  if (by === 'status') return TERMINAL_STATUSES.map((status) => part(status, status));
  const names = [...new Set(buckets.flatMap(({ counts }) => Object.keys(counts)))];
  const found = names
    .map((name) => ({ name, sum: total(buckets, part(name, '').of) }))
    .sort((one, other) => other.sum - one.sum)
    .map(({ name }, at) => part(name, `of-${at}`));
  return [...found, ...REST.filter(({ of }) => total(buckets, of) > 0)];
}

export const columnsOf = (buckets: readonly Bucket[], parts: readonly Part[]): readonly Column[] =>
  buckets.map((bucket) => ({ at: Date.parse(bucket.from), amounts: parts.map(({ of }) => of(bucket)) }));
