import { queryOptions, useQuery } from '@tanstack/react-query';
import { answered, client } from './api.js';

/** Whoever is signed in; where the ledger has no API keys, everybody. */
export const session = queryOptions({
  queryKey: ['session'],
  queryFn: () => answered(client.GET('/api/v1/session')),
  staleTime: 60_000,
});

export type Scope = 'read' | 'report' | 'command' | 'operate';

/** Whether whoever is signed in may do what a scope allows; a page shows what it does not allow as disabled, with the reason. */
export function useMay(scope: Scope): boolean {
  const { data } = useQuery(session);
  return (data?.scopes as readonly string[] | undefined)?.includes(scope) === true;
}
