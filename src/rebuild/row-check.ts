import type pg from 'pg';
import type { RowProjection } from '../../projections/projection.js';
import { decodeText } from '../encoding/json.js';
import { executionStream } from '../domain/stream.js';
import type { EventStore } from '../event-store/event-store.js';
import { streamPages } from '../event-store/stream-pages.js';
import { recordColumns } from '../projection-tables/rows.js';
import { tableOf } from '../projection-tables/table.js';
import { PageFold } from '../projector/page-fold.js';

/** How often a row is looked at that moves whenever it is. */
const LOOKS = 5;

/** A row that is not the fold of its stream, and the columns in which it differs. */
export interface DifferingRow {
  readonly executionId: string;
  readonly fields: readonly string[];
  readonly live: Readonly<Record<string, string | null>>;
  readonly rebuilt: Readonly<Record<string, string | null>>;
  /** Of the same, for whom the values themselves are not meant: the beginnings of their SHA-256. */
  readonly digests: Readonly<Record<'live' | 'rebuilt', Readonly<Record<string, string | null>>>>;
}

export interface RowCheckResult {
  readonly rows: number;
  readonly events: number;
  readonly differing: readonly DifferingRow[];
}

interface CheckedRow {
  readonly execution_id: string;
  readonly moved: boolean;
  readonly fields: string[];
  readonly live: Record<string, string | null>;
  readonly rebuilt: Record<string, string | null>;
  readonly digests: DifferingRow['digests'];
}

/** Holds single rows against the log: each against the fold of its stream up to the row's revision. */
export class RowCheck {
  private readonly table: string;
  private readonly statement: string;

  constructor(
    private readonly store: EventStore,
    private readonly projection: RowProjection,
    version: number,
  ) {
    this.table = tableOf(projection, version);
    const columns = Object.keys(projection.columns).filter((column) => column !== projection.key);
    const shown = (side: string) =>
      `json_build_object(${columns.map((c) => `'${c}', left(${side}.${c}::text, 200)`).join(', ')})`;
    const digest = (side: string): string => {
      const ofColumns = columns.map(
        (c) => `'${c}', left(encode(sha256(convert_to(${side}.${c}::text, 'UTF8')), 'hex'), 16)`,
      );
      return `json_build_object(${ofColumns.join(', ')})`;
    };
    const row = (side: string) => `(${columns.map((c) => `${side}.${c}`).join(', ')})`;
    // What was looked at and has no fold is a row that no stream has. One that went on meanwhile is looked at again.
    this.statement = `select execution_id, a.revision <> looked.revision as moved, ${shown('a')} as live, ${shown('b')} as rebuilt,
        json_build_object('live', ${digest('a')}, 'rebuilt', ${digest('b')}) as digests,
        array_remove(array[${columns.map((c) => `case when a.${c} is distinct from b.${c} then '${c}' end`).join(', ')}], null) as fields
      from unnest($2::text[], $3::integer[]) as looked (execution_id, revision)
      join ${this.table} a using (execution_id)
      left join json_to_recordset($1::json) as b (${recordColumns(projection)}) using (execution_id)
     where a.revision <> looked.revision or ${row('a')} is distinct from ${row('b')}`;
  }

  /** `ids`: of executions, as the table has them. A row that moves all the time is left out. */
  async of(client: pg.ClientBase, ids: readonly string[], signal?: AbortSignal): Promise<RowCheckResult> {
    const differing: DifferingRow[] = [];
    let events = 0;
    let rows = 0;
    let left: readonly string[] = ids;
    for (let look = 0; look < LOOKS && left.length > 0; look++) {
      const folded = await this.fold(client, left, signal);
      const { rows: found } = await client.query<CheckedRow>(this.statement, [
        folded.written,
        folded.ids,
        folded.revisions,
      ]);
      const moved = found.filter((one) => one.moved).map(({ execution_id }) => execution_id);
      for (const one of found) if (!one.moved) differing.push(differingOf(one));
      rows += folded.ids.length - moved.length;
      events += folded.events;
      left = moved;
    }
    return { rows, events, differing };
  }

  /** What the rows must be at the revisions at which they stand. */
  private async fold(client: pg.ClientBase, ids: readonly string[], signal?: AbortSignal) {
    const { rows: status } = await client.query<{ execution_id: string; revision: number }>(
      `select execution_id, revision from ${this.table} where execution_id = any($1)`,
      [ids],
    );
    const fold = new PageFold([this.projection], new Map());
    let events = 0;
    for (const { execution_id, revision } of status) {
      const stream = executionStream(decodeText(execution_id));
      for await (const page of streamPages(this.store, stream, { fromRevision: 0, limit: revision + 1 })) {
        signal?.throwIfAborted();
        for (const stored of page) fold.add(stored);
        events += page.length;
      }
    }
    const looked = status.map(({ execution_id }) => execution_id);
    const revisions = status.map(({ revision }) => revision);
    return { written: fold.changes().encoded, ids: looked, revisions, events };
  }
}

const differingOf = ({ execution_id, fields, live, rebuilt, digests }: CheckedRow): DifferingRow => ({
  executionId: decodeText(execution_id),
  fields,
  live,
  rebuilt,
  digests,
});
