import { executionStatus, minuteOf } from '../../projections/execution-status.js';
import { INDEXED_LENGTH } from '../../projections/short-text.js';
import { encodeText } from '../contract/json.js';
import { sortKeyOf, type SortKey } from '../contract/queries.js';
import { staleBefore, type Now } from '../domain/resumable.js';
import { activity, branches, conditions, type Silence } from './list-filters.js';
import { SHORT_BYTES, type Keyset, type ListRequest } from './read-model.js';
import { viewOf } from './table.js';
import { beginnings, Parameters } from './text-conditions.js';

function silenceCondition(silence: Silence, now: Now, parameters: Parameters): string[] {
  if (silence === 'either') return [];
  return [activity(silence === 'silent' ? '<' : '>=', staleBefore(now), parameters)];
}

/** The columns of each order, as an index has them, and the condition of that index. */
const ORDERS: Readonly<Record<SortKey, { columns: readonly string[]; where?: string }>> = {
  created_at: { columns: ['created_at'] },
  completed_at: { columns: ['completed_at'], where: 'completed_at is not null' },
  // The minutes are in the order of the moments; those of one minute are sorted.
  last_activity_at: { columns: ['activity_minute', 'last_activity_at'] },
};

/** A place in an order: where a page goes on. */
function placeOf(columns: readonly string[], { key, executionId }: Keyset, parameters: Parameters): string {
  const moments = columns.map((column) => (column === 'activity_minute' ? minuteOf(key) : key));
  const values = moments.map((at) => `${parameters.add(at)}::timestamptz`);
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

const COLUMNS = 'execution_id, state, revision, position, refused_revision, unreadable_revision, contradicted_attempt';
/** What a list reads of a row, from the view; and the names of it, from what was read so. */
export const LISTED = `${COLUMNS}, ${whyUnreadable(viewOf(executionStatus))} as unreadable_error`;
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

/**
 * A page of the list as one statement, with the checkpoint it is read at. One branch per status, each in the order of an
 * index, so that asking for two statuses is no slower than for one.
 */
export function listStatement({ filter, sort, limit, after, now }: ListRequest): { text: string; values: unknown[] } {
  const parameters = new Parameters();
  const descending = sort.startsWith('-');
  const { columns, where: having = [] } = ORDERS[sortKeyOf(sort)];
  const keys = [...columns, 'execution_id'];
  const order = `order by ${keys.map((key) => `${key} ${descending ? 'desc' : 'asc'}`).join(', ')}`;
  const common = conditions(filter, parameters, now).concat(having);
  if (after) common.push(`(${keys.join(', ')}) ${descending ? '<' : '>'} ${placeOf(columns, after, parameters)}`);
  const most = `${parameters.add(limit)}::integer`;
  const select = (more: readonly string[]): string => {
    const where = [...common, ...more].join(' and ');
    return `(select ${LISTED}, ${columns.join(', ')} from ${viewOf(executionStatus)} ${where && `where ${where}`} ${order} limit ${most} + 1)`;
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
    from ledger.checkpoints c left join lateral (${bounded(`${LISTED_NAMES}, ${columns.join(', ')}`, `select * from (${page}) parts`, order, most)}) r on true
    where c.projection = ${parameters.add(executionStatus.name)} and c.live ${order}`;
  return { text, values: parameters.values };
}
