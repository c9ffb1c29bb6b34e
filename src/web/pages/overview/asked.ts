import { lastOf, type Last } from '../../shared/last.js';
import { parseSearch, type Search } from '../../shared/search.js';

/** What the figures of the page can be narrowed by, as the API and the address call it. */
export const NARROWED_BY = { workflow_id: 'workflow', target: 'target', kind: 'kind' } as const;
export type Narrow = Partial<Record<keyof typeof NARROWED_BY, string>>;
export const NARROW_KEYS = Object.keys(NARROWED_BY) as (keyof Narrow)[];

export const OVERVIEW_LASTS: readonly Last[] = ['1h', '24h', '7d', '31d'];

/** What outcomes are told apart by. */
export const BYS = ['status', 'workflow', 'target', 'kind'] as const;
export type By = (typeof BYS)[number];

/** What an address asks the page for. */
export interface OverviewQuery {
  readonly narrow: Narrow;
  readonly last: Last;
  readonly by: By;
}

export function askedOf(search: Search): OverviewQuery {
  const given = NARROW_KEYS.flatMap((key) => (typeof search[key] === 'string' ? [[key, search[key]]] : []));
  return {
    narrow: Object.fromEntries(given) as Narrow,
    last: lastOf(search, OVERVIEW_LASTS),
    by: BYS.find((by) => by === search['by']) ?? 'status',
  };
}

/** Counts of all executions are kept by workflow and target alone: what of the narrowing they take. */
export const countable = ({ workflow_id, target }: Narrow): Narrow => ({
  ...(workflow_id !== undefined && { workflow_id }),
  ...(target !== undefined && { target }),
});

/** The parameters of an address of the API: the page with the list takes the same. */
export const searchOf = (address: string): Search => parseSearch(address.split('?')[1] ?? '');

const VARYING = /(<(?:text|url|path|id|n)>)/;

/** A pattern in its parts: what all the errors say, and in marks what differs from one to the next. */
export const partsOf = (pattern: string): readonly { readonly text: string; readonly varies: boolean }[] =>
  pattern
    .split(VARYING)
    .filter((part) => part !== '')
    .map((part) =>
      VARYING.test(part) ? { text: `‹${part.slice(1, -1)}›`, varies: true } : { text: part, varies: false },
    );

interface Version {
  readonly execution_id: string;
  readonly revision: number;
}

/** How many of the newest rows are not among those shown, or stand there as they were before. */
export function newerThan(shown: readonly Version[], newest: readonly Version[]): number {
  const revisions = new Map(shown.map(({ execution_id, revision }) => [execution_id, revision]));
  return newest.filter(({ execution_id, revision }) => revisions.get(execution_id) !== revision).length;
}
