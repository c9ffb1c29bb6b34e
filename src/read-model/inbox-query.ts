import { executionStatus } from '../../projections/execution-status.js';
import type { Instant } from '../domain/events.js';
import type { CheckpointRow } from '../projection-tables/checkpoint.js';
import { countedBy, totalIn } from './list-query.js';
import type { InboxRequest, Total } from './list-request.js';
import { Parameters } from './text-conditions.js';

export interface InboxRow extends CheckpointRow {
  readonly kind: string;
  readonly counted: number;
  readonly oldest: Date | null;
}

/** How many there are of a kind, and when that one was last heard of that nobody heard of for longest. */
export interface InboxCount extends Total {
  readonly oldest?: Instant;
}

/** All kinds in one statement, a row each, so that they are as of the same position: that of the checkpoint beside them. */
export function inboxStatement({ filters, now }: InboxRequest): { text: string; values: unknown[] } {
  const parameters = new Parameters();
  const kinds = Object.entries(filters).map(([kind, filter]) => {
    const { total, oldest } = countedBy(filter, now, parameters);
    return `select ${parameters.add(kind)}::text as kind, ${total} as counted, ${oldest} as oldest`;
  });
  const text = `select c.position as checkpoint, c.recorded_at as checkpoint_at, kinds.*
    from ledger.checkpoints c cross join (${kinds.join(' union all ')}) kinds
   where c.projection = ${parameters.add(executionStatus.name)} and c.live`;
  return { text, values: parameters.values };
}

export const inboxOf = (rows: readonly InboxRow[]): Map<string, InboxCount> =>
  new Map(
    rows.map(({ kind, counted, oldest }) => [
      kind,
      { ...totalIn(counted), ...(oldest !== null && { oldest: oldest.toISOString() }) },
    ]),
  );
