const UNITS_OF_TIME = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const UNITS_OF_SIZE = { b: 1, kb: 1e3, mb: 1e6, gb: 1e9, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30 };

/** The shortest and the longest duration, in milliseconds. */
export const DURATION_MS = { least: 1_000, most: 36_500 * UNITS_OF_TIME.d } as const;

/** A number with a unit out of `units`, as a whole number of the smallest one; NaN when it is not that. */
function quantity(text: string, units: Readonly<Record<string, number>>, bare?: string): number {
  const [, number, unit = bare ?? ''] = /^(\d+(?:\.\d+)?)\s*([a-z]+)?$/i.exec(text.trim()) ?? [];
  return Math.round(Number(number) * (units[unit.toLowerCase()] ?? NaN));
}

/** A duration such as `90s` or `3d` in milliseconds; NaN when it is none. */
export const parseDuration = (text: string): number => quantity(text, UNITS_OF_TIME);

/** A size such as `512KiB`, or bare bytes, in bytes; NaN when it is none. */
export const parseSize = (text: string): number => quantity(text, UNITS_OF_SIZE, 'b');
