import type { Instant } from '../src/domain/events.js';
import type { ExecutionState } from '../src/domain/execution.js';
import { isTerminal } from '../src/domain/status.js';
import { minuteOf } from './execution-status.js';
import { moved, type CounterProjection, type Row } from './projection.js';
import { bucketOf, inCalendar, isOutcome } from './target-health.js';

const dayOf = (at: Instant): Instant => `${at.slice(0, 'yyyy-mm-dd'.length)}T00:00:00.000Z`;

/** What an outcome is counted by beside its status and its kind. */
type Part = 'target' | 'workflow_id' | 'bucket';
interface Scope {
  /** The moment that an outcome is counted at. */
  readonly at: (completed: Instant) => Instant;
  readonly parts: readonly Part[];
}

/**
 * The rows that each outcome is counted in. A chart of a month by the day reads days: those without targets and workflows have
 * few rows, however many of these there are; and by a target or a workflow, those without durations.
 */
const SCOPES = {
  minute: { at: minuteOf, parts: ['target', 'workflow_id', 'bucket'] },
  day: { at: dayOf, parts: ['target', 'workflow_id', 'bucket'] },
  'day-durations': { at: dayOf, parts: ['bucket'] },
  'day-targets': { at: dayOf, parts: ['target'] },
  'day-workflows': { at: dayOf, parts: ['workflow_id'] },
} as const satisfies Record<string, Scope>;
export type HistogramScope = keyof typeof SCOPES;

/** The condition of the rows that hold all of an outcome. */
const WHOLE = "scope in ('minute', 'day')";

/** How many executions ended, and how, and how long they took, by the minute and by the day of the outcome. */
export const outcomeHistogram: CounterProjection = {
  kind: 'counters',
  name: 'outcome-histogram',
  version: 1,
  key: ['scope', 'at', 'status', 'kind', 'target', 'workflow_id', 'bucket'],
  columns: {
    /** By what the row counts, beside status and kind; what it does not count by is null in it. */
    scope: { type: 'text', short: true },
    /** The beginning of its minute or day; of when the outcome was, not of when it was heard of. */
    at: { type: 'instant' },
    status: { type: 'text', short: true },
    kind: { type: 'text', nullable: true },
    target: { type: 'text', nullable: true },
    workflow_id: { type: 'text', nullable: true },
    /** Of the duration, in the sketch of `target-health`; null where it is not known. */
    bucket: { type: 'integer', nullable: true },
    count: { type: 'bigint' },
  },
  indexes: [
    { columns: ['target', 'scope', 'at'], where: WHOLE },
    { columns: ['workflow_id', 'scope', 'at'], where: WHOLE },
  ],
  // As target-health: an outcome is replaced by a correction, and stands when the next attempt is opened.
  contribute: (before, after) => (isTerminal(after.status) ? moved(outcomeOf(before), outcomeOf(after)) : []),
};

function outcomeOf(state: ExecutionState): Row[] {
  if (!isOutcome(state)) return [];
  const { description, status, duration_ms } = state;
  const completed = inCalendar(state.completed_at);
  const { kind = null, target = null, workflow_id = null } = description;
  const all: Record<Part, string | number | null> = { target, workflow_id, bucket: bucketOf(duration_ms) };
  return Object.entries<Scope>(SCOPES).map(([scope, { at, parts }]) => {
    const row: Record<Part, string | number | null> = { target: null, workflow_id: null, bucket: null };
    for (const part of parts) row[part] = all[part];
    return { scope, at: at(completed), status, kind, ...row };
  });
}
