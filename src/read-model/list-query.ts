import { executionStatus, INDEXED_LENGTH, labelText } from '../../projections/execution-status.js';
import { encodeText } from '../contract/json.js';
import type { ListFilter } from '../contract/queries.js';
import { staleBefore, type Now } from '../domain/resumable.js';
import { STATUSES, type Status } from '../domain/status.js';
import type { ListRequest } from './read-model.js';
import { tableOf } from './table.js';

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

/** The statuses that a filter lets through, each with the silence it asks for; undefined where it asks for none. */
export function branches(filter: ListFilter): [Status, Silence][] | undefined {
  const { status, resumable, stale } = filter;
  if (status === undefined && resumable === undefined && stale === undefined) return undefined;
  return STATUSES.filter((one) => status?.includes(one) ?? true).flatMap((one): [Status, Silence][] => {
    const asked = [meets(RESUMABLE, one, resumable), meets(STALE, one, stale)];
    const silences = new Set(asked.filter((silence) => silence !== 'either'));
    if (silences.has(undefined) || silences.size > 1) return [];
    return [[one, [...silences][0] ?? 'either']];
  });
}

const EQUAL = ['workflow_id', 'run_id', 'target', 'kind', 'parent_execution_id'] as const;
const PREFIXED = ['execution_id', `left(run_id, ${INDEXED_LENGTH})`, `left(workflow_id, ${INDEXED_LENGTH})`];

/** A prefix as a pattern of `like`. */
const pattern = (prefix: string): string => encodeText(prefix).replace(/[\\%_]/g, '\\$&') + '%';

/** The conditions that hold for every branch. */
function conditions(filter: ListFilter, parameters: Parameters): string[] {
  const all: string[] = [];
  for (const column of EQUAL) {
    const value = filter[column];
    if (value === undefined) continue;
    const given = parameters.add(encodeText(value));
    all.push(`left(${column}, ${INDEXED_LENGTH}) = left(${given}, ${INDEXED_LENGTH})`);
    if (value.length > INDEXED_LENGTH) all.push(`${column} = ${given}`);
  }
  for (const label of filter.label ?? []) {
    const colon = label.indexOf(':');
    const text = labelText(label.slice(0, colon), label.slice(colon + 1));
    all.push(`labels @> array[${parameters.add(encodeText(text))}]::text[]`);
  }
  if (filter.q !== undefined) {
    const like = parameters.add(pattern(filter.q));
    all.push(`(${PREFIXED.map((column) => `${column} like ${like}`).join(' or ')})`);
  }
  if (filter.cancellable !== undefined) all.push(filter.cancellable ? 'not sealed' : 'sealed');
  if (filter.refused !== undefined) all.push(`refused_revision ${filter.refused ? '>=' : '<'} 0`);
  if (filter.created_after !== undefined) all.push(`created_at > ${parameters.add(filter.created_after)}`);
  if (filter.created_before !== undefined) all.push(`created_at < ${parameters.add(filter.created_before)}`);
  return all;
}

function silenceCondition(silence: Silence, now: Now, parameters: Parameters): string[] {
  if (silence === 'either') return [];
  return [`last_activity_at ${silence === 'silent' ? '<' : '>='} ${parameters.add(staleBefore(now))}`];
}

/** What a list reads of a row. */
export const LISTED = 'execution_id, state, revision, position, refused_revision, unreadable_revision';

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
  const most = parameters.add(limit);
  const select = (more: readonly string[]): string => {
    const where = [...common, ...more].join(' and ');
    const columns = `${LISTED}, ${key}`;
    return `(select ${columns} from ${tableOf(executionStatus)} ${where && `where ${where}`} ${order} limit ${most})`;
  };
  const wanted = branches(filter)?.map(([status, silence]) =>
    select([`status = ${parameters.add(status)}`, ...silenceCondition(silence, now, parameters)]),
  );
  const page = wanted === undefined ? select([]) : wanted.length === 0 ? select(['false']) : wanted.join(' union all ');
  const { name, version } = executionStatus;
  const text = `select c.position as checkpoint, c.recorded_at as checkpoint_at, r.*
    from ledger.checkpoints c left join lateral (select * from (${page}) u ${order} limit ${most}) r on true
    where c.projection = ${parameters.add(name)} and c.version = ${parameters.add(version)} ${order}`;
  return { text, values: parameters.values };
}
