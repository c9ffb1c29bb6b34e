import { executionStatus, minuteOf } from '../../projections/execution-status.js';
import { INDEXED_LENGTH } from '../../projections/short-text.js';
import { encodeText } from '../encoding/json.js';
import { staleBefore } from '../domain/resumable.js';
import type { DecisionTime } from '../domain/decision-time.js';
import { viewOf } from '../projection-tables/table.js';
import { activity, branches, conditions, type Silence } from './list-filters.js';
import {
  SHORT_BYTES,
  sortKeyOf,
  type Keyset,
  type ListRequest,
  type Selection,
  type SortKey,
  type Total,
} from './list-request.js';
import { beginnings, Parameters } from './text-conditions.js';

const VIEW = viewOf(executionStatus);

function silenceCondition(silence: Silence, now: DecisionTime, parameters: Parameters): string[] {
  if (silence === 'either') return [];
  return [activity(silence === 'silent' ? '<' : '>=', staleBefore(now), parameters)];
}

/** The columns of each order, as an index has them, and the condition of that index. */
const ORDERS: Readonly<Record<SortKey, { columns: readonly string[]; where?: string }>> = {
  created_at: { columns: ['created_at'] },
  started_at: { columns: ['started_at'], where: 'started_at is not null' },
  completed_at: { columns: ['completed_at'], where: 'completed_at is not null' },
  duration_ms: { columns: ['duration_ms'], where: 'duration_ms is not null' },
  // The minutes are in the order of the moments; those of one minute are sorted.
  last_activity_at: { columns: ['activity_minute', 'last_activity_at'] },
};

