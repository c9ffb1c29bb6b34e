import { z } from 'zod';

const UNITS_OF_TIME = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const UNITS_OF_SIZE = { b: 1, kb: 1e3, mb: 1e6, gb: 1e9, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30 };

/** A number with a unit out of `units`, as a whole number of the smallest one; NaN when it is not that. */
function quantity(text: string, units: Readonly<Record<string, number>>, bare?: string): number {
  const [, number, unit = bare ?? ''] = /^(\d+(?:\.\d+)?)\s*([a-z]+)?$/i.exec(text.trim()) ?? [];
  return Math.round(Number(number) * (units[unit.toLowerCase()] ?? NaN));
}

const quantityBetween = (units: Readonly<Record<string, number>>, min: number, max: number, bare?: string) =>
  z
    .string()
    .transform((text) => quantity(text, units, bare))
    .refine((value) => value >= min && value <= max);

/** A duration such as `90s` or `3d`, of 1 s to 36,500 days; in milliseconds. */
export const duration = quantityBetween(UNITS_OF_TIME, 1_000, 36_500 * UNITS_OF_TIME.d);

/** A size such as `512KiB`, or bare bytes, of `min` to `max` bytes; in bytes. */
export const size = (min: number, max: number) => quantityBetween(UNITS_OF_SIZE, min, max, 'b');
