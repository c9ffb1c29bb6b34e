/** What a list can be sorted by, and how its two ways are called: downwards, upwards. test/web/executions-filters.spec.ts holds
 * them to be those of docs/openapi.json. */
export const SORTS = {
  created_at: ['newest first', 'oldest first'],
  started_at: ['latest started first', 'first started first'],
  completed_at: ['latest ended first', 'first ended first'],
  duration_ms: ['longest first', 'shortest first'],
  last_activity_at: ['latest activity first', 'longest quiet first'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>;

export type SortField = keyof typeof SORTS;

/** An order of the list. */
export interface Sort {
  readonly field: SortField;
  readonly isDownwards: boolean;
}

const isField = (name: string): name is SortField => Object.hasOwn(SORTS, name);

/** The order that an address asks for; the API's own where it asks for none, or for one that there is not. */
export function sortOf(asked: string | readonly string[] | undefined): Sort {
  const name = typeof asked === 'string' ? asked : '-created_at';
  const field = name.replace(/^-/, '');
  return isField(field) ? { field, isDownwards: name.startsWith('-') } : { field: 'created_at', isDownwards: true };
}

export const sortName = ({ field, isDownwards }: Sort): string => `${isDownwards ? '-' : ''}${field}`;

/** What a press on a header asks for: what is latest first, then the other way round. */
export const pressed = (before: Sort, field: SortField): Sort => ({
  field,
  isDownwards: before.field !== field || !before.isDownwards,
});

export const sortWords = ({ field, isDownwards }: Sort): string => SORTS[field][isDownwards ? 0 : 1];
