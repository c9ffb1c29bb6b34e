import {
  AWAITING_WORKER,
  EXPECTED,
  IN_DOUBT,
  labelText,
  minuteOf,
  ZOMBIE,
} from '../../projections/execution-status.js';
import { searchText } from '../../projections/short-text.js';
import { encodeText } from '../encoding/json.js';
import { after } from '../domain/clock.js';
import type { Instant } from '../domain/events.js';
import { EXPECTED_STATUSES } from '../domain/resumable.js';
import type { DecisionTime } from '../domain/decision-time.js';
import { isSealed, STATUSES, type Status } from '../domain/status.js';
import { answer } from '../domain/transitions.js';
import { labelAsked, type Selection } from './list-request.js';
import { beginsWith, differs, equals, pattern, type Parameters } from './text-conditions.js';

/** How long an execution of a status must have been silent to be listed: it does not matter, strictly longer, or not. */
export type Silence = 'either' | 'silent' | 'heard';

/** The statuses in which the flags hold, and whether by silence (docs/semantics.md §1 "stale", §4 "resumable"). */
const RESUMABLE: Readonly<Partial<Record<Status, Silence>>> = Object.fromEntries(
  STATUSES.flatMap((status) => {
    const [silent, heard] = [true, false].map((stale) => answer(status, 'resume', () => stale) === 'apply');
    return silent || heard ? [[status, silent && heard ? 'either' : silent ? 'silent' : 'heard']] : [];
  }),
);
const STALE = Object.fromEntries(EXPECTED_STATUSES.map((status) => [status, 'silent'])) as Partial<
  Record<Status, Silence>
>;

/** What a status must meet so that the flag is (not) set; undefined: it never meets it. */
function meets(
  rule: Partial<Record<Status, Silence>>,
  status: Status,
  wanted: boolean | undefined,
): Silence | undefined {
  if (wanted === undefined) return 'either';
  const silence = rule[status];
  if (wanted) return silence;
  return silence === undefined ? 'either' : silence === 'silent' ? 'heard' : undefined;
}

/** Executions of one status, sealed or not, and the silence that is asked of them: they lie together in an index. */
export interface Branch {
  readonly status: Status;
  readonly sealed: boolean;
  readonly silence: Silence;
}

const BRANCHING = ['status', '-status', 'resumable', 'stale', 'cancellable'] as const;

/** What a filter lets through; undefined where it asks for no status and no flag of one. */
export function branches(filter: Selection): Branch[] | undefined {
  const { status = STATUSES, '-status': left = [], resumable, stale, cancellable } = filter;
  if (BRANCHING.every((key) => filter[key] === undefined)) return undefined;
  return STATUSES.filter((one) => status.includes(one) && !left.includes(one)).flatMap((one): Branch[] => {
    const asked = [meets(RESUMABLE, one, resumable), meets(STALE, one, stale)];
    const silences = new Set(asked.filter((silence) => silence !== 'either'));
    if (silences.has(undefined) || silences.size > 1) return [];
    const silence = [...silences][0] ?? 'either';
    return [true, false]
      .filter(
        (sealed) => (!sealed || isSealed(one, 'operator')) && (cancellable === undefined || sealed !== cancellable),
      )
      .map((sealed) => ({ status: one, sealed, silence }));
  });
}

type Filter = keyof Selection;
/** How a filter becomes SQL: a condition of its own, or a part of {@link branches} or {@link beginnings}. */
type Condition<V> = ((wanted: V, parameters: Parameters, now: DecisionTime) => string) | 'branches' | 'beginnings';
/** The SQL of every filter of `F`: one that has none does not compile. */
export type FilterConditions<F> = { readonly [K in keyof F]-?: Condition<NonNullable<F[K]>> };

const equal =
  (column: string) =>
  (value: string, parameters: Parameters): string =>
    equals(column, encodeText(value), parameters);

const different =
  (column: string) =>
  (values: readonly string[], parameters: Parameters): string =>
    differs(column, values.map(encodeText), parameters);

const labelled = (labels: readonly string[], parameters: Parameters): string => {
  const texts = labels.map((label) => parameters.add(encodeText(labelText(...labelAsked(label)))));
  return `labels @> array[${texts.join(', ')}]::text[]`;
};

const said = (wanted: string, parameters: Parameters): string =>
  `error_text like ${parameters.add(`%${pattern(encodeText(searchText(wanted)))}`)}`;

const grouped = (fingerprint: string, parameters: Parameters): string =>
  `failure_group = ${parameters.add(fingerprint)}`;

