import { executionStatus, IN_DOUBT, labelText } from '../../projections/execution-status.js';
import { INDEXED_LENGTH } from '../../projections/short-text.js';
import { encodeText } from '../contract/json.js';
import { labelAsked } from '../contract/queries.js';
import { staleBefore, type Now } from '../domain/resumable.js';
import { isSealed, STATUSES, type Status } from '../domain/status.js';
import { SHORT_BYTES, type ListRequest, type Selection } from './read-model.js';
import { viewOf } from './table.js';

/** SQL with its parameters, in the making. */
class Parameters {
  readonly values: unknown[] = [];
  add(value: unknown): string {
    return `$${this.values.push(value)}`;
  }
}

/** How long an execution of a status must have been silent to be listed: it does not matter, strictly longer, or not. */
type Silence = 'either' | 'silent' | 'heard';

/** The statuses whose silence tells (domain.md §1 "stale", §4 "resumable"). */
const CAN_BE_STALE: readonly Status[] = ['pending', 'queued', 'running'];
const RESUMABLE: Readonly<Partial<Record<Status, Silence>>> = {
  failed: 'either',
  timeout: 'either',
  paused: 'either',
  running: 'silent',
};
const STALE = Object.fromEntries(CAN_BE_STALE.map((status) => [status, 'silent'])) as Partial<Record<Status, Silence>>;

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