/** A place in an order: where a page goes on. */
function placeOf(columns: readonly string[], { key, executionId }: Keyset, parameters: Parameters): string {
  const values = columns.map((column) => {
    if (typeof key === 'number') return `${parameters.add(key)}::float8`;
    return `${parameters.add(column === 'activity_minute' ? minuteOf(key) : key)}::timestamptz`;
  });
  return `(${[...values, parameters.add(encodeText(executionId))].join(', ')})`;
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

const COLUMNS =
  'execution_id, state, revision, position, refused_revision, unreadable_revision, contradicted_attempt, fenced_attempt';
/** What a list reads of a row, from the view; and the names of it, from what was read so. */
export const LISTED = `${COLUMNS}, ${whyUnreadable(VIEW)} as unreadable_error`;
export const LISTED_NAMES = `${COLUMNS}, unreadable_error`;

/**
 * The rows of a page in an order, as many as the limit and {@link SHORT_BYTES} let through and one at least; each says
 * whether another follows. `size`: of a row, in bytes.
 */
export const bounded = (
  columns: string,
  page: string,
  order: string,
  most: string,
  size = 'octet_length(state)',
): string => `
  select ${columns}, followed from (
    select *, row_number() over page as place, lead(true) over page is not null as followed,
           sum(${size}) over page - (${size}) as before
      from (${page} ${order} limit ${most} + 1) u window page as (${order} rows unbounded preceding)
  ) sized where place <= ${most} and before < ${SHORT_BYTES}`;

/** As many executions as are counted exactly. */
const MOST_COUNTED = 10_000;

/** What a list is of. */
type ListScope = Pick<ListRequest, 'filter' | 'sort' | 'now'>;

/** What is asked of the executions of a list, part by part: they lie apart from each other, each part together in an index. */
function partsOf({ filter, sort, now }: ListScope, parameters: Parameters): string[][] {
  const common = conditions(filter, parameters, now).concat(ORDERS[sortKeyOf(sort)].where ?? []);
  const wanted = branches(filter)?.map(({ status, sealed, silence }) => [
    `status = ${parameters.add(status)}`,
    sealed ? 'sealed' : 'not sealed',
    ...silenceCondition(silence, now, parameters),
  ]) ?? [[]];
  // A parameter that no part uses has no type, and the database refuses the statement.
  if (wanted.length === 0) return [[...common, 'false']];
  const begun = filter.q === undefined ? [[]] : beginnings(encodeText(filter.q), parameters).map((one) => [one]);
  return wanted.flatMap((status) => begun.map((beginning) => [...common, ...status, ...beginning]));
}

const whereOf = (conditions: readonly string[]): string =>
  conditions.length > 0 ? `where ${conditions.join(' and ')}` : '';

/** What was counted, as it is told. */
export const totalIn = (counted: number): Total =>
  counted > MOST_COUNTED ? { total: MOST_COUNTED, isExact: false } : { total: counted, isExact: true };

/** In the order of an index that has what is asked for side by side. */
const BY_ACTIVITY = 'order by activity_minute';

/**
 * How many there are, up to one more than is counted exactly: what is beyond is not read. Not in the order of the list: an index
 * in that order leads through the rows that the filter leaves out (a second for a million, where their own index takes 30 ms).
 */
function totalOf(parts: readonly string[][], order: string): string {
  const most = MOST_COUNTED + 1;
  const each = parts.map((part) => `(select from ${VIEW} ${whereOf(part)} ${order} limit ${most})`);
  return `(select count(*)::integer from (select from (${each.join(' union all ')}) parts limit ${most}) counted)`;
}

/** The newest of those heard of within a time lie at the end of the table, which the database would read from its beginning. */
const countingOrder = ({ last_activity_after, last_activity_before }: Selection): string =>
  last_activity_after === undefined && last_activity_before === undefined ? '' : BY_ACTIVITY;

/**
 * How many a filter finds, as {@link totalIn} takes it, and the last activity of the one that nobody heard of for longest: an expression
 * each. They are counted by the minute of that activity alone, which the entries of an index tell.
 */
export function countedBy(
  filter: Selection,
  now: DecisionTime,
  parameters: Parameters,
): { total: string; oldest: string } {
  const parts = partsOf({ filter, sort: 'last_activity_at', now }, parameters);
  const first = parts.map(
    (part) =>
      `(select last_activity_at from ${VIEW} ${whereOf(part)} order by activity_minute, last_activity_at limit 1)`,
  );
  return {
    total: totalOf(parts, BY_ACTIVITY),
    oldest: `(select min(last_activity_at) from (${first.join(' union all ')}) firsts)`,
  };
}

/**
 * A page of the list as one statement, with the checkpoint it is read at. One branch per status, each in the order of an
 * index, so that asking for two statuses is no slower than for one.
 */
export function listStatement(request: ListRequest): { text: string; values: unknown[] } {
  const { sort, limit, after, count = false } = request;
  const parameters = new Parameters();
  const descending = sort.startsWith('-');
  const { columns } = ORDERS[sortKeyOf(sort)];
  const keys = [...columns, 'execution_id'];
  const order = `order by ${keys.map((key) => `${key} ${descending ? 'desc' : 'asc'}`).join(', ')}`;
  const parts = partsOf(request, parameters);
  const behind = after ? [`(${keys.join(', ')}) ${descending ? '<' : '>'} ${placeOf(columns, after, parameters)}`] : [];
  const most = `${parameters.add(limit)}::integer`;
  const page = parts.map(
    (part) =>
      `(select ${LISTED}, ${columns.join(', ')} from ${VIEW} ${whereOf([...part, ...behind])} ${order} limit ${most} + 1)`,
  );
  const text = `select c.position as checkpoint, c.recorded_at as checkpoint_at, c.fold_version${count ? `, ${totalOf(parts, countingOrder(request.filter))} as total` : ''}, r.*
    from ledger.checkpoints c left join lateral (${bounded(`${LISTED_NAMES}, ${columns.join(', ')}`, `select * from (${page.join(' union all ')}) parts`, order, most)}) r on true
    where c.projection = ${parameters.add(executionStatus.name)} and c.live ${order}`;
  return { text, values: parameters.values };
}
