import type { components } from '../../../client/openapi.js';
import { TERMINAL_STATUSES, type TerminalStatus } from '../../../domain/status.js';

export type Health = components['schemas']['TargetHealth'];
type TargetSummary = Pick<Health['targets'][number], 'outcomes' | 'durations_ms'>;

/** How one target fares: its outcomes, its durations in milliseconds, and how these compare with the time before. */
export interface Row {
  readonly target: string | null;
  readonly outcomes: Readonly<Record<TerminalStatus, number>>;
  readonly total: number;
  /** The share of outcomes that are failures, from 0 to 1. */
  readonly failing: number;
  readonly p50?: number;
  readonly p95?: number;
  readonly p99?: number;
  /** How many times its p95 of the time before; absent where one of them is not known. */
  readonly slower?: number;
}

/** How many outcomes of each status, whoever stands behind them. */
export const outcomesOf = ({ outcomes }: TargetSummary): Record<TerminalStatus, number> =>
  Object.fromEntries(
    TERMINAL_STATUSES.map((status) => [
      status,
      Object.values(outcomes[status] ?? {}).reduce((sum, count) => sum + count, 0),
    ]),
  ) as Record<TerminalStatus, number>;

/** The targets of a time, each compared with itself in the time before. */
export function rowsOf(now: Health['targets'], before: Health['targets']): readonly Row[] {
  const earlier = new Map(before.map(({ target, durations_ms }) => [target, durations_ms?.p95]));
  return now.map((told) => {
    const outcomes = outcomesOf(told);
    const total = TERMINAL_STATUSES.reduce((sum, status) => sum + outcomes[status], 0);
    const { p50, p95, p99 } = told.durations_ms ?? {};
    const then = earlier.get(told.target);
    return {
      target: told.target,
      outcomes,
      total,
      failing: total === 0 ? 0 : (outcomes.failed + outcomes.timeout) / total,
      ...(p50 !== undefined && { p50 }),
      ...(p95 !== undefined && { p95 }),
      ...(p99 !== undefined && { p99 }),
      ...(p95 !== undefined && then !== undefined && then > 0 && { slower: p95 / then }),
    };
  });
}

/** What the table is sorted by, the most first: the value of a row, absent where it has none. */
export const SORTS = {
  total: ({ total }: Row) => total,
  failed: ({ outcomes: { failed, timeout } }: Row) => failed + timeout,
  failing: ({ failing }: Row) => failing,
  p50: ({ p50 }: Row) => p50,
  p95: ({ p95 }: Row) => p95,
  p99: ({ p99 }: Row) => p99,
  slower: ({ slower }: Row) => slower,
} as const;
export type Sort = keyof typeof SORTS;

export const sortOf = (asked: unknown): Sort =>
  (Object.keys(SORTS) as Sort[]).find((sort) => sort === asked) ?? 'total';

/** The rows by what they are sorted by, the most first; those without it are last. */
export const sorted = (rows: readonly Row[], sort: Sort): readonly Row[] =>
  [...rows].sort((one, other) => (SORTS[sort](other) ?? -1) - (SORTS[sort](one) ?? -1));

/** How much slower or faster, in words: `1.8 ×`. */
export const times = (slower: number): string => `${slower.toFixed(slower < 10 ? 1 : 0)} ×`;
/** What is worth a colour: half as long again. */
export const NOTABLY_SLOWER = 1.5;

export const percent = (share: number): string =>
  share > 0 && share < 0.001 ? '< 0.1 %' : `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
