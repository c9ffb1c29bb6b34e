import { queryOptions } from '@tanstack/react-query';
import type { components } from '../../client/openapi.js';
import { answered, client } from './api.js';
import { whole } from './format.js';

export type Inbox = components['schemas']['Inbox'];

const EVERY_MS = 15_000;

/** What needs a person. Some of it comes with time alone, without a change: it is asked again and again. */
export const inbox = queryOptions({
  queryKey: ['inbox'],
  queryFn: () => answered(client.GET('/api/v1/inbox')),
  refetchInterval: EVERY_MS,
});

/** How many there are; where one of the counts stopped, there are more. */
export function countOf(items: readonly { readonly count: number; readonly count_is_exact: boolean }[]): string {
  const sum = items.reduce((all, { count }) => all + count, 0);
  return whole(sum) + (items.every(({ count_is_exact }) => count_is_exact) ? '' : '+');
}
