import fc from 'fast-check';
import type { ListFilter, Sort } from '../../src/contract/queries.js';
import { SORTS } from '../../src/contract/queries.js';
import type { ExistingExecution } from '../../src/domain/execution.js';
import { isResumable, isStale, type Now } from '../../src/domain/resumable.js';
import { AUTHORITIES, isSealed, isTerminal, STATUSES } from '../../src/domain/status.js';
import { authorityOf } from '../../src/domain/verdict.js';
import { at, DAY, existing, fact } from './given.js';
import { optional, present } from './arbitrary.js';

/** An execution to be listed, as the read model keeps one. */
export interface Listed {
  readonly executionId: string;
  readonly state: ExistingExecution;
  readonly refusals: number;
}

/** The moment at which lists are asked for; its cut-off of silence is {@link CUT_OFF}. */
export const NOW: Now = { at: at(10 * DAY), stale_after_ms: 3 * DAY };
const CUT_OFF = 7 * DAY;

/** Few enough that many executions share them, and those around every edge. */
const moments = fc.constantFrom(0, CUT_OFF - 1, CUT_OFF, CUT_OFF + 1, 9 * DAY).map(at);
const SHORT = [
  'a',
  'ab',
  'b',
  '%',
  '_',
  '\0',
  '\ud800',
  '\ud83d',
  '\ud83d\ude00',
  ':',
  'a:b',
  'b:c',
  'a:b:c',
  '\\',
  '#',
  ',',
];
/** Around what an index holds: in characters, in UTF-16 code units, and as they are encoded, which is longer. */
const LONG = [
  ...['a', '%', '\ud83d\ude00'].flatMap((one) => [127, 128, 254, 255, 256].map((length) => one.repeat(length))),
  ...['a', 'b'].flatMap((end) => [254, 255].map((length) => 'a'.repeat(length) + end)),
  ...[126, 127, 128].flatMap((length) => ['\\'.repeat(length), `${'\\'.repeat(length)}a`]),
  ...[42, 43].flatMap((length) => ['\0'.repeat(length), `${'\0'.repeat(length)}aaa`, `${'\0'.repeat(length)}aab`]),
];
const words = fc.oneof({ arbitrary: fc.constantFrom(...SHORT), weight: 2 }, fc.constantFrom(...LONG));
const base = existing(fact('ExecutionRegistered'));

const states = fc
  .record({
    status: fc.constantFrom(...STATUSES),
    authority: fc.constantFrom(...AUTHORITIES),
    created_at: moments,
    last_activity_at: moments,
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
  .map(({ authority, ...rest }) => {
    const outcome = isTerminal(rest.status) ? { authority, completed_at: rest.created_at } : {};
    const pause = rest.status === 'paused' ? { paused_from: 'running', paused_at: at(0), paused_revision: 0 } : {};
    return { ...base, ...rest, ...outcome, ...pause } as unknown as ExistingExecution;
  });

export const listed: fc.Arbitrary<Listed[]> = fc
  .uniqueArray(
    fc.record({ name: fc.string({ maxLength: 3 }), state: states, refusals: fc.integer({ min: 0, max: 2 }) }),
    {
      selector: ({ name }) => name,
      minLength: 5,
      maxLength: 60,
    },
  )
  .map((all) => all.map(({ name, ...rest }, n) => ({ ...rest, executionId: `${name}a${n}` })));

const flags = optional(fc.boolean());
/** Any combination of filters; most filters absent, so that something is left to be listed. */
export const filters: fc.Arbitrary<ListFilter> = fc
  .record<Required<{ [K in keyof ListFilter]: ListFilter[K] }>>({
    status: optional(fc.uniqueArray(fc.constantFrom(...STATUSES), { minLength: 1, maxLength: 4 })),
    workflow_id: fc.option(words, { nil: undefined, freq: 1 }),
    run_id: fc.option(words, { nil: undefined, freq: 1 }),
    target: fc.option(words, { nil: undefined, freq: 1 }),
    kind: fc.option(words, { nil: undefined, freq: 1 }),
    parent_execution_id: fc.option(words, { nil: undefined, freq: 1 }),
    label: fc.option(
      fc.array(
        fc
          .tuple(words, words)
          .map((pair) => pair.join(':'))
          .filter((label) => !label.startsWith(':')),
        { minLength: 1, maxLength: 2 },
      ),
      { nil: undefined, freq: 1 },
    ),
    q: fc.option(words, { nil: undefined, freq: 1 }),
    resumable: flags,
    stale: flags,
    cancellable: flags,
    refused: flags,
    created_after: optional(moments),
    created_before: optional(moments),
  })
  .chain((all) =>
    fc
      .subarray(Object.keys(all) as (keyof typeof all)[], { maxLength: 4 })
      .map((keys) => present(Object.fromEntries(keys.map((key) => [key, all[key]])))),
  )
  .map((filter) => filter as ListFilter);

export const sorts = fc.constantFrom<Sort>(...SORTS);

/** What the ledger's own predicates say of the filter, one by one (domain.md §1, §4; wire.md, Reads). */
export function passes(filter: ListFilter, { executionId, state, refusals }: Listed): boolean {
  const { description } = state;
  const run_id = description.run_id ?? description.workflow_id ?? executionId;
  const shown = { ...description, run_id } as Readonly<Record<string, unknown>>;
  const same = (['workflow_id', 'run_id', 'target', 'kind', 'parent_execution_id'] as const).every(
    (key) => filter[key] === undefined || shown[key] === filter[key],
  );
  const labels = Object.entries(description.labels ?? {})
    .filter(([key]) => !key.includes(':'))
    .map(([key, value]) => `${key}:${value}`);
  const begins = (id: string | undefined, q: string): boolean =>
    id !== undefined && [...id].slice(0, [...q].length).join('') === q;
  const flagged = (wanted: boolean | undefined, is: boolean): boolean => wanted === undefined || wanted === is;
  return (
    same &&
    (filter.status?.includes(state.status) ?? true) &&
    (filter.label?.every((label) => labels.includes(label)) ?? true) &&
    (filter.q === undefined || [executionId, run_id, description.workflow_id].some((id) => begins(id, filter.q!))) &&
    flagged(filter.resumable, isResumable(state, NOW)) &&
    flagged(filter.stale, isStale(state, NOW)) &&
    flagged(filter.cancellable, !isSealed(state.status, authorityOf(state))) &&
    flagged(filter.refused, refusals > 0) &&
    (filter.created_after === undefined || state.created_at > filter.created_after) &&
    (filter.created_before === undefined || state.created_at < filter.created_before)
  );
}

/** In the order of the list: its key, then the id by its bytes, both the same way. */
export function inOrder(sort: Sort, all: readonly Listed[]): string[] {
  const key = sort.replace('-', '') as 'created_at' | 'last_activity_at';
  const way = sort.startsWith('-') ? -1 : 1;
  const bytes = (text: string): Buffer => Buffer.from(text);
  return [...all]
    .sort((a, b) => {
      if (a.state[key] !== b.state[key]) return a.state[key] < b.state[key] ? -way : way;
      return way * Buffer.compare(bytes(a.executionId), bytes(b.executionId));
    })
    .map(({ executionId }) => executionId);
}
