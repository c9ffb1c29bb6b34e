import fc from 'fast-check';
import { failurePattern, fingerprintOf } from '../../../projections/failure-pattern.js';
import { SORTS, type Sort, type SortKey, type Selection } from '../../../src/read-model/list-request.js';
import { isInDoubt, type ExistingExecution } from '../../../src/domain/execution.js';
import { isResumable, isStale } from '../../../src/domain/resumable.js';
import type { DecisionTime } from '../../../src/domain/decision-time.js';
import { AUTHORITIES, isSealed, isTerminal, STATUSES } from '../../../src/domain/status.js';
import { authorityOf } from '../../../src/domain/verdict.js';
import { at, DAY, existing, fact } from '../domain/given.js';
import { optional, present } from '../domain/arbitrary.js';

/** An execution to be listed, as the read model keeps one. */
export interface ListedExecution {
  readonly executionId: string;
  readonly state: ExistingExecution;
  readonly refusals: number;
  /** The last attempt whose outcome a worker contradicted. */
  readonly contradicted?: number;
  /** The last attempt that stood while a worker of an older one reported. */
  readonly fenced?: number;
}

/** What is silent after another time than most, by what it is of; the first counts. */
const EXCEPTIONS = [
  { by: 'workflow_id', value: 'a', ms: DAY },
  { by: 'target', value: 'a', ms: 9 * DAY },
  { by: 'target', value: 'b', ms: DAY },
  { by: 'target', value: 'a'.repeat(255), ms: 9 * DAY },
] as const;

/** The moment at which lists are asked for; its cut-off of silence is {@link CUT_OFF}. */
export const NOW: DecisionTime = {
  at: at(10 * DAY),
  stale_after_ms: 3 * DAY,
  silent_after: { ms: 3 * DAY, exceptions: EXCEPTIONS },
};
const CUT_OFF = 7 * DAY;

/** Few enough that many executions share them, and those around every edge. */
const moments = fc.constantFrom(0, CUT_OFF - 1, CUT_OFF, CUT_OFF + 1, 9 * DAY - 1, 9 * DAY).map(at);
/** Keys and values that could be parted in more than one way. */
const SEPARATED = ['a', 'b', 'c', 'a:b', 'b:c', ':', 'a:', ':c'];
/** Texts that are easily taken for each other; those around what an index holds in characters, code units, and as encoded. */
const FAMILIES: readonly (readonly string[])[] = [
  ['a', 'ab', 'b', '%', '_', '\0', '\ud800', '\\'],
  ['\ud83d', '\ud83d\ude00', '\ude00', 'x'],
  ...['a', '\ud83d\ude00'].flatMap((one) => [
    [254, 255, 256].map((length) => one.repeat(length)),
    [253, 254, 255].flatMap((length) => [`${one.repeat(length)}b`, `${one.repeat(length)}c`]),
    [127, 128, 129].map((length) => one.repeat(length)),
  ]),
  ['\\'.repeat(127), `${'\\'.repeat(127)}a`, `${'\\'.repeat(127)}b`, '\\'.repeat(128)],
  ['\0'.repeat(42), ...['aa', 'aaa', 'aab', 'aaaa'].map((end) => '\0'.repeat(42) + end), '\0'.repeat(43)],
];
/** Errors in whose first 1,000 characters a text may stand, whatever its case. */
const SAID = ['Out of MEMORY', 'memory', '100% of_it\\0', 'o_i', '\\\\0\0\ud800x', 'ÉCHEC İ'];
const errors = fc.oneof(
  fc.constantFrom(...SAID),
  fc.tuple(fc.constantFrom(991, 994, 995), fc.constantFrom(...SAID)).map(([length, said]) => ' '.repeat(length) + said),
);
const base = existing(fact('ExecutionRegistered'));

const statesOf = (words: fc.Arbitrary<string>) =>
  fc
    .record({
      status: fc.constantFrom(...STATUSES),
      authority: fc.constantFrom(...AUTHORITIES),
      created_at: moments,
      last_activity_at: moments,
      started: optional(moments.map((moment) => ({ at: moment, reported: false, recorded_at: moment }))),
      completed_at: moments,
      duration_ms: optional(fc.constantFrom(0, 0.1, 0.30000000000000004, 0.3, 5e-324, 159, 1e300)),
      error: optional(errors),
      doubt: optional(fc.constant(true)),
      dispatched: fc.boolean(),
      attempt: fc.constantFrom(1, 1, 2),
      deadline: optional(fc.constantFrom(10 * DAY - 1, 10 * DAY, 10 * DAY + 1).map(at)),
      description: fc
        .record({
          run_id: optional(words),
          workflow_id: optional(words),
          target: optional(words),
          kind: optional(words),
          parent_execution_id: optional(words),
          labels: optional(fc.dictionary(words, words, { maxKeys: 3 })),
        })
        .map(present),
    })
    .map(({ authority, completed_at, duration_ms, error, ...rest }) => {
      const outcome = isTerminal(rest.status) ? { authority, completed_at, duration_ms, error } : {};
      const pause = rest.status === 'paused' ? { paused_from: 'running', paused_at: at(0), paused_revision: 0 } : {};
      return { ...base, ...rest, ...outcome, ...pause } as unknown as ExistingExecution;
    });

