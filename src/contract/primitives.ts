import * as z from 'zod';
import { readInstant } from '../domain/clock.js';
import { LongNumber, type JsonObject } from '../domain/json.js';
import { parseAttemptedId } from '../domain/stream.js';

const CONTROL_OR_LONE =
  /[\u0000-\u001f\u007f-\u009f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const MAX_ID = 255;

/** An execution id, and the attempt it names where it ends in `~<n>` (docs/http-api.md, Ids). */
export interface NamedExecution {
  readonly executionId: string;
  readonly attempt?: number;
}

/** What is wrong with an execution id, or the id taken apart. Never trimmed, so that ids that differ stay different. */
export function readExecutionId(written: string): NamedExecution | string {
  const named = parseAttemptedId(written);
  if (!named) return 'ends in a malformed attempt: expected <id>~<n> with n from 1, without leading zeros';
  const { executionId } = named;
  if (executionId === '') return 'is empty: expected 1 to 255 characters';
  if (executionId.length > MAX_ID && [...executionId].length > MAX_ID) return 'is longer than 255 characters';
  if (executionId === '.' || executionId === '..') return 'must not be "." or ".."';
  if (CONTROL_OR_LONE.test(executionId)) return 'has a control character or a lone surrogate';
  return named;
}

/** An execution id wherever one is read; parsed into its parts. */
export const executionId = z
  .string()
  .transform((written, context): NamedExecution => {
    const named = readExecutionId(written);
    if (typeof named !== 'string') return named;
    context.addIssue({ code: 'custom', message: named });
    return z.NEVER;
  })
  .meta({
    description: 'Execution id, 1–255 characters; a trailing ~<n> names the attempt',
    examples: ['run-42', 'run-42~2'],
  });

/** The id alone, where the attempt does not matter (parents, filters, reads). */
export const plainExecutionId = executionId.transform((named) => named.executionId);

/** Whether an execution is said to be its own parent: a tree would lead from it to itself. */
export const isOwnParent = ({ executionId }: NamedExecution, parent: string | undefined): boolean =>
  parent === executionId;
export const OWN_PARENT = 'is the execution itself';

/** The id of a report or command: 1–200 characters of any kind. */
export const requestId = z
  .string()
  .min(1)
  .max(200)
  .meta({ description: 'Idempotency id, unique within the execution' });

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

/** A moment as the ledger writes it. */
export const instantOut = z.string().meta({ format: 'date-time', examples: ['2026-01-31T12:00:00.000Z'] });

/** A position on the wire: a decimal string, for it outgrows 2^53. */
export const position = z
  .string()
  .regex(/^\d{1,18}$/, 'expected a position: a decimal string')
  .transform((digits) => BigInt(digits));
export const positionOut = z.string().meta({ examples: ['4711'] });

export const attempt = z.int().min(1).max(999_999_999);
export const json = z.unknown();

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

/** How many labels an execution may be registered with: each has an entry of its own in an index, made in one go with the others. */
const MOST_LABELS = 1_000;

/** Labels as they are registered: where a key had a colon, `label=key:value` could mean another. */
export const labels = texts.superRefine((given, context) => {
  const count = Object.keys(given).length;
  if (count > MOST_LABELS) {
    context.addIssue({ code: 'custom', message: `expected at most ${MOST_LABELS} labels, not ${count}` });
    return;
  }
  for (const key of Object.keys(given)) {
    if (key === '') context.addIssue({ code: 'custom', message: 'a label has a key' });
    if (key.includes(':'))
      context.addIssue({ code: 'custom', path: [key], message: 'a label key has no colon: the first one ends it' });
  }
});

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

/** On reports null means absent (docs/http-api.md, Bodies). */
export const absentable = <S extends z.ZodType>(schema: S) => schema.nullish().transform((value) => value ?? undefined);

/** What a query says in digits, as the number; anything else as what no number is. */
const fromDigits = (written: unknown): unknown =>
  typeof written === 'string' && /^\d{1,15}$/.test(written) ? Number(written) : NaN;

/** A number of a query string. */
export const queryInt = (min: number, max: number) =>
  z.preprocess(fromDigits, z.int(`expected a whole number from ${min} to ${max}`).min(min).max(max));

const FLAGS: Readonly<Record<string, boolean>> = { true: true, false: false };

/** Yes or no in a query string. */
export const queryFlag = z.preprocess(
  (written) => (typeof written === 'string' && Object.hasOwn(FLAGS, written) ? FLAGS[written] : null),
  z.boolean('expected true or false'),
);

/** How long a read may be held open. */
export const waitMs = queryInt(0, 30_000);
