import type {
  CounterProjection,
  Increment,
  ProjectedEvent,
  Projection,
  Row,
  RowProjection,
} from '../../projections/projection.js';
import type { RecordedEvent } from '../domain/events.js';
import type { ExecutionState, ExistingExecution } from '../domain/execution.js';
import type { StoredEvent } from '../event-store/event-store.js';
import { encodeIncrements, encodeRows } from '../read-model/table.js';

/** What an event did to the fold of its execution. */
export interface Change {
  readonly executionId: string;
  readonly before: ExecutionState;
  readonly after: ExistingExecution;
  readonly stored: StoredEvent;
  /** As it was read; none where it is not ours. */
  readonly event: RecordedEvent | undefined;
}

/** The event as a projection is shown it. */
function projected({ executionId: execution_id, stored, event }: Omit<Change, 'before' | 'after'>): ProjectedEvent {
  const { revision, position, recordedAt: recorded_at } = stored;
  return event ? { ...event, execution_id } : { type: 'foreign', revision, position, recorded_at, execution_id };
}

/** What events contribute to a projection's table, gathered so that each of its rows is written once. */
export interface Contributions {
  add(change: Change): void;
  /** As the statement of the table takes them. */
  encoded(): { readonly written: string; readonly count: number };
}

/** A projection threw, or gave what no table takes. */
export class FoldFailed extends Error {
  override readonly name = 'FoldFailed';
}

/** A failure of what a projection wrote, told from the database's. */
const blame = ({ name }: Projection, error: unknown): FoldFailed =>
  new FoldFailed(`${name} cannot take it: ${error instanceof Error ? error.message : String(error)}`);

/** Writes rows down, for a statement or for a bulk load. */
export type RowEncoder = (projection: Projection, rows: readonly Row[]) => string;

/** Of each execution the row after its last event. */
function rows(projection: RowProjection, encode: RowEncoder): Contributions {
  const last = new Map<string, Change>();
  return {
    add: (change) => void last.set(change.executionId, change),
    encoded: () => {
      const all = [...last.values()].map(({ before, after, ...what }) =>
        projection.contribute(before, after, projected(what)),
      );
      return { written: encode(projection, all), count: all.length };
    },
  };
}

/** Of each key the sum; what comes to nothing is not written. */
function sums(projection: CounterProjection): Contributions {
  const all = new Map<string, { readonly key: Increment['key']; readonly add: Record<string, number> }>();
  return {
    add: ({ before, after, ...what }) => {
      for (const { key, add } of projection.contribute(before, after, projected(what))) {
        const name = JSON.stringify(projection.key.map((column) => key[column] ?? null));
        const sum = all.get(name) ?? { key, add: {} };
        for (const [column, by] of Object.entries(add)) sum.add[column] = (sum.add[column] ?? 0) + by;
        all.set(name, sum);
      }
    },
    encoded: () => {
      const moving = [...all.values()].filter(({ add }) => Object.values(add).some((by) => by !== 0));
      return { written: encodeIncrements(projection, moving), count: moving.length };
    },
  };
}

/** The contributions of one page to a projection. */
export function contributionsTo(projection: Projection, encode: RowEncoder = encodeRows): Contributions {
  const { add, encoded } = projection.kind === 'rows' ? rows(projection, encode) : sums(projection);
  return {
    add: (change) => {
      try {
        add(change);
      } catch (error) {
        throw blame(projection, error);
      }
    },
    encoded: () => {
      try {
        return encoded();
      } catch (error) {
        throw blame(projection, error);
      }
    },
  };
}