const listedOf = (words: fc.Arbitrary<string>): fc.Arbitrary<ListedExecution[]> =>
  fc
    .uniqueArray(
      fc.record({
        name: fc.string({ maxLength: 3 }),
        state: statesOf(words),
        refusals: fc.integer({ min: 0, max: 2 }),
        contradicted: fc.constantFrom(0, 0, 1, 2),
        fenced: fc.constantFrom(0, 0, 1, 2),
      }),
      {
        selector: ({ name }) => name,
        minLength: 5,
        maxLength: 30,
      },
    )
    .map((all) => all.map(({ name, ...rest }, n) => ({ ...rest, executionId: `${name}a${n}` })));

const flags = optional(fc.boolean());
const ERRORS = ['memory', 'MEMORY', 'of_', '% o', '\\\\0', '\0\ud800', 'échec', 'i̇', 'xyz'];
/** Of some errors, and of none. */
const groups = fc.constantFrom('', 'memory', 'o_i', 'x').map((text) => fingerprintOf(failurePattern(text)));
/** Some of them, for a filter that is asked the other way round. */
const some = <T>(one: fc.Arbitrary<T>) =>
  fc.option(fc.array(one, { minLength: 1, maxLength: 3 }), { nil: undefined, freq: 4 });
const labelsOf = (words: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(words, words)
    .map((pair) => pair.join(':'))
    .filter((label) => !label.startsWith(':'));
/** Any combination of filters; most filters absent, so that something is left to be listed. */
const filtersOf = (words: fc.Arbitrary<string>): fc.Arbitrary<Selection> =>
  fc
    .record<Required<{ [K in keyof Selection]: Selection[K] }>>({
      status: optional(fc.uniqueArray(fc.constantFrom(...STATUSES), { minLength: 1, maxLength: 4 })),
      workflow_id: fc.option(words, { nil: undefined, freq: 4 }),
      run_id: fc.option(words, { nil: undefined, freq: 4 }),
      target: fc.option(words, { nil: undefined, freq: 4 }),
      kind: fc.option(words, { nil: undefined, freq: 4 }),
      parent_execution_id: fc.option(words, { nil: undefined, freq: 4 }),
      label: some(labelsOf(words)),
      q: fc.option(words, { nil: undefined, freq: 4 }),
      within: fc.option(
        fc.oneof(fc.constantFrom('a', 'a1', 'a%', '_', '\\'), fc.string({ minLength: 1, maxLength: 1 })),
        {
          nil: undefined,
          freq: 4,
        },
      ),
      resumable: flags,
      stale: flags,
      silent: flags,
      silent_for: optional(fc.constantFrom(DAY, 3 * DAY, 3 * DAY - 1)),
      dispatched: flags,
      awaiting_worker: flags,
      cancellable: flags,
      doubt: flags,
      zombie: flags,
      past_due: flags,
      refused: flags,
      attempt_above: optional(fc.constantFrom(0, 1, 2)),
      error: optional(fc.constantFrom(...ERRORS)),
      failure_group: optional(groups),
      created_after: optional(moments),
      created_before: optional(moments),
      started_after: optional(moments),
      started_before: optional(moments),
      completed_after: optional(moments),
      completed_before: optional(moments),
      last_activity_after: optional(moments),
      last_activity_before: optional(moments),
      '-status': some(fc.constantFrom(...STATUSES)),
      '-workflow_id': some(words),
      '-run_id': some(words),
      '-target': some(words),
      '-kind': some(words),
      '-parent_execution_id': some(words),
      '-label': some(labelsOf(words)),
      '-error': some(fc.constantFrom(...ERRORS)),
      '-failure_group': some(groups),
    })
    .chain((all) =>
      fc
        .subarray(Object.keys(all) as (keyof typeof all)[], { maxLength: 4 })
        .map((keys) => present(Object.fromEntries(keys.map((key) => [key, all[key]])))),
    )
    .map((filter) => filter as Selection);

const sorts = fc.constantFrom<Sort>(...SORTS);

const families = fc.oneof(
  { arbitrary: fc.constant(SEPARATED), weight: 1 },
  { arbitrary: fc.constantFrom(...FAMILIES), weight: 3 },
);

/** Executions, and lists that are asked of them: all texts are of one family, so that there is something to mistake. */
export const lists = families.chain((family) => {
  const words = fc.constantFrom(...family);
  const list = fc.tuple(filtersOf(words), sorts, fc.integer({ min: 4, max: 20 }));
  return fc.tuple(listedOf(words), fc.array(list, { minLength: 20, maxLength: 20 }));
});

const sortKeyIn = (state: ExistingExecution, key: SortKey): string | number | undefined =>
  key === 'started_at' ? state.started?.at : (state as { [K in SortKey]?: string | number })[key];

/** What is no text to a database stands for one thing. */
const folded = (text: string): string =>
  [...text.slice(0, 1_000).toLowerCase()]
    .map((c) => (c === '\0' || /^[\ud800-\udfff]$/.test(c) ? '\ufffd' : c))
    .join('');

const groupOf = (status: string, error = ''): string | undefined =>
  status === 'failed' || status === 'timeout' ? fingerprintOf(failurePattern(error)) : undefined;

/** What the ledger's own predicates say of the filter, one by one (docs/semantics.md §1, §4; docs/http-api.md, Reads). */
export function passes(
  filter: Selection,
  { executionId, state, refusals, contradicted, fenced }: ListedExecution,
): boolean {
  const { description } = state;
  const run_id = description.run_id ?? description.workflow_id ?? executionId;
  const shown = { ...description, run_id } as Readonly<Record<string, unknown>>;
  const same = (['workflow_id', 'run_id', 'target', 'kind', 'parent_execution_id'] as const).every(
    (key) =>
      (filter[key] === undefined || shown[key] === filter[key]) &&
      !filter[`-${key}`]?.some((value) => shown[key] === value),
  );
  const labels = Object.entries(description.labels ?? {})
    .filter(([key]) => !key.includes(':'))
    .map(([key, value]) => `${key}:${value}`);
  const begins = (id: string | undefined, q: string): boolean =>
    id !== undefined && [...id].slice(0, [...q].length).join('') === q;
  const { status, dispatched, attempt, error } = state as typeof state & { error?: string };
  const quiet = Date.parse(NOW.at) - Date.parse(state.last_activity_at);
  const isHeardOf = dispatched && ['pending', 'queued', 'running'].includes(status);
  const limit = EXCEPTIONS.find(({ by, value }) => description[by] === value)?.ms ?? 3 * DAY;
  const flagged = (wanted: boolean | undefined, is: boolean): boolean => wanted === undefined || wanted === is;
  return (
    same &&
    begins(executionId, filter.within ?? '') &&
    (filter.status?.includes(state.status) ?? true) &&
    !filter['-status']?.includes(state.status) &&
    (filter.label?.every((label) => labels.includes(label)) ?? true) &&
    !filter['-label']?.some((label) => labels.includes(label)) &&
    (filter.q === undefined || [executionId, run_id, description.workflow_id].some((id) => begins(id, filter.q!))) &&
    flagged(filter.resumable, isResumable(state, NOW)) &&
    flagged(filter.stale, isStale(state, NOW)) &&
    flagged(filter.silent, isHeardOf && quiet > limit) &&
    (filter.silent_for === undefined || (isHeardOf && quiet > filter.silent_for)) &&
    flagged(filter.dispatched, dispatched) &&
    flagged(filter.awaiting_worker, attempt > 1 && !dispatched && !isTerminal(status)) &&
    flagged(filter.cancellable, !isSealed(state.status, authorityOf(state))) &&
    flagged(filter.doubt, isInDoubt(state) || contradicted === state.attempt) &&
    flagged(filter.zombie, fenced === state.attempt && !isSealed(status, authorityOf(state))) &&
    flagged(filter.past_due, !isTerminal(status) && (state.deadline ?? '~') <= NOW.at) &&
    flagged(filter.refused, refusals > 0) &&
    attempt > (filter.attempt_above ?? 0) &&
    (filter.error === undefined || folded(error ?? '').includes(folded(filter.error))) &&
    !filter['-error']?.some((text) => folded(error ?? '').includes(folded(text))) &&
    [filter.failure_group, ...(filter['-failure_group'] ?? [])].every(
      (group, n) => group === undefined || (group === groupOf(status, error)) === (n === 0),
    ) &&
    (['created', 'started', 'completed', 'last_activity'] as const).every((name) => {
      const [after, before] = [filter[`${name}_after`], filter[`${name}_before`]];
      const moment = sortKeyIn(state, `${name}_at`) as string | undefined;
      return (after === undefined || (moment ?? '') > after) && (before === undefined || (moment ?? '~') < before);
    })
  );
}

/** In the order of the list: its key, then the id by its bytes, both the same way. */
export function inOrder(sort: Sort, all: readonly ListedExecution[]): string[] {
  const key = sort.replace('-', '') as SortKey;
  const way = sort.startsWith('-') ? -1 : 1;
  const bytes = (text: string): Buffer => Buffer.from(text);
  return all
    .filter(({ state }) => sortKeyIn(state, key) !== undefined)
    .sort((a, b) => {
      const [one, other] = [sortKeyIn(a.state, key)!, sortKeyIn(b.state, key)!];
      if (one !== other) return one < other ? -way : way;
      return way * Buffer.compare(bytes(a.executionId), bytes(b.executionId));
    })
    .map(({ executionId }) => executionId);
}
