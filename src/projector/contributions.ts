import type {
  CounterProjection,
  Increment,
  ProjectedEvent,
  Projection,
  Row,
  RowProjection,
} from '../../projections/projection.js';
import type { ExecutionState, ExistingExecution } from '../domain/execution.js';
import { encodeIncrements, encodeRows } from '../read-model/table.js';

/** What events contribute to a projection's table, gathered so that each of its rows is written once. */
export interface Contributions {
  add(before: ExecutionState, after: ExistingExecution, event: ProjectedEvent): void;
  /** As the statement of the table takes them. */
  encoded(): { readonly written: string; readonly count: number };
}

/** A projection threw, or gave what no table takes. */
export class FoldFailed extends Error {
  override readonly name = 'FoldFailed';
}

/** Runs what a projection wrote, so that its failure is told from the database's. */
function blaming<T>({ name }: Projection, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw new FoldFailed(`${name} cannot take it: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Writes rows down, for a statement or for a bulk load. */
export type RowEncoder = (projection: Projection, rows: readonly Row[]) => string;

/** Of each execution the row after its last event. */
function rows(projection: RowProjection, encode: RowEncoder): Contributions {
  const last = new Map<string, Parameters<RowProjection['contribute']>>();
  return {
    add: (...change) => void last.set(change[2].execution_id, change),
    encoded: () => {
      const all = [...last.values()].map((change) => projection.contribute(...change));
      return { written: encode(projection, all), count: all.length };
    },
  };
}

/** Of each key the sum; what comes to nothing is not written. */
function sums(projection: CounterProjection): Contributions {
  const all = new Map<string, { readonly key: Increment['key']; readonly add: Record<string, number> }>();
  return {
    add: (...change) => {
      for (const { key, add } of projection.contribute(...change)) {
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
    add: (...change) => blaming(projection, () => add(...change)),
    encoded: () => blaming(projection, encoded),
  };
}
