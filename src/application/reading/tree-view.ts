import { stringifyJson } from '../../encoding/json.js';
import type { TreeNodeView } from '../../contract/summaries.js';
import { compact } from '../../domain/json.js';
import { isWithin } from '../confinement.js';
import type { Status } from '../../domain/status.js';
import type { TreeNode } from '../../read-model/summaries.js';

/** How much of a tree one answer shows, in characters. */
const MOST_CHARACTERS = 4 * 1024 * 1024;

const shown = ({ executionId, target, targetCut, status, attempt, createdAt, children }: TreeNode): TreeNodeView =>
  compact({
    execution_id: executionId,
    target,
    truncated: targetCut ? ['target'] : undefined,
    status,
    attempt,
    created_at: createdAt,
    child_counts: children,
    children: [],
  }) as TreeNodeView;

/**
 * What a confined caller is shown of a tree: neither the executions outside nor what is below them, and of children how many
 * are shown; `left` where there are others.
 */
export function within(
  ids: string | undefined,
  nodes: readonly TreeNode[],
): { nodes: readonly TreeNode[]; left: boolean } {
  if (ids === undefined) return { nodes, left: false };
  const seen = new Map<string, TreeNode>();
  const childrenOf = new Map<string, Partial<Record<Status, number>>>();
  for (const node of nodes) {
    const { executionId, parentId, depth, status } = node;
    if (!isWithin(ids, executionId) || (depth > 0 && !seen.has(parentId!))) continue;
    const children: Partial<Record<Status, number>> = {};
    childrenOf.set(executionId, children);
    seen.set(executionId, { ...node, children });
    const siblings = depth > 0 ? childrenOf.get(parentId!)! : {};
    siblings[status] = (siblings[status] ?? 0) + 1;
  }
  return { nodes: [...seen.values()], left: seen.size < nodes.length };
}

/** Nodes, each parent before its children, as one tree: the first's; of the first of them, as many as one answer shows. */
export function nest(nodes: readonly TreeNode[]): { readonly root: TreeNodeView; readonly whole: boolean } {
  const views = new Map<string, TreeNodeView>();
  let left = MOST_CHARACTERS;
  for (const node of nodes) {
    const view = shown(node);
    left -= stringifyJson(view).length;
    if (left < 0 && views.size > 0) break;
    if (node.parentId !== undefined) views.get(node.parentId)?.children.push(view);
    views.set(node.executionId, view);
  }
  return { root: views.get(nodes[0]!.executionId)!, whole: views.size === nodes.length };
}
