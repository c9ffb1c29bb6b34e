import type pg from 'pg';
import { executionStatus, stateOf } from '../../projections/execution-status.js';
import { PROJECTIONS } from '../../projections/index.js';
import type { Projection } from '../../projections/projection.js';
import { decodeText, encodeText, parseJson } from '../contract/json.js';
import { REFUSED_KEPT } from '../domain/events.js';
import type { JsonObject } from '../domain/json.js';
import type { Position } from '../event-store/position.js';
import { createReadersQueue, createReadQueue, type ReadLimits } from '../event-store/read-queue.js';
import { connectSession } from '../postgres/session.js';
import { CheckpointWatcher } from './checkpoint-watcher.js';
import { dueOf, dueStatement, type DueRow } from './due-query.js';
import { LISTED, listStatement } from './list-query.js';
import { LIMITS, openSource, type Source } from './source.js';
import { PostgresProjectionControl, type Ask } from './postgres-projection-control.js';
import { checkpointOf, type CheckpointRow } from './checkpoint-row.js';
import type { Checkpoint } from './checkpoint.js';
import type { DueRequest, ListRequest, ProjectedExecution, ReadModel } from './read-model.js';
import { treeOf, treeStatement, type TreeRow } from './run-tree-query.js';
import type { CountsRequest, HealthRequest, TreeRequest } from './summaries.js';
import { healthStatement, targetsOf, type HealthRow } from './target-health-query.js';
import { countsOf, countsStatement, type CountRow } from './status-counts-query.js';
import { viewOf } from './table.js';

/** Those who show people what is projected: they wait for each other, and are refused before anybody else. */
const READERS: ReadLimits = { atOnce: 6, waiting: 1_000, waitMs: 5_000 };
/** Those who keep the ledger running: deadlines, what commands ask for, the projections' control. */
const KEEPERS: ReadLimits = { atOnce: 2, waiting: 1_000, waitMs: 10_000 };

interface Row extends CheckpointRow {
  execution_id: string | null;
  state: string;
  payload?: string | null;
  revision: number;
  position: string;
  refused_revision: number;
  unreadable_revision: number | null;
  fold_version: number;
}

function projected(row: Row): ProjectedExecution {
  return {
    executionId: decodeText(row.execution_id!),
    state: stateOf({
      state: parseJson(row.state) as JsonObject,
      payload: row.payload ? (parseJson(row.payload) as JsonObject) : null,
      revision: row.revision,
      position: BigInt(row.position),
    }),
    refusedCount: Math.min(row.refused_revision + 1, REFUSED_KEPT),
    ...(row.unreadable_revision === null ? {} : { unreadableRevision: row.unreadable_revision }),
    foldVersion: row.fold_version,
  };
}

const FIND = `select c.position as checkpoint, c.recorded_at as checkpoint_at, c.fold_version, r.*
  from ledger.checkpoints c
  left join (select ${LISTED}, payload from ${viewOf(executionStatus)} where execution_id = any($2)) r on true
 where c.projection = $1 and c.live`;

const CHANGED = `select c.position as checkpoint, c.recorded_at as checkpoint_at, c.fold_version, r.*
  from ledger.checkpoints c
  left join lateral (
    select ${LISTED} from ${viewOf(executionStatus)} where position > $2 order by position limit $3
  ) r on true
 where c.projection = $1 and c.live order by r.position`;

/** The read model in PostgreSQL: its readers have connections of their own, so that nobody's list holds up an append. */
export class PostgresReadModel implements ReadModel {
  readonly projections: PostgresProjectionControl;
  /** For those who keep the projections: a statement that waits for no reader. */
  readonly ask: Ask;
  private readonly watcher: CheckpointWatcher;

  private constructor(
    private readonly readers: Source,
    private readonly keepers: Source,
    connectionString: string,
    known: readonly Projection[],
  ) {
    this.ask = keepers.ask;
    this.projections = new PostgresProjectionControl(known, this.ask);
    const connect = (): Promise<pg.Client> => connectSession(connectionString, LIMITS, 'waiters');
    this.watcher = new CheckpointWatcher(connect, () => this.checkpoints());
  }

