import type pg from 'pg';
import { executionStatus } from '../../projections/execution-status.js';
import { listStatement } from '../../src/read-model/list-query.js';
import type { ListRequest } from '../../src/read-model/read-model.js';
import { tableOf } from '../../src/read-model/table.js';

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly Node[];
}

/** How a list was answered. */
export interface Explained {
  /** Execution, in milliseconds, at best. */
  readonly ms: number;
  /** The nodes of the plan that read the table of lists. */
  readonly scans: readonly string[];
}

const table = tableOf(executionStatus).split('.')[1];
const flat = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(flat)];

/** Runs the list's statement so many times, or until one is within `enough`: other programs of the machine are not the plan's fault. */
export async function explain(
  client: pg.ClientBase,
  request: ListRequest,
  runs: number,
  enough: number,
): Promise<Explained> {
  const { text, values } = listStatement(request);
  const best: { ms: number; scans: string[] } = { ms: Infinity, scans: [] };
  for (let run = 0; run < runs && best.ms > enough; run++) {
    const { rows } = await client.query(`explain (analyze, timing off, format json) ${text}`, values);
    const [{ Plan, 'Execution Time': ms }] = rows[0]['QUERY PLAN'] as [{ Plan: Node; 'Execution Time': number }];
    best.ms = Math.min(best.ms, ms);
    best.scans = flat(Plan)
      .filter((node) => node['Relation Name'] === table || node['Index Name']?.startsWith(table!))
      .map((node) => `${node['Node Type']} ${node['Index Name'] ?? ''}`);
  }
  return best;
}
