import type { ExistingExecution, Results } from './execution.js';
import { sameJson } from './json.js';
import type { Report } from './report.js';

/** What a report may say of the work, whatever its status. */
const NEWS = ['progress', 'message', 'data', 'worker', 'status_reason'] as const;

/** What it may say of an outcome. */
export const OF_OUTCOMES = [
  'result',
  'error',
  'error_details',
  'error_status_code',
  'duration_ms',
  'completed_at',
] as const;

const REPORT_FIELDS = [...NEWS, ...OF_OUTCOMES, 'doubt'] as const;
type ReportField = (typeof REPORT_FIELDS)[number];
/** What stands of it; of an attempt without an outcome nothing of one. */
type RecordedFields = { readonly [K in ReportField]?: (ExistingExecution & Results & { completed_at?: string })[K] };

const brings = (names: readonly ReportField[], report: Report, recorded: RecordedFields): boolean =>
  names.some((name) => report[name] !== undefined && !sameJson(report[name], recorded[name]));

/** Whether a report says anything of the work that does not stand. */
export const bringsNews = (report: Report, recorded: RecordedFields): boolean => brings(NEWS, report, recorded);

/** Whether one that repeats the standing status says anything that does not stand, be it out of place: it is kept for that. */
export const saysMore = (report: Report, recorded: RecordedFields): boolean =>
  report.left_out === true || brings(REPORT_FIELDS, report, recorded);
