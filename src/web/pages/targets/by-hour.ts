import { TERMINAL_STATUSES } from '../../../domain/status.js';
import { HOUR_MS } from '../../shared/last.js';
import { outcomesOf, type Health } from './rows.js';

/** One hour of a target: its outcomes in the order of the statuses, its durations in milliseconds. */
export interface Hour {
  readonly at: number;
  readonly amounts: readonly number[];
  readonly p50?: number;
  readonly p95?: number;
  readonly p99?: number;
}

/** Every hour of the time, those included in which nothing ended. */
export function hoursOf({ from, to, targets }: Pick<Health, 'from' | 'to' | 'targets'>): readonly Hour[] {
  const told = new Map((targets[0]?.hours ?? []).map((hour) => [Date.parse(hour.hour), hour]));
  const first = Math.ceil(Date.parse(from) / HOUR_MS) * HOUR_MS;
  const count = Math.max(1, Math.ceil((Date.parse(to) - first) / HOUR_MS));
  return Array.from({ length: count }, (_, number) => {
    const at = first + number * HOUR_MS;
    const hour = told.get(at);
    const { p50, p95, p99 } = hour?.durations_ms ?? {};
    const outcomes = outcomesOf(hour ?? { outcomes: {} });
    return {
      at,
      amounts: TERMINAL_STATUSES.map((status) => outcomes[status]),
      ...(p50 !== undefined && { p50 }),
      ...(p95 !== undefined && { p95 }),
      ...(p99 !== undefined && { p99 }),
    };
  });
}