/** What a filter lets through; undefined where it asks for no status and no flag of one. */
export function branches({ status, resumable, stale, cancellable }: Selection): Branch[] | undefined {
  if ([status, resumable, stale, cancellable].every((asked) => asked === undefined)) return undefined;
  return STATUSES.filter((one) => status?.includes(one) ?? true).flatMap((one): Branch[] => {
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

const PREFIXED = ['execution_id', 'run_id', 'workflow_id'] as const;

/** A prefix as a pattern of `like`. */
const pattern = (prefix: string): string => prefix.replace(/[\\%_]/g, '\\$&') + '%';

/** How many characters the database counts in an encoded text. */
const charactersOf = (text: string): number => [...text].length;

/** A text is looked up by as much of it as is indexed, then compared whole where that does not tell. */
function equals(column: string, text: string, parameters: Parameters): string {
  const given = parameters.add(text);
  const indexed = `left(${column}, ${INDEXED_LENGTH}) = left(${given}, ${INDEXED_LENGTH})`;
  return charactersOf(text) >= INDEXED_LENGTH ? `${indexed} and ${column} = ${given}` : indexed;
}

/** Whose execution, run or workflow id begins like this, apart from each other: each has an index of its own. */
function beginnings(prefix: string, parameters: Parameters): string[] {
  const like = parameters.add(pattern(prefix));
  const given = charactersOf(prefix) > INDEXED_LENGTH ? parameters.add(prefix) : undefined;
  const each = PREFIXED.map((column) => {
    if (column === 'execution_id') return `${column} like ${like}`;
    const indexed = `left(${column}, ${INDEXED_LENGTH})`;
    if (given === undefined) return `${indexed} like ${like}`;
    return `(${indexed} = left(${given}, ${INDEXED_LENGTH}) and ${column} like ${like})`;
  });
  return each.map((one, n) => [one, ...each.slice(0, n).map((other) => `(${other}) is not true`)].join(' and '));
}

type Filter = keyof Selection;
/** How a filter becomes SQL: a condition of its own, or a part of {@link branches} or {@link beginnings}. */
type Condition<V> = ((wanted: V, parameters: Parameters) => string) | 'branches' | 'beginnings';
/** The SQL of every filter of `F`: one that has none does not compile. */
export type FilterConditions<F> = { readonly [K in keyof F]-?: Condition<NonNullable<F[K]>> };

const equal =
  (column: string) =>
  (value: string, parameters: Parameters): string =>
    equals(column, encodeText(value), parameters);

export const CONDITIONS: FilterConditions<Selection> = {
  within: (prefix, parameters) => `execution_id like ${parameters.add(pattern(encodeText(prefix)))}`,
  status: 'branches',
  resumable: 'branches',
  stale: 'branches',
  cancellable: 'branches',
  q: 'beginnings',
  workflow_id: equal('workflow_id'),
  run_id: equal('run_id'),
  target: equal('target'),
  kind: equal('kind'),
  parent_execution_id: equal('parent_execution_id'),
  label: (labels, parameters) => {
    const texts = labels.map((label) => parameters.add(encodeText(labelText(...labelAsked(label)))));
    return `labels @> array[${texts.join(', ')}]::text[]`;
  },
  doubt: (wanted) => (wanted ? IN_DOUBT : `not ${IN_DOUBT}`),
  refused: (wanted) => `refused_revision ${wanted ? '>=' : '<'} 0`,
  created_after: (at, parameters) => `created_at > ${parameters.add(at)}`,
  created_before: (at, parameters) => `created_at < ${parameters.add(at)}`,
};

/** The conditions that hold for every branch. */
const conditions = (filter: Selection, parameters: Parameters): string[] =>
  (Object.keys(CONDITIONS) as Filter[]).flatMap((key) => {
    const condition = CONDITIONS[key] as Condition<unknown>;
    return typeof condition === 'string' || filter[key] === undefined ? [] : [condition(filter[key], parameters)];
  });

function silenceCondition(silence: Silence, now: Now, parameters: Parameters): string[] {
  if (silence === 'either') return [];
  return [`last_activity_at ${silence === 'silent' ? '<' : '>='} ${parameters.add(staleBefore(now))}`];
}

/** Why a row's execution stands still, of those that do: the error of its first parked event. */
function whyUnreadable(view: string): string {
  const [, table] = view.split('.') as [string, string];
  return `case when ${table}.unreadable_revision is not null then (
    select p.error from ledger.parked_events p join ledger.checkpoints k using (projection, version)
     where projection = '${executionStatus.name}' and k.live and p.execution_id = ${table}.execution_id
       and left(p.execution_id, ${INDEXED_LENGTH}) = left(${table}.execution_id, ${INDEXED_LENGTH})
     order by p.position limit 1) end`;
}

const COLUMNS = 'execution_id, state, revision, position, refused_revision, unreadable_revision, contradicted_attempt';
/** What a list reads of a row, from the view; and the names of it, from what was read so. */
export const LISTED = `${COLUMNS}, ${whyUnreadable(viewOf(executionStatus))} as unreadable_error`;
export const LISTED_NAMES = `${COLUMNS}, unreadable_error`;

/**
 * The rows of a page in an order, as many as the limit and {@link SHORT_BYTES} let through and one at least; each says
 * whether another follows.
 */
export const bounded = (columns: string, page: string, order: string, most: string): string => `
  select ${columns}, followed from (
    select *, row_number() over page as place, lead(true) over page is not null as followed,
           sum(octet_length(state)) over page - octet_length(state) as before
      from (${page} ${order} limit ${most} + 1) u window page as (${order} rows unbounded preceding)
  ) sized where place <= ${most} and before < ${SHORT_BYTES}`;

/**
 * A page of the list as one statement, with the checkpoint it is read at. One branch per status, each in the order of an
 * index, so that asking for two statuses is no slower than for one.
 */
export function listStatement({ filter, sort, limit, after, now }: ListRequest): { text: string; values: unknown[] } {
  const parameters = new Parameters();
  const descending = sort.startsWith('-');
  const key = descending ? sort.slice(1) : sort;
  const order = `order by ${key} ${descending ? 'desc' : 'asc'}, execution_id ${descending ? 'desc' : 'asc'}`;
  const common = conditions(filter, parameters);
  if (after) {
    const place = `(${parameters.add(after.key)}::timestamptz, ${parameters.add(encodeText(after.executionId))})`;
    common.push(`(${key}, execution_id) ${descending ? '<' : '>'} ${place}`);
  }
  const most = `${parameters.add(limit)}::integer`;
  const select = (more: readonly string[]): string => {
    const where = [...common, ...more].join(' and ');
    const columns = `${LISTED}, ${key}`;
    return `(select ${columns} from ${viewOf(executionStatus)} ${where && `where ${where}`} ${order} limit ${most} + 1)`;
  };
  const wanted = branches(filter)?.map(({ status, sealed, silence }) => [
    `status = ${parameters.add(status)}`,
    sealed ? 'sealed' : 'not sealed',
    ...silenceCondition(silence, now, parameters),
  ]) ?? [[]];
  // A parameter that no part uses has no type, and the database refuses the statement.
  const begun =
    filter.q === undefined || wanted.length === 0
      ? [[]]
      : beginnings(encodeText(filter.q), parameters).map((one) => [one]);
  const parts = wanted.flatMap((status) => begun.map((beginning) => select([...status, ...beginning])));
  const page = parts.length === 0 ? select(['false']) : parts.join(' union all ');
  const text = `select c.position as checkpoint, c.recorded_at as checkpoint_at, c.fold_version, r.*
    from ledger.checkpoints c left join lateral (${bounded(`${LISTED_NAMES}, ${key}`, `select * from (${page}) parts`, order, most)}) r on true
    where c.projection = ${parameters.add(executionStatus.name)} and c.live ${order}`;
  return { text, values: parameters.values };
}
