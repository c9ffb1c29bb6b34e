import { runTree } from '../../projections/run-tree.js';
import { INDEXED_LENGTH } from '../../projections/short-text.js';
import { decodeText, encodeText } from '../encoding/json.js';
import type { Status } from '../domain/status.js';
import type { CheckpointRow } from '../projection-tables/checkpoint.js';
import { viewOf } from '../projection-tables/table.js';
import type { Counts, Tree, TreeNode, TreeRequest } from './summaries.js';

type Total = readonly [status: Status, count: number];

interface NodeRow {
  readonly execution_id: string;
  /** Of the first. */
  readonly run_id: string | null;
  readonly parent_execution_id: string | null;
  readonly target: string | null;
  readonly target_cut: boolean;
  readonly status: Status;
  readonly attempt: number;
  readonly created_at: string;
  readonly depth: number;
}

export interface TreeRow extends CheckpointRow {
  readonly nodes: readonly NodeRow[] | null;
  readonly children: readonly (readonly [parent: string, ...Total])[] | null;
  readonly run: readonly Total[] | null;
}

const TABLE = viewOf(runTree);
const SHOWN = 'execution_id, parent_execution_id, target, target_cut, status, attempt, created_at';
const same = (column: string, given: string): string =>
  `left(${column}, ${INDEXED_LENGTH}) = left(${given}, ${INDEXED_LENGTH}) and ${column} = ${given}`;

/** The run is told once, with the root. Generation by generation, so that a limit cuts off the farthest. A parent that is its own descendant ends there. */
const TEXT = `with recursive tree as (
    select ${SHOWN}, run_id, 0 as depth, array[execution_id] as path from ${TABLE} where execution_id = $2
    union all
    select child.*, null, tree.depth + 1, tree.path || child.execution_id
      from tree cross join lateral (
        select ${SHOWN} from ${TABLE} where ${same('parent_execution_id', 'tree.execution_id')}
         order by created_at, execution_id limit $4
      ) child
     where tree.depth < $3 and child.execution_id <> all (tree.path)
  ), nodes as materialized (select ${SHOWN}, run_id, depth from tree limit $4)
  select c.position as checkpoint, c.recorded_at as checkpoint_at,
         (select json_agg(nodes) from nodes) as nodes,
         (select json_agg(json_build_array(parent, status, count)) from (
            select child.parent_execution_id as parent, child.status, count(*) as count
              from nodes join ${TABLE} child on ${same('child.parent_execution_id', 'nodes.execution_id')}
             group by 1, 2) totals) as children,
         (select json_agg(json_build_array(status, count)) from (
            select member.status, count(*) as count
              from (select run_id from nodes where depth = 0) root
              join ${TABLE} member on ${same('member.run_id', 'root.run_id')} group by 1) totals) as run
    from ledger.checkpoints c where c.projection = $1 and c.live`;

/** A tree with its totals in one statement: all of it stands at one checkpoint. */
export const treeStatement = ({ executionId, depth, limit }: TreeRequest): { text: string; values: unknown[] } => ({
  text: TEXT,
  // One more than asked for tells whether there are more.
  values: [runTree.name, encodeText(executionId), depth, limit + 1],
});

const decoded = (text: string | null): string | undefined => (text === null ? undefined : decodeText(text));

/** The tree that was found; undefined where there is no such execution. */
export function treeOf(row: TreeRow | undefined, limit: number): Tree | undefined {
  const nodes = row?.nodes ?? [];
  if (nodes.length === 0) return undefined;
  const children = new Map<string, Record<string, number>>();
  for (const [parent, status, count] of row?.children ?? []) {
    children.set(parent, { ...children.get(parent), [status]: count });
  }
  const shown = nodes.slice(0, limit).map((node): TreeNode => ({
    executionId: decodeText(node.execution_id),
    parentId: decoded(node.parent_execution_id),
    depth: node.depth,
    target: decoded(node.target),
    targetCut: node.target_cut,
    status: node.status,
    attempt: node.attempt,
    createdAt: new Date(node.created_at).toISOString(),
    children: children.get(node.execution_id) ?? {},
  }));
  const run = Object.fromEntries(row?.run ?? []) as Counts;
  return { runId: decodeText(nodes[0]!.run_id!), run, nodes: shown, truncated: nodes.length > limit };
}
