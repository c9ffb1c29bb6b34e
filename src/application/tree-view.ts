import type { TreeNodeView } from '../contract/summaries.js';
import { compact } from '../domain/json.js';
import type { TreeNode } from '../read-model/summaries.js';

const shown = ({ executionId, target, status, attempt, createdAt, children }: TreeNode): TreeNodeView =>
  compact({
    execution_id: executionId,
    target,
    status,
    attempt,
    created_at: createdAt,
    child_counts: children,
    children: [],
  }) as TreeNodeView;

/** Nodes, each parent before its children, as one tree: the first's. */
export function nest(nodes: readonly TreeNode[]): TreeNodeView {
  const views = new Map<string, TreeNodeView>();
  for (const node of nodes) {
    const view = shown(node);
    if (node.parentId !== undefined) views.get(node.parentId)?.children.push(view);
    views.set(node.executionId, view);
  }
  return views.get(nodes[0]!.executionId)!;
}
