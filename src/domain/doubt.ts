import type { ReportRefusedData } from './events.js';
import type { Authority } from './status.js';

/** The reason of a success that came beside an error and said no reason of its own (docs/semantics.md §1). */
export const COMPLETED_WITH_ERROR = 'completed_with_error';

/** What producers write that always fill the field, where there was none. */
const NO_ERROR: ReadonlySet<string> = new Set(['', '{}', '[]', 'false', '0']);

/**
 * The attempt whose outcome a refused report leaves in doubt: its worker said another one before. What a watchdog guessed or
 * an operator decided is another matter (docs/semantics.md §3.3).
 */
export function attemptContradicted(refused: ReportRefusedData, reporter: Authority | undefined): number | undefined {
  const { verdict, report, against } = refused;
  // What only differs in its identity is kept by these fields, without a status.
  const tells = typeof report === 'object' && report !== null && 'status' in report;
  const isOfWorkers = reporter === 'worker' && against?.authority === 'worker';
  return verdict === 'conflict' && tells && isOfWorkers ? against.attempt : undefined;
}

/** The attempt that stood when a worker of an older one reported: that one is still at work, and should not be. */
export function attemptReportedPast(refused: ReportRefusedData, reporter: Authority | undefined): number | undefined {
  return refused.verdict === 'fenced' && reporter === 'worker' ? refused.against?.attempt : undefined;
}

/** A success as it was told. */
interface SuccessReport {
  readonly error?: string | undefined;
  readonly doubt?: boolean | undefined;
}

/** Whether an error stands beside the success. */
export const isBesideError = ({ error }: SuccessReport): boolean => error !== undefined && !NO_ERROR.has(error.trim());

/** A success that is none without doubt: it stands, but somebody should look. */
export const isDoubtful = (success: SuccessReport): boolean => success.doubt === true || isBesideError(success);
