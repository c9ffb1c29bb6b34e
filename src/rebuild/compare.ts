import type pg from 'pg';
import type { Projection } from '../../projections/projection.js';
import { columnsOf, tableOf } from '../projection-tables/table.js';
import { compareCounters } from './compare-counters.js';
import { noDrift, countDrift, ROW, type ComparisonResult, type RowDifference } from './drift.js';

/** How many executions are looked at again at most because they moved while they were compared: both tables wait for that. */
const SUSPECTS_MAX = 10_000;
/** What refusals move, whose streams have revisions of their own. */
const OF_REFUSALS: ReadonlySet<string> = new Set(['refused_revision', 'contradicted_attempt', 'fenced_attempt']);
/** Rows per statement: no comparison holds a snapshot for long. */
const RANGE = 5_000;

/**
 * The comparison of two versions of a table of rows. Both go on meanwhile: where two rows stand at the same revision they
 * must be the same; others are suspects, to be looked at again when both tables stand at one position.
 */
export class RowComparison {
  private drift = noDrift();
  /** Rows that were found to be the same or not, or are suspects. */
  private compared = 0;
  private suspects: string[] = [];
  private readonly statement: string;

  constructor(
    all: readonly string[],
    private readonly live: string,
    private readonly rebuilt: string,
  ) {
    const columns = all.filter((column) => column !== 'execution_id');
    const differing = columns.map((c) => `case when a.${c} is distinct from b.${c} then '${c}' end`);
    const shown = (side: string) =>
      `case when ${side}.execution_id is not null then json_build_object(${columns.map((c) => `'${c}', left(${side}.${c}::text, 200)`).join(', ')}) end`;
    this.statement = `select execution_id, a.revision is not distinct from b.revision as same_place,
        case when a.execution_id is null or b.execution_id is null then array['${ROW}']
             else array_remove(array[${differing.join(', ')}], null) end as fields,
        ${shown('a')} as live, ${shown('b')} as rebuilt
      from (select * from ${live} where WANTED) a full join (select * from ${rebuilt} where WANTED) b using (execution_id)
     where a.execution_id is null or b.execution_id is null or (${columns.map((c) => `a.${c}`).join(', ')})
           is distinct from (${columns.map((c) => `b.${c}`).join(', ')})`;
  }

  /** Compares everything, a range of keys at a time; false where more moved than can be looked at again. */
  async scan(client: pg.ClientBase, heartbeat: () => Promise<void>): Promise<boolean> {
    this.drift = noDrift();
    this.suspects = [];
    this.compared = 0;
    let missed = 0;
    for (let from = ''; ;) {
      const { rows } = await client.query<{ execution_id: string; rows: string }>(
        `select max(execution_id) as execution_id, count(*) as rows from (
           (select execution_id from ${this.live} where execution_id > $1 order by execution_id limit ${RANGE})
            union (select execution_id from ${this.rebuilt} where execution_id > $1 order by execution_id limit ${RANGE})
            order by execution_id limit ${RANGE}) keys`,
        [from],
      );
      const to = rows[0]!.execution_id;
      if (to === null) break;
      const found = await this.ask(client, 'execution_id > $1 and execution_id <= $2', [from, to]);
      for (const one of found) {
        // What only moved or was refused in between is no drift yet: it is looked at when neither table moves.
        if (one.same_place && one.fields.some((field) => !OF_REFUSALS.has(field))) countDrift(this.drift, one);
        else if (this.suspects.length < SUSPECTS_MAX) this.suspects.push(one.execution_id);
        else missed++;
      }
      this.compared += Number(rows[0]!.rows);
      await heartbeat();
      from = to;
    }
    this.compared -= missed;
    return missed === 0;
  }

  /** Looks at the suspects again, when both tables stand at the same position: what differs now is drift. */
  async settle(client: pg.ClientBase): Promise<void> {
    for (const one of await this.ask(client, 'execution_id = any($1)', [this.suspects])) countDrift(this.drift, one);
    this.suspects = [];
  }

  /** What was compared; suspects are not, until they are looked at again. */
  result(): ComparisonResult {
    return { rows: this.compared - this.suspects.length, drift: this.drift };
  }

  private async ask(client: pg.ClientBase, wanted: string, values: unknown[]): Promise<RowDifference[]> {
    const { rows } = await client.query<RowDifference>(this.statement.replaceAll('WANTED', wanted), values);
    return rows;
  }
}

/** The columns that a table has; another version's code may have made others. */
async function columnsIn(client: pg.ClientBase, table: string): Promise<Set<string>> {
  const { rows } = await client.query<{ name: string }>(
    'select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped',
    [table],
  );
  return new Set(rows.map(({ name }) => name));
}

/** The comparison of two versions of a projection, as far as their columns are the same. */
export class Comparison {
  private counted: ComparisonResult = { rows: 0, drift: noDrift() };

  private constructor(
    private readonly projection: Projection,
    private readonly live: string,
    private readonly rebuilt: string,
    private readonly rows: RowComparison | undefined,
    private readonly comparable: boolean,
  ) {}

  static async of(client: pg.ClientBase, projection: Projection, live: number, rebuilt: number): Promise<Comparison> {
    const tables = [tableOf(projection, live), tableOf(projection, rebuilt)] as const;
    const there = await columnsIn(client, tables[0]);
    const columns = columnsOf(projection).filter((column) => there.has(column));
    const comparable = projection.kind === 'rows' || columns.length === columnsOf(projection).length;
    const rows = projection.kind === 'rows' ? new RowComparison(columns, ...tables) : undefined;
    return new Comparison(projection, ...tables, rows, comparable);
  }

  /** Compares what can be compared while both tables move; false where too much moved. */
  async scan(client: pg.ClientBase, heartbeat: () => Promise<void>): Promise<boolean> {
    return this.rows === undefined || this.rows.scan(client, heartbeat);
  }

  /** Compares the rest, when both tables stand at the same position. */
  async settle(client: pg.ClientBase): Promise<void> {
    await this.rows?.settle(client);
    if (this.projection.kind !== 'counters' || !this.comparable) return;
    this.counted = await compareCounters(client, this.projection, this.live, this.rebuilt);
  }

  result(): ComparisonResult {
    return this.rows?.result() ?? this.counted;
  }
}
