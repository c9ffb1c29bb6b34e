import { deadlineOf, draftOf, isInDoubt, type Draft, type ExistingExecution } from '../src/domain/execution.js';
import type { Description, Instant } from '../src/domain/events.js';
import { runOf } from '../src/domain/identity.js';
import { inShort, isOfIdentity } from '../src/domain/in-short.js';
import { LongNumber, type Json, type JsonObject } from '../src/domain/json.js';
import { dueAt, EXPECTED_STATUSES } from '../src/domain/resumable.js';
import { isSealed, OPEN_STATUSES, type Status } from '../src/domain/status.js';
import { authorityOf } from '../src/domain/verdict.js';
import { failureGroupOf } from './failure-pattern.js';
import type { Column, Index, RowProjection, StoredFold } from './projection.js';
import { searchText, shortText } from './short-text.js';

const text: Column = { type: 'text' };
const optional: Column = { type: 'text', nullable: true };

const columns = {
  execution_id: text,
  run_id: text,
  workflow_id: optional,
  parent_execution_id: optional,
  target: optional,
  kind: optional,
  labels: { type: 'text[]' },
  status: { type: 'text', short: true },
  sealed: { type: 'boolean' },
  doubt: { type: 'boolean' },
  dispatched: { type: 'boolean' },
  attempt: { type: 'integer' },
  created_at: { type: 'instant' },
  started_at: { type: 'instant', nullable: true },
  completed_at: { type: 'instant', nullable: true },
  duration_ms: { type: 'double', nullable: true },
  last_activity_at: { type: 'instant' },
  /** The minute of its last activity. What lists by activity are looked up by: the moment itself changes with every event. */
  activity_minute: { type: 'instant' },
  /** What of its error lists are searched for. */
  error_text: optional,
  /** What it has in common with others that failed; none where it has not. */
  failure_group: { type: 'text', nullable: true, short: true },
  /** When the ledger is to time it out; none where it cannot, as it stands (docs/semantics.md §4). */
  due_at: { type: 'instant', nullable: true },
  /** The deadline that counts now, while it waits or is paused, too; none of what has ended. */
  deadline: { type: 'instant', nullable: true },
  revision: { type: 'integer' },
  position: { type: 'bigint' },
  /** The fold's state in short: all that lists show, and what of it is cut. */
  state: { type: 'json', internal: true },
  /** What that lacks: the payloads, and whole what is cut. */
  payload: { type: 'json', nullable: true, internal: true },
} as const satisfies Record<string, Column>;

/** Newest first within one value of a column, which is how lists are asked for. */
const within = (column: string): Index => ({ columns: [column, 'created_at', 'execution_id'] });

/** Sealed successes are most of a table: whoever asks for them finds them anywhere. */
const SELDOM = "status <> 'succeeded' or not sealed";

/** What is listed as in doubt: the success itself is, or its worker said another outcome afterwards. */
export const IN_DOUBT = '(doubt or contradicted_attempt = attempt)';

/** What can still be changed, and a worker of an older attempt reported while this one stood. */
export const ZOMBIE = 'fenced_attempt = attempt and not sealed';

/** The condition that an execution is in one of these statuses. */
const inOneOf = (statuses: readonly Status[]): string =>
  `status in (${statuses.map((status) => `'${status}'`).join(', ')})`;

/** Something should be heard of it (see `isExpected`); it is said that it is open, so that an index of both is looked up. */
export const EXPECTED = `not sealed and ${inOneOf(EXPECTED_STATUSES)}`;

/** Opened by a resume, and no worker has taken it up (see `awaitsWorker`). */
export const AWAITING_WORKER = `not dispatched and attempt > 1 and ${inOneOf(OPEN_STATUSES)}`;

/** The rows behind `GET /executions` and `GET /executions/:id`: one per execution, its whole fold. */
export const executionStatus = {
  kind: 'rows',
  name: 'execution-status',
  version: 12,
  key: 'execution_id',
  columns,
  /** None has a column that every event changes: PostgreSQL would write all of them anew with each (heap-only tuples). */
  indexes: [
    // Each order with the other moments: what lies between two of these is told by its entry, without reading its row.
    { columns: ['created_at', 'execution_id', 'started_at', 'completed_at', 'activity_minute'] },
    { columns: ['activity_minute', 'execution_id', 'created_at', 'started_at', 'completed_at'] },
    {
      columns: ['completed_at', 'execution_id', 'created_at', 'started_at', 'activity_minute'],
      where: 'completed_at is not null',
    },
    {
      columns: ['started_at', 'execution_id', 'created_at', 'completed_at', 'activity_minute'],
      where: 'started_at is not null',
    },
    {
      columns: ['duration_ms', 'execution_id', 'created_at', 'started_at', 'completed_at', 'activity_minute'],
      where: 'duration_ms is not null',
    },
    // What a target takes is much the same each time: in the order of all durations its own lie far from the ends.
    { columns: ['target', 'duration_ms', 'execution_id'], where: 'duration_ms is not null' },
    ...['workflow_id', 'run_id', 'target', 'kind', 'parent_execution_id'].map(within),
    { columns: ['labels'], method: 'gin' },
    { columns: ['status', 'sealed', 'created_at', 'execution_id'], where: SELDOM },
    { columns: ['status', 'sealed', 'activity_minute'], where: SELDOM },
    { columns: ['status', 'sealed', 'duration_ms', 'execution_id'], where: `(${SELDOM}) and duration_ms is not null` },
    { columns: ['created_at', 'execution_id'], where: 'attempt > 1' },
    { columns: ['error_text'], method: 'trigram' },
    { columns: ['failure_group', 'completed_at', 'execution_id'], where: 'failure_group is not null' },
    { columns: ['created_at', 'execution_id'], where: 'not dispatched' },
    { columns: ['activity_minute'], where: 'not dispatched' },
    { columns: ['created_at', 'execution_id'], where: 'refused_revision >= 0' },
    { columns: ['created_at', 'execution_id'], where: IN_DOUBT },
    { columns: ['activity_minute'], where: IN_DOUBT },
    { columns: ['created_at', 'execution_id'], where: ZOMBIE },
    { columns: ['activity_minute'], where: ZOMBIE },
    { columns: ['due_at', 'execution_id'], where: 'due_at is not null' },
    { columns: ['deadline'], where: 'deadline is not null' },
  ],
  countsRefusals: true,
  contribute: (_before, after, { execution_id }) => executionRow(execution_id, after),
  restore: stateOf,
} satisfies RowProjection;

