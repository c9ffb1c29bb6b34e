import type pg from 'pg';
import { executionStatus } from '../../../projections/execution-status.js';
import type { Projection } from '../../../projections/projection.js';
import { tableOf } from '../../../src/projection-tables/table.js';

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly Node[];
}

interface Root extends Node {
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
}

/** How a question to a table was answered. */
export interface ExplainedQuery {
  /** How many blocks of 8 KiB were looked at: the work, whatever else the machine does. */
  readonly blocks: number;
  /** Execution, in milliseconds. */
  readonly ms: number;
  /** The nodes of the plan that read the table. */
  readonly scans: readonly string[];
}

const flat = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(flat)];

/** Runs a statement once, and tells how; `projection`: whose table is looked at, that of lists by default. */
export async function explain(
  client: pg.ClientBase,
  { text, values }: { readonly text: string; readonly values: unknown[] },
  projection: Projection = executionStatus,
): Promise<ExplainedQuery> {
  const { rows } = await client.query(`explain (analyze, buffers, timing off, format json) ${text}`, values);
  const [{ Plan, 'Execution Time': ms }] = rows[0]['QUERY PLAN'] as [{ Plan: Root; 'Execution Time': number }];
  const table = tableOf(projection, 1).split('.')[1];
  const scans = flat(Plan)
    .filter((node) => node['Relation Name'] === table || node['Index Name']?.startsWith(table!))
    .map((node) => `${node['Node Type']} ${node['Index Name'] ?? ''}`);
  return { ms, blocks: Plan['Shared Hit Blocks'] + Plan['Shared Read Blocks'], scans };
}
