import * as z from 'zod';
import { parseAttemptedId } from '../domain/stream.js';
import { texts } from '../encoding/readings.js';

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