  static async open(connectionString: string, projections = PROJECTIONS): Promise<PostgresReadModel> {
    const keepers = await openSource(connectionString, 'keepers', KEEPERS.atOnce, createReadQueue(KEEPERS));
    const readers = await openSource(connectionString, 'read model', READERS.atOnce, createReadersQueue(READERS)).catch(
      async (error: unknown) => {
        await keepers.end();
        throw error;
      },
    );
    return new PostgresReadModel(readers, keepers, connectionString, projections);
  }

  async find(executionId: string) {
    const { rows, checkpoint } = await this.findMany([executionId]);
    const row = rows.get(executionId);
    return row ? { row, checkpoint } : { checkpoint };
  }

  async findMany(executionIds: readonly string[]) {
    const found = await this.query(FIND, [executionStatus.name, executionIds.map(encodeText)]);
    const rows = found.filter((row) => row.execution_id !== null).map(projected);
    return { rows: new Map(rows.map((row) => [row.executionId, row])), checkpoint: checkpointOf(found[0]) };
  }

  async list(request: ListRequest) {
    const { text, values } = listStatement(request);
    const found = await this.query(text, values);
    const rows = found.filter((row) => row.execution_id !== null).map(projected);
    return { rows, checkpoint: checkpointOf(found[0]) };
  }

  async changed(after: Position, limit: number) {
    const found = await this.query(CHANGED, [executionStatus.name, String(after), limit]);
    const rows = found.filter((row) => row.execution_id !== null).map(projected);
    return { rows, checkpoint: checkpointOf(found[0]) };
  }

  async due(request: DueRequest) {
    const { text, values } = dueStatement(request);
    const found = await this.ask<DueRow>(text, values);
    return { due: dueOf(found), checkpoint: checkpointOf(found[0]) };
  }

  async statusCounts(request: CountsRequest) {
    const { text, values } = countsStatement(request);
    const found = await this.query<CountRow>(text, values);
    return { counts: countsOf(found), checkpoint: checkpointOf(found[0]) };
  }

  async targetHealth(request: HealthRequest) {
    const { text, values } = healthStatement(request);
    const found = await this.query<HealthRow>(text, values);
    return { targets: targetsOf(found), checkpoint: checkpointOf(found[0]) };
  }

  tree(request: TreeRequest) {
    return readTree(this.readers.ask, request);
  }

  descendants(request: TreeRequest) {
    return readTree(this.ask, request);
  }

  async checkpoint(projection: string = executionStatus.name): Promise<Checkpoint> {
    const text = `select position as checkpoint, recorded_at as checkpoint_at from ledger.checkpoints
                   where projection = $1 and live`;
    return checkpointOf((await this.ask<CheckpointRow>(text, [projection]))[0]);
  }

  private async checkpoints(): Promise<Map<string, Position>> {
    const text = 'select projection, position from ledger.checkpoints where live';
    const rows = await this.ask<{ projection: string; position: string }>(text, []);
    return new Map(rows.map(({ projection, position }) => [projection, BigInt(position)]));
  }

  waitFor(position: bigint, ms: number, projection: string = executionStatus.name): Promise<boolean> {
    return this.watcher.until(projection, position, ms);
  }

  releaseWaiters(): void {
    this.watcher.release();
  }

  async close(): Promise<void> {
    await this.watcher.close();
    await Promise.all([this.readers.end(), this.keepers.end()]);
  }

  private query<R = Row>(text: string, values: readonly unknown[]): Promise<R[]> {
    return this.readers.ask<R>(text, values);
  }
}

async function readTree(ask: Ask, request: TreeRequest) {
  const { text, values } = treeStatement(request);
  const [found] = await ask<TreeRow>(text, values);
  const tree = treeOf(found, request.limit);
  return { ...(tree ? { tree } : {}), checkpoint: checkpointOf(found) };
}