/** What a condition lets through for none of these values. */
const none =
  (condition: (value: string, parameters: Parameters) => string) =>
  (values: readonly string[], parameters: Parameters): string =>
    values.map((value) => `(${condition(value, parameters)}) is not true`).join(' and ');

/**
 * Whose last activity lies so of a moment. An index is looked up by its minute: the rows of that minute are asked themselves.
 */
export function activity(way: '<' | '>' | '>=', at: Instant, parameters: Parameters): string {
  const minute = `activity_minute ${way === '<' ? '<=' : '>='} ${parameters.add(minuteOf(at))}`;
  return `${minute} and last_activity_at ${way} ${parameters.add(at)}`;
}

/** What lies so of a moment; what never happened lies nowhere. */
const moment =
  (column: 'created_at' | 'started_at' | 'completed_at', way: '<' | '>') =>
  (at: Instant, parameters: Parameters): string =>
    `${column} ${way} ${parameters.add(at)}`;

/** What a worker has and something should be heard of, and who has said nothing for too long (see `silence.ts`). */
function silence(
  { at, silent_after: { ms, exceptions } }: Pick<DecisionTime, 'at' | 'silent_after'>,
  parameters: Parameters,
): string {
  const before = (limit: number): Instant => after(at, -limit);
  const cases = exceptions.map(
    ({ by, value, ms }) =>
      `when ${equals(by, encodeText(value), parameters)} then ${parameters.add(before(ms))}::timestamptz`,
  );
  // An index is looked up by the latest of all limits.
  const latest = activity('<', before(Math.min(ms, ...exceptions.map((one) => one.ms))), parameters);
  const otherwise = (): string => `${parameters.add(before(ms))}::timestamptz`;
  const own = cases.length === 0 ? '' : ` and last_activity_at < case ${cases.join(' ')} else ${otherwise()} end`;
  return `${EXPECTED} and dispatched and ${latest}${own}`;
}

export const CONDITIONS: FilterConditions<Selection> = {
  within: (prefix, parameters) => beginsWith('execution_id', prefix, parameters),
  status: 'branches',
  resumable: 'branches',
  stale: 'branches',
  silent: (wanted, parameters, now) => (wanted ? silence(now, parameters) : `not (${silence(now, parameters)})`),
  silent_for: (ms, parameters, { at }) => silence({ at, silent_after: { ms, exceptions: [] } }, parameters),
  dispatched: (wanted) => (wanted ? 'dispatched' : 'not dispatched'),
  awaiting_worker: (wanted) => (wanted ? AWAITING_WORKER : `not (${AWAITING_WORKER})`),
  cancellable: 'branches',
  q: 'beginnings',
  workflow_id: equal('workflow_id'),
  run_id: equal('run_id'),
  target: equal('target'),
  kind: equal('kind'),
  parent_execution_id: equal('parent_execution_id'),
  label: labelled,
  doubt: (wanted) => (wanted ? IN_DOUBT : `not ${IN_DOUBT}`),
  zombie: (wanted) => (wanted ? ZOMBIE : `not (${ZOMBIE})`),
  past_due: (wanted, parameters, { at }) => {
    const passed = `deadline <= ${parameters.add(at)}`;
    return wanted ? passed : `(${passed}) is not true`;
  },
  refused: (wanted) => `refused_revision ${wanted ? '>=' : '<'} 0`,
  // The condition of the index, which the database does not conclude from a parameter.
  attempt_above: (least, parameters) => (least < 1 ? 'true' : `attempt > 1 and attempt > ${parameters.add(least)}`),
  error: said,
  failure_group: grouped,
  created_after: moment('created_at', '>'),
  created_before: moment('created_at', '<'),
  started_after: moment('started_at', '>'),
  started_before: moment('started_at', '<'),
  completed_after: moment('completed_at', '>'),
  completed_before: moment('completed_at', '<'),
  last_activity_after: (at, parameters) => activity('>', at, parameters),
  last_activity_before: (at, parameters) => activity('<', at, parameters),
  '-status': 'branches',
  '-workflow_id': different('workflow_id'),
  '-run_id': different('run_id'),
  '-target': different('target'),
  '-kind': different('kind'),
  '-parent_execution_id': different('parent_execution_id'),
  '-label': none((label, parameters) => labelled([label], parameters)),
  '-error': none(said),
  '-failure_group': none(grouped),
};

/** The conditions that hold for every branch. */
export const conditions = (filter: Selection, parameters: Parameters, now: DecisionTime): string[] =>
  (Object.keys(CONDITIONS) as Filter[]).flatMap((key) => {
    const condition = CONDITIONS[key] as Condition<unknown>;
    return typeof condition === 'string' || filter[key] === undefined ? [] : [condition(filter[key], parameters, now)];
  });
