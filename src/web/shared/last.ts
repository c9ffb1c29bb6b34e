import type { Search } from './search.js';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The times up to now that figures are shown of, as they stand in the address: `last=7d`. */
export const LASTS = { '1h': HOUR_MS, '24h': DAY_MS, '7d': 7 * DAY_MS, '31d': 31 * DAY_MS } as const;
export type Last = keyof typeof LASTS;
export const DEFAULT_LAST: Last = '24h';
/** The times as pages call them. */
export const LAST_NAMES: Readonly<Record<Last, string>> = {
  '1h': 'hour',
  '24h': '24 h',
  '7d': '7 days',
  '31d': '31 days',
};

/** The time that an address asks for, of those that a page has. */
export const lastOf = (search: Search, among: readonly Last[]): Last =>
  among.find((last) => last === search['last']) ?? DEFAULT_LAST;

/**
 * The beginning of so much time, at a whole `unit`: the units up to the present one, which it counts.
 * Figures are kept by the unit, and one that is cut in two would be counted whole or not at all.
 */
export const beginOf = (last: Last, unit: number, now: number): number =>
  Math.floor(now / unit) * unit - (LASTS[last] - unit);

/** A moment as the API takes it. */
export const iso = (ms: number): string => new Date(ms).toISOString();

/** What a list is asked for to have what ended at a moment or later: its own bounds are exclusive. */
export const endedFrom = (ms: number): { readonly completed_after: string } => ({ completed_after: iso(ms - 1) });
