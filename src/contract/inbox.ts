import * as z from 'zod';
import { FAILURES } from '../../projections/failure-pattern.js';
import type { ListFilter } from '../read-model/list-request.js';
import { instantOut } from './primitives.js';
import { asOf, waitFor } from './queries.js';

/** What the inbox has of executions: each kind by the filter of lists that shows it. */
export const INBOX_LISTS = {
  silent: { silent: true },
  contradicted: { doubt: true },
  zombies: { zombie: true },
  failed_and_resumable: { status: [...FAILURES], resumable: true },
  waiting_for_approval: { status: ['waiting'] },
  past_due: { past_due: true },
} as const satisfies Readonly<Record<string, ListFilter>>;
export type InboxList = keyof typeof INBOX_LISTS;
export const INBOX_LIST_KINDS = Object.keys(INBOX_LISTS) as InboxList[];

/** What it has of the projections. */
export const INBOX_PROJECTION_KINDS = ['drift', 'parked_events', 'stalled_projections'] as const;
export type InboxProjectionKind = (typeof INBOX_PROJECTION_KINDS)[number];

/** The address of the list that shows a kind, what nobody heard of for longest first. */
export function listAddress(kind: InboxList): string {
  const asked = Object.entries({ ...INBOX_LISTS[kind], sort: 'last_activity_at' });
  const parameters = asked.flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, String(one)]),
  );
  return `/api/v1/executions?${new URLSearchParams(parameters).toString()}`;
}

/** `GET /inbox`. */
export const inboxQuery = z.strictObject(waitFor);
export type InboxQuery = z.infer<typeof inboxQuery>;

const item = z.object({
  kind: z.enum([...INBOX_LIST_KINDS, ...INBOX_PROJECTION_KINDS]),
  count: z.int(),
  count_is_exact: z.boolean().meta({ description: 'False where there are more than the 10,000 of count' }),
  oldest_at: instantOut.optional().meta({
    description:
      'The last activity of the execution that nobody heard of for longest; of drift, when it was found; of stalled projections, since when the first stands still',
  }),
  query: z.string().meta({ description: 'The address that shows them' }),
});
export type InboxItem = z.infer<typeof item>;

export const inbox = z
  .object({
    items: z.array(item).meta({
      description: 'Each kind, those without anything included; for a confined key without what is of projections',
    }),
    as_of: asOf,
  })
  .meta({ id: 'Inbox' });
