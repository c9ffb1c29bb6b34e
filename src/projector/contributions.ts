import type {
  CounterProjection,
  Increment,
  ProjectedEvent,
  Projection,
  Row,
  RowProjection,
} from '../../projections/projection.js';
import type { Json } from '../domain/json.js';
import type { ExecutionState, ExistingExecution } from '../domain/execution.js';
import { encodeIncrements, encodeRows } from '../projection-tables/rows.js';

/** What an event did to the fold of its execution. */
export interface Change {
  readonly before: ExecutionState;
  readonly after: ExistingExecution;
  readonly event: ProjectedEvent;
}

/** Rows or increments, as the statement of their table takes them, and how many they are. */
export interface EncodedContributions {
  readonly encoded: string;
  readonly count: number;
}

/** What events contribute to a projection's table, gathered so that each of its rows is written once. */
export interface Contributions {
  /** Of what is counted, each change counts. A row is of the execution's last: its change is one object that goes with it. */
  add(change: Change): void;
  encoded(): EncodedContributions;
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

function rows(projection: RowProjection, encode: RowEncoder): Contributions {
  const last = new Set<Change>();
  return {
    add: (change) => void last.add(change),
    encoded: () => {
      const all = [...last].map(({ before, after, event }) => projection.contribute(before, after, event));
      return { encoded: encode(projection, all), count: all.length };
    },
  };
}

interface Sum {
  readonly key: Increment['key'];
  readonly add: Record<string, number>;
}

/** Sums by the values of their key columns, one column after the other: a text of all would have to be made for each event. */
interface Branch {
  readonly next: Map<Json, Branch>;
  sum?: Sum;
}

/** Of each key the sum; what comes to nothing is not written. */
function sums(projection: CounterProjection): Contributions {
  const root: Branch = { next: new Map() };
  const all: Sum[] = [];
  const sumOf = (key: Increment['key']): Sum => {
    let branch = root;
    for (const column of projection.key) {
      const value = key[column] ?? null;
      const next: Branch = branch.next.get(value) ?? { next: new Map() };
      branch.next.set(value, next);
      branch = next;
    }
    if (!branch.sum) all.push((branch.sum = { key, add: {} }));
    return branch.sum;
  };
  return {
    add: ({ before, after, event }) => {
      for (const { key, add } of projection.contribute(before, after, event)) {
        const sum = sumOf(key).add;
        for (const column in add) sum[column] = (sum[column] ?? 0) + add[column]!;
      }
    },
    encoded: () => {
      const moving = all.filter(({ add }) => Object.values(add).some((by) => by !== 0));
      return { encoded: encodeIncrements(projection, moving), count: moving.length };
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
