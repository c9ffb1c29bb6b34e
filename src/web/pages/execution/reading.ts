import { queryOptions } from '@tanstack/react-query';
import { ApiProblem, answered, client, queries } from '../../shared/api.js';
import type { Execution, RefusedEvent, HistoryEvent } from './story.js';

/** The largest page that the API gives, and how many of them are read of one execution. */
const PAGE = 1_000;
const MOST_PAGES = 20;

/** One execution without its payloads, as fresh as the log: a giant among them does not hold the page up. */
export const execution = (id: string) =>
  queryOptions({
    queryKey: ['execution', id],
    queryFn: async (): Promise<Execution> => {
      const found = (await answered(client.POST('/api/v1/executions/batch-status', { body: { execution_ids: [id] } })))[
        id
      ] as Execution | { readonly status: 'not_found' } | undefined;
      if (found === undefined || (found.status as string) === 'not_found')
        throw new ApiProblem(404, { detail: `No execution is called ${id}.` });
      return found as Execution;
    },
  });

interface Page<T> {
  readonly events: readonly T[];
  readonly next_revision: number;
  readonly head_revision: number;
}

/** Reads on from what is known of an execution; of a long history the last `MOST_PAGES`, and says what is left out. */
async function readOn<T>(
  key: readonly string[],
  head: number,
  read: (from: number) => Promise<Page<T>>,
): Promise<HistoryTail<T>> {
  const known = queries.getQueryData<HistoryTail<T>>(key);
  const events = [...(known?.events ?? [])];
  const leftOut = known?.leftOut ?? Math.max(0, head + 1 - PAGE * MOST_PAGES);
  for (let from = leftOut + events.length; ;) {
    const page = await read(from);
    events.push(...page.events);
    from = page.next_revision;
    if (page.events.length === 0 || from > page.head_revision) break;
  }
  return { events, leftOut };
}

/** Events in the order of their revisions, and how many earlier ones are left out. */
export interface HistoryTail<T> {
  readonly events: readonly T[];
  readonly leftOut: number;
}

const pageOf = (id: string, from: number) => ({
  params: { path: { id }, query: { from_revision: from, limit: PAGE } },
});

/** The history up to a revision: read on whenever there is a later one. */
export const history = (id: string, revision: number) =>
  queryOptions({
    queryKey: ['history', id],
    queryFn: () =>
      readOn<HistoryEvent>(['history', id], revision, (from) =>
        answered(client.GET('/api/v1/executions/{id}/events', pageOf(id, from))),
      ),
    staleTime: Infinity,
  });

/** What was refused; `count` tells when there is more. */
export const refused = (id: string, count: number) =>
  queryOptions({
    queryKey: ['refused', id],
    queryFn: () =>
      readOn<RefusedEvent>(['refused', id], count, (from) =>
        answered(client.GET('/api/v1/executions/{id}/refused', pageOf(id, from))),
      ),
    staleTime: Infinity,
  });

/** The execution as it stood at a revision. */
export const stateAt = (id: string, revision: number) =>
  queryOptions({
    queryKey: ['state', id, revision],
    queryFn: () =>
      answered(
        client.GET('/api/v1/executions/{id}/state', {
          params: { path: { id }, query: { at_revision: revision } },
        }),
      ) as Promise<Execution>,
    staleTime: Infinity,
  });

export const tree = (id: string) =>
  queryOptions({
    queryKey: ['tree', id],
    queryFn: () =>
      answered(
        client.GET('/api/v1/executions/{id}/tree', { params: { path: { id }, query: { depth: 1, limit: 50 } } }),
      ),
  });

/** The last executions of the same target, the newest first. */
export const ofTarget = (target: string) =>
  queryOptions({
    queryKey: ['of-target', target],
    queryFn: () =>
      answered(client.GET('/api/v1/executions', { params: { query: { target: [target], limit: 6 } as never } })),
  });
