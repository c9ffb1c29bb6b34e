import type pg from 'pg';
import type { Projection } from '../../projections/projection.js';
import { stateOf } from '../../projections/execution-status.js';
import { decodeText, encodeText, parseJson } from '../contract/json.js';
import type { Instant } from '../domain/events.js';
import { initial } from '../domain/execution.js';
import type { JsonObject } from '../domain/json.js';
import type { Position } from '../event-store/position.js';
import { PROJECTED } from '../read-model/channel.js';
import { createStatements, tableOf, upsertStatement } from '../read-model/table.js';
import type { Known, PageChanges } from './page.js';
import { RefusedCounts } from './refused-counts.js';

/** Another writer moved the checkpoint: whoever finds this out no longer leads. */
export class CheckpointLost extends Error {
  override readonly name = 'CheckpointLost';
}

interface StateRow {
  execution_id: string;
  state: string;
  payload: string | null;
  revision: number;
  position: string;
  unreadable_revision: number | null;
}

/** The tables of one projection, as the projector writes them. Every method is given the connection to use. */
export class ProjectionStore {
  private readonly table: string;
  private readonly moving: string;
  private readonly identity: readonly [string, number];
  private readonly refusedCounts: RefusedCounts;

  constructor(readonly projection: Projection) {
    this.table = tableOf(projection);
    this.moving = `with moved as (
        update ledger.checkpoints set position = $4, recorded_at = $5
         where projection = $2 and version = $3 and position = $6 returning position
      ), written as (${upsertStatement(projection, 'exists (select from moved)')})
      select pg_notify('${PROJECTED}', $7) from moved`;
    this.identity = [projection.name, projection.version];
    this.refusedCounts = new RefusedCounts(this.table, this.identity);
  }

  /** Makes the table and its checkpoint where they are missing; several processes may do so at once. */
  async prepare(client: pg.ClientBase): Promise<void> {
    await client.query('begin');
    try {
      // "if not exists" alone races with itself: two creators, one unique violation in the catalogue.
      await client.query(`select pg_advisory_xact_lock('ledger.checkpoints'::regclass::oid::integer, 1)`);
      const { rows } = await client.query<{ version: number }>(
        'select max(version) as version from ledger.checkpoints where projection = $1',
        [this.projection.name],
      );
      if ((rows[0]?.version ?? 0) > this.projection.version) {
        throw new Error(
          `The read model ${this.projection.name} is of version ${rows[0]!.version}, newer than this program's ` +
            `${this.projection.version}. Start the newer program.`,
        );
      }
      for (const statement of createStatements(this.projection)) await client.query(statement);
      await client.query(
        'insert into ledger.checkpoints (projection, version) values ($1, $2) on conflict do nothing',
        [...this.identity],
      );
      await client.query('commit');
    } catch (error) {
      await client.query('rollback');
      throw error;
    }
  }

  /** Where to go on from; nothing that an earlier lead knew counts. */
  async begin(client: pg.ClientBase): Promise<Position> {
    await this.refusedCounts.begin(client);
    const { rows } = await client.query<{ position: string }>(
      'select position from ledger.checkpoints where projection = $1 and version = $2',
      [...this.identity],
    );
    return BigInt(rows[0]!.position);
  }

  /** The projected folds of these executions. */
  async known(client: pg.ClientBase, executionIds: readonly string[]): Promise<Map<string, Known>> {
    if (executionIds.length === 0) return new Map();
    const { rows } = await client.query<StateRow>({
      name: `known-${this.table}`,
      text: `select execution_id, state, payload, revision, position, unreadable_revision from ${this.table}
              where execution_id = any($1)`,
      values: [executionIds.map(encodeText)],
    });
    const known = new Map(
      rows.map((row): [string, Known] => {
        const state = stateOf({
          state: parseJson(row.state) as JsonObject,
          payload: row.payload === null ? null : (parseJson(row.payload) as JsonObject),
          revision: row.revision,
          position: BigInt(row.position),
        });
        const marked = row.unreadable_revision === null ? {} : { unreadableRevision: row.unreadable_revision };
        return [decodeText(row.execution_id), { state, ...marked }];
      }),
    );
    const without = executionIds.filter((id) => !known.has(id));
    for (const [id, revision] of await this.parkedFirst(client, without)) {
      known.set(id, { state: initial, unreadableRevision: revision });
    }
    return known;
  }

  /** Executions without a row whose reading broke off before there was one: what comes later is not their fold either. */
  private async parkedFirst(client: pg.ClientBase, executionIds: readonly string[]): Promise<[string, number][]> {
    if (executionIds.length === 0) return [];
    const { rows } = await client.query<{ execution_id: string; revision: number }>(
      `select execution_id, min(revision) as revision from ledger.parked_events
        where projection = $1 and version = $2 and execution_id = any($3) group by execution_id`,
      [...this.identity, executionIds.map(encodeText)],
    );
    return rows.map(({ execution_id, revision }) => [decodeText(execution_id), revision]);
  }

  /**
   * Writes a page's rows and moves the checkpoint, in one transaction: one statement, unless a page has more to say.
   * @throws CheckpointLost when it does not stand at `from`
   */
  async write(client: pg.ClientBase, from: Position, to: Position, at: Instant, changes: PageChanges): Promise<void> {
    const refusals = this.refusedCounts.concerns(changes);
    if (!refusals && changes.parked.length === 0) return this.move(client, from, to, at, changes);
    await client.query('begin');
    try {
      await this.move(client, from, to, at, changes);
      if (refusals) await this.refusedCounts.write(client, changes);
      if (changes.parked.length > 0) await this.park(client, changes);
      await client.query('commit');
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      throw error;
    }
  }

  private async move(
    client: pg.ClientBase,
    from: Position,
    to: Position,
    at: Instant,
    changes: PageChanges,
  ): Promise<void> {
    const told = `${this.projection.name} ${to}`;
    const values = [changes.rows, ...this.identity, String(to), at, String(from), told];
    const { rowCount } = await client.query({ name: `move-${this.table}`, text: this.moving, values });
    if (rowCount !== 1) throw new CheckpointLost(`${this.projection.name} is not at ${from} any more`);
  }

  /** Tells the planner what the table has become; it runs beside the pages, on a connection of its own. */
  async analyze(client: pg.ClientBase): Promise<void> {
    await client.query(`analyze ${this.table}`);
  }

  private async park(client: pg.ClientBase, { parked }: PageChanges): Promise<void> {
    const values = [...this.identity, JSON.stringify(parked)];
    const record = 'position bigint, event_type text, execution_id text, revision integer, error text';
    await client.query(
      `insert into ledger.parked_events (projection, version, position, event_type, execution_id, revision, error)
       select $1, $2, position, event_type, execution_id, revision, error from json_to_recordset($3::json) as p (${record})
       on conflict do nothing`,
      values,
    );
    await client.query(
      `update ${this.table} as stored set unreadable_revision = p.revision
         from json_to_recordset($1::json) as p (execution_id text, revision integer)
        where stored.execution_id = p.execution_id`,
      [values[2]],
    );
  }
}
