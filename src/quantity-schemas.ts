import { z } from 'zod';
import { DURATION_MS, parseDuration, parseSize } from './quantity.js';

const quantityBetween = (read: (text: string) => number, min: number, max: number) =>
  z
    .string()
    .transform(read)
    .refine((value) => value >= min && value <= max);

/** A duration such as `90s` or `3d`, of 1 s to 36,500 days; in milliseconds. */
export const duration = quantityBetween(parseDuration, DURATION_MS.least, DURATION_MS.most);

/** A size such as `512KiB`, or bare bytes, of `min` to `max` bytes; in bytes. */
export const size = (min: number, max: number) => quantityBetween(parseSize, min, max);
