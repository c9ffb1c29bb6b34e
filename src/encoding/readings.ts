import * as z from 'zod';
import { readInstant } from '../domain/clock.js';
import { LongNumber, type JsonObject } from '../domain/json.js';

/** A moment: ISO 8601 with a zone, given back in UTC with milliseconds. */
export const instant = z
  .string()
  .transform((written, context) => {
    const at = readInstant(written);
    if (at !== undefined) return at;
    const expected = 'a moment from the year 1 to 9999 as ISO 8601 with a zone, such as 2026-01-31T12:00:00.000Z';
    context.addIssue({ code: 'custom', message: `expected ${expected}` });
    return z.NEVER;
  })
  .meta({ format: 'date-time' });

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof LongNumber);

/** How much is said of what is wrong with one body: what is wrong thousands of times takes longer to say than to read. */
export const MOST_ISSUES = 20;

// Zod's own objects and records leave the key "__proto__" out, and its custom schemas cannot be documented.
const objectOf = (expected: string) => z.unknown().refine(isJsonObject, { error: expected, abort: true });

/** An object with any members, whole. */
export const jsonObject = objectOf('expected an object').meta({ type: 'object' }) as unknown as z.ZodType<JsonObject>;

/** A text for each key, whatever the key. */
export const texts = objectOf('expected an object of texts')
  .superRefine((given, context) => {
    for (const [key, value] of Object.entries(given as JsonObject)) {
      if (typeof value === 'string') continue;
      context.addIssue({ code: 'custom', path: [key], message: 'expected a text' });
      if (context.issues.length >= MOST_ISSUES) return;
    }
  })
  .meta({ type: 'object', additionalProperties: { type: 'string' } }) as unknown as z.ZodType<
  Readonly<Record<string, string>>
>;

const DAY_MS = 86_400_000;

export const milliseconds = z
  .number()
  .min(0)
  .max(100_000 * DAY_MS);

/** A number as a double, whatever its digits: what is measured is no more exact than that. */
const asDouble = (value: unknown): unknown => (value instanceof LongNumber ? Number(value.digits) : value);

const measured = (schema: z.ZodNumber) => z.preprocess(asDouble, schema).meta({ type: 'number' });

/** A number that somebody measured, and how long something took. */
export const measure = measured(z.number());

export const measuredMilliseconds = measured(milliseconds);

/** Sums of parts come a little beside the ends. */
const ROUNDING = 1e-6;

const within = (value: unknown): unknown => {
  if (typeof value !== 'number') return value;
  const nearest = Math.min(100, Math.max(0, value));
  return Math.abs(value - nearest) <= ROUNDING ? nearest : value;
};

/** Progress from 0 to 100. */
export const percent = z
  .preprocess((value) => within(asDouble(value)), z.number().min(0).max(100))
  .meta({ type: 'number' });