/** One label as lists filter by it. A key has no colon: the first one ends it. */
export const labelText = (key: string, value: string): string => shortText(`${key}:${value}`);

/** The labels that lists filter by. Where a key has a colon, which only direct producers could write, it would be another's. */
const labelTexts = ({ labels = {} }: Description): string[] =>
  Object.entries(labels).flatMap(([key, value]) => (key.includes(':') ? [] : [labelText(key, value)]));

/** The moments that lists go by. */
export const momentsOf = (state: ExistingExecution) => {
  const { created_at, started, completed_at, last_activity_at } = state as Draft;
  return { created_at, started_at: started?.at, completed_at, last_activity_at };
};

/** What lists are sorted by. */
export const sortedBy = (state: ExistingExecution) => {
  const { duration_ms } = state as { readonly duration_ms?: number | LongNumber | undefined };
  // A state that is read from its row has a number with an exponent by its digits: the next page would be asked for by a text.
  return {
    ...momentsOf(state),
    duration_ms: duration_ms instanceof LongNumber ? Number(duration_ms.digits) : duration_ms,
  };
};

/** The minute that a moment lies in. */
export const minuteOf = (at: Instant): Instant => `${at.slice(0, 'yyyy-mm-ddThh:mm'.length)}:00.000Z`;

/** What of its error lists are searched for. */
export const errorOf = ({ error }: Partial<Draft>): string | undefined => error && searchText(error);

/** The row of an execution in this state. */
export function executionRow(executionId: string, state: ExistingExecution): Record<keyof typeof columns, Json> {
  const { description } = state;
  const { created_at, started_at, completed_at, last_activity_at, duration_ms } = sortedBy(state);
  const [light, payload] = split(state);
  return {
    execution_id: executionId,
    run_id: runOf(executionId, state),
    workflow_id: description.workflow_id ?? null,
    parent_execution_id: description.parent_execution_id ?? null,
    target: description.target ?? null,
    kind: description.kind ?? null,
    labels: labelTexts(description),
    status: state.status,
    sealed: isSealed(state.status, authorityOf(state)),
    doubt: isInDoubt(state),
    dispatched: state.dispatched,
    attempt: state.attempt,
    created_at,
    started_at: started_at ?? null,
    completed_at: completed_at ?? null,
    duration_ms: duration_ms ?? null,
    last_activity_at,
    activity_minute: minuteOf(last_activity_at),
    error_text: errorOf(state) ?? null,
    failure_group: failureGroupOf(state) ?? null,
    due_at: dueAt(state) ?? null,
    deadline: deadlineOf(state) ?? null,
    revision: state.revision,
    position: state.position,
    state: light,
    payload,
  };
}

/** The state in two parts, so that a list need not read what it does not show. The place has columns of its own. */
function split(state: ExistingExecution): [light: Json, payload: JsonObject | null] {
  const { state: shown, truncated } = inShort(state);
  const light: { [K in keyof Draft]?: Draft[K] | undefined } = draftOf(shown);
  light.position = light.revision = undefined;
  const { data, result, error_details } = state as Partial<Draft>;
  const { input } = state.description;
  const payload: Record<string, Json> = { input, data, result, error_details };
  for (const name of truncated) payload[name] = ((isOfIdentity(name) ? state.description : state) as JsonObject)[name];
  const nothing = Object.values(payload).every((large) => large === undefined);
  return [truncated.length > 0 ? { ...light, truncated } : light, nothing ? null : payload];
}

/** What is cut in a row's `state`. */
export const truncatedIn = ({ truncated }: JsonObject): readonly string[] | undefined =>
  truncated as readonly string[] | undefined;

/** The inverse of {@link executionRow}: the state a row was made of; without `payload`, in short. */
export function stateOf({ state, payload, revision, position }: StoredFold): ExistingExecution {
  const description: Record<string, Json> = { ...(state['description'] as JsonObject) };
  const rest: Record<string, Json> = {};
  for (const [name, value] of Object.entries(payload ?? {})) (isOfIdentity(name) ? description : rest)[name] = value;
  return draftOf({ ...state, ...rest, description, revision, position } as unknown as Draft) as ExistingExecution;
}
