import type { Search } from '../../shared/search.js';

/** What a filter compares, which decides how its value is asked for. */
export type FilterKind = 'statuses' | 'text' | 'flag' | 'moment' | 'duration' | 'number';

/** A filter of the list of executions (docs/http-api.md, List). */
export interface Filter {
  /** The parameter of the API, which is that of the page's address as well. */
  readonly name: string;
  readonly label: string;
  readonly kind: FilterKind;
  /** What stands between label and value: asked for, and asked the other way round where that can be. */
  readonly verbs: readonly [string, string?];
  /** The API takes it several times though it is not asked the other way round. */
  readonly repeats?: true;
  readonly hint?: string;
}

const IS = ['is', 'is not'] as const;
const HOLDS = ['holds', 'does not hold'] as const;
const flag = (name: string, label = name): Filter => ({ name, label, kind: 'flag', verbs: [''] });
const moments = (name: string, label: string): Filter[] =>
  (['after', 'before'] as const).map((bound) => ({ name: `${name}_${bound}`, label, kind: 'moment', verbs: [bound] }));

/** All of them; test/web/executions-filters.spec.ts holds them to be those of docs/openapi.json. */
export const FILTERS: readonly Filter[] = [
  { name: 'status', label: 'status', kind: 'statuses', verbs: IS, repeats: true },
  { name: 'workflow_id', label: 'workflow', kind: 'text', verbs: IS },
  { name: 'run_id', label: 'run', kind: 'text', verbs: IS },
  { name: 'target', label: 'target', kind: 'text', verbs: IS },
  { name: 'kind', label: 'kind', kind: 'text', verbs: IS },
  { name: 'parent_execution_id', label: 'parent', kind: 'text', verbs: IS },
  { name: 'label', label: 'label', kind: 'text', verbs: IS, repeats: true, hint: 'key:value' },
  { name: 'q', label: 'id, run or workflow', kind: 'text', verbs: ['begins with'] },
  { name: 'error', label: 'error', kind: 'text', verbs: HOLDS, hint: 'at least three characters' },
  { name: 'failure_group', label: 'failure group', kind: 'text', verbs: IS, hint: 'its fingerprint' },
  flag('resumable'),
  flag('cancellable'),
  flag('stale'),
  flag('silent'),
  { name: 'silent_for', label: 'silent', kind: 'duration', verbs: ['for more than'], hint: 'such as 10m or 2h' },
  flag('dispatched'),
  flag('awaiting_worker', 'awaiting a worker'),
  flag('past_due', 'past its deadline'),
  flag('zombie', 'older attempt still reports'),
  flag('doubt', 'outcome in doubt'),
  flag('refused', 'has refused reports'),
  { name: 'attempt_above', label: 'attempts', kind: 'number', verbs: ['more than'] },
  ...moments('created', 'created'),
  ...moments('started', 'started'),
  ...moments('completed', 'ended'),
  ...moments('last_activity', 'last activity'),
];

const BY_NAME = new Map(FILTERS.map((filter) => [filter.name, filter]));

/** What the address says of the page alone. All else goes to the API, which says what it does not know: a filter that is
 * misspelt must not list, or cancel, everything. */
const OF_THE_PAGE = new Set(['columns']);
const ORDER = 'sort';

/** One filter as it stands in the address. */
export interface Chip {
  /** As in the address: `-status` is asked the other way round. */
  readonly name: string;
  readonly isNegated: boolean;
  readonly values: readonly string[];
  /** Missing where the API knows no such filter. */
  readonly filter: Filter | undefined;
}

const valuesOf = (search: Search, name: string): readonly string[] => [search[name] ?? []].flat();

/** The filters of an address in its order: statuses together in one, other values in a chip each. */
export function chipsOf(search: Search): Chip[] {
  return Object.keys(search)
    .filter((name) => !OF_THE_PAGE.has(name) && name !== ORDER)
    .flatMap((name) => {
      const isNegated = name.startsWith('-');
      const filter = BY_NAME.get(isNegated ? name.slice(1) : name);
      const values = valuesOf(search, name);
      const parts = filter?.kind === 'statuses' ? [values] : values.map((value) => [value]);
      return parts.map((part) => ({ name, isNegated, values: part, filter }));
    });
}

/** The address without a chip. */
export function withoutChip(search: Search, { name, values }: Chip): Search {
  const rest = valuesOf(search, name).filter((value) => !values.includes(value));
  return Object.fromEntries(
    Object.entries(search).flatMap(([each, value]) =>
      each !== name ? [[each, value]] : rest.length > 0 ? [[each, rest]] : [],
    ),
  );
}

/** The address with these values of a filter; in the place of a chip that is edited. One that is taken once is replaced. */
export function withChip(search: Search, name: string, values: readonly string[], edited?: Chip): Search {
  const before = edited === undefined ? search : withoutChip(search, edited);
  const filter = BY_NAME.get(name);
  const isOnce = filter !== undefined && (filter.repeats !== true || filter.kind === 'statuses');
  const all = isOnce ? values : [...new Set([...valuesOf(before, name), ...values])];
  return { ...before, [name]: all.length === 1 ? all[0]! : all };
}

/** The parameters that the API is asked with. */
export const queryOf = (search: Search): Search =>
  Object.fromEntries(Object.entries(search).filter(([name]) => !OF_THE_PAGE.has(name)));

/** The filters alone, whatever the order and the columns: what a selection of "all that match" means. */
export const filterOf = (search: Search): Search =>
  Object.fromEntries(Object.entries(queryOf(search)).filter(([name]) => name !== ORDER));

/** The address with order and columns alone. */
export const withoutFilters = (search: Search): Search =>
  Object.fromEntries(Object.entries(search).filter(([name]) => OF_THE_PAGE.has(name) || name === ORDER));

/** The filters as the JSON of a bulk command: flags are booleans, a number is a number, and what may repeat is an array. */
export const bulkFilterOf = (search: Search): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(filterOf(search)).map(([name, value]) => {
      const filter = BY_NAME.get(name);
      if (filter?.kind === 'flag' && (value === 'true' || value === 'false')) return [name, value === 'true'];
      if (filter?.kind === 'number') return [name, Number(value)];
      return [name, name.startsWith('-') || filter?.repeats === true ? [value].flat() : value];
    }),
  );
