/** Streams of the ledger (docs/semantics.md §1, §5): one per execution, one for what it refused. */
const EXECUTION = 'execution-';
const REFUSED = 'refused-';

/** A stream's name. */
export type StreamName = string;

/** What was done to the ledger itself, and by whom: of no execution, and passed over by whoever folds executions. */
export const OPERATIONS_STREAM: StreamName = 'ledger-operations';

export const executionStream = (executionId: string): StreamName => EXECUTION + executionId;
export const refusedStream = (executionId: string): StreamName => REFUSED + executionId;

/** What a stream of the ledger's holds: the events of an execution, or what it refused. */
export type StreamKind = 'execution' | 'refused';

/**
 * What a stream's name says, or undefined for a stream that is not the ledger's. One with no id behind the prefix is none:
 * no endpoint could name it, and where the log is read by the ranges of names it would lie outside.
 */
export function parseStream(stream: StreamName): { kind: StreamKind; executionId: string } | undefined {
  if (stream === EXECUTION || stream === REFUSED) return undefined;
  if (stream.startsWith(EXECUTION)) return { kind: 'execution', executionId: stream.slice(EXECUTION.length) };
  if (stream.startsWith(REFUSED)) return { kind: 'refused', executionId: stream.slice(REFUSED.length) };
  return undefined;
}

/** The revision of a stream that does not exist: one less than its first event's. */
export const NO_STREAM = -1;

/** An execution id as a producer wrote it, split into the id and the attempt it names (`<id>~<n>`). */
export interface AttemptedId {
  readonly executionId: string;
  readonly attempt?: number;
}

const SUFFIX = /^([^]*)~(\d+)$/;

/**
 * Splits `<id>~<n>` (docs/http-api.md, Ids). Undefined when the suffix is malformed: `~0`, `~01`, a bare `~3`, two suffixes.
 * An id whose `~` is not followed by digits alone is an ordinary id.
 */
export function parseAttemptedId(written: string): AttemptedId | undefined {
  const match = SUFFIX.exec(written);
  if (!match) return { executionId: written };
  const [, executionId, digits] = match as unknown as [string, string, string];
  const wellFormed = /^[1-9]\d{0,8}$/.test(digits) && executionId !== '' && !SUFFIX.test(executionId);
  return wellFormed ? { executionId, attempt: Number(digits) } : undefined;
}

/** The id a worker of this attempt reports with (docs/semantics.md §4). */
export const reportAs = (executionId: string, attempt: number): string => `${executionId}~${attempt}`;
