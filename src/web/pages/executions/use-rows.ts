import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { answered, client } from '../../shared/api.js';
import type { Search } from '../../shared/search.js';
import { held, newer } from './held.js';
import { sortOf } from './sorts.js';
import { useInPlace } from './use-in-place.js';

/** Executions in the first page of the list, which is some screens of them, and in each after it: who reads on reads far. */
const PAGE = '100';
const NEXT_PAGE = '500';

/** A page of the list. The address is told as it stands; what the API does not know of it, it says. */
export const readPage = (query: Search, more: Record<string, string>, signal: AbortSignal) =>
  answered(client.GET('/api/v1/executions', { params: { query: { ...query, ...more } as never }, signal }));

/** They stay as they were read until somebody asks, or changes are heard: to read all pages anew would move every row. */
const STAY = { staleTime: Infinity, refetchOnWindowFocus: false, refetchOnReconnect: false } as const;

/**
 * The rows of a list: its pages as they were read, each row as it is now (`useInPlace`), and how many executions came before
 * them since. Nothing moves until `showNewer`.
 */
export function useRows(query: Search, isPaused: boolean) {
  const queries = useQueryClient();
  const key = useMemo(() => ['executions', query], [query]);
  const pages = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) =>
      readPage(query, pageParam === '' ? { limit: PAGE } : { limit: NEXT_PAGE, cursor: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: ({ next_cursor: next }) => next,
    placeholderData: keepPreviousData,
    ...STAY,
  });
  // The first page anew, and the total: after the rows, which so share no processor with a count.
  const head = useQuery({
    queryKey: ['executions-head', query],
    queryFn: ({ signal }) => readPage(query, { limit: PAGE, count: 'true' }, signal),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    enabled: pages.isSuccess && !pages.isPlaceholderData,
  });
  const rows = useMemo(() => held(pages.data?.pages ?? []), [pages.data]);
  const { refetch } = head;
  const { now, catchUp } = useInPlace(
    rows.at,
    isPaused,
    useCallback(() => void refetch(), [refetch]),
  );
  const isOfBefore = pages.isPlaceholderData || head.isPlaceholderData || pages.data === undefined;
  const ahead = useMemo(
    () => (isOfBefore || isPaused ? undefined : newer(head.data?.executions ?? [], rows, sortOf(query['sort']).field)),
    [isOfBefore, isPaused, head.data, rows, query],
  );
  const showNewer = useCallback(() => {
    if (head.data) queries.setQueryData(key, { pages: [head.data], pageParams: [''] });
  }, [queries, key, head.data]);
  return {
    pages,
    rows,
    /** A row as it is now. */
    now,
    catchUp,
    head: head.isPlaceholderData ? undefined : head.data,
    newer: ahead !== undefined && ahead.count > 0 ? ahead : undefined,
    showNewer,
  };
}

export type Rows = ReturnType<typeof useRows>;
