import type pg from 'pg';
import { executionStatus } from '../../projections/execution-status.js';
import { PROJECTIONS } from '../../projections/index.js';
import type { Projection } from '../../projections/projection.js';
import { encodeText } from '../encoding/json.js';
import type { Position } from '../event-store/position.js';
import { Pace } from '../event-loop.js';
import { createReadersQueue, createReadQueue, type ReadLimits } from '../event-store/read-queue.js';
import { connectSession } from '../postgres/session.js';
import { LIMITS, openReadPool, type ReadPool, type RunQuery } from '../projection-tables/read-pool.js';
import { checkpointOf, type CheckpointRow, type Checkpoint } from '../projection-tables/checkpoint.js';
import { CheckpointWatcher } from './checkpoint-watcher.js';
import { dueOf, dueStatement, type DueRow } from './due-query.js';
import { failuresOf, failuresStatement, type GroupRow } from './failure-groups-query.js';
import { inboxOf, inboxStatement, type InboxRow } from './inbox-query.js';
import { bucketsOf, histogramStatement, type HistogramRow } from './histogram-query.js';
import { listStatement, totalIn } from './list-query.js';
import { PostgresProjectionControl } from './postgres-projection-control.js';
import { CHANGED, FIND, FIND_MANY, projected, type ProjectedRow } from './projected-row.js';
import type { ChangedRequest, DueRequest, ProjectedExecution, ReadModel, ShortPage } from './read-model.js';
import type { InboxRequest, ListRequest } from './list-request.js';
import { treeOf, treeStatement, type TreeRow } from './run-tree-query.js';
import { rowsOf, rowsStatement, type RowsRequest, type StoredRow } from './rows-query.js';
import type { CountsRequest, FailuresRequest, HealthRequest, HistogramRequest, TreeRequest } from './summaries.js';
import { healthStatement, targetsOf, type HealthRow } from './target-health-query.js';
import { countsOf, countsStatement, type CountRow } from './status-counts-query.js';

/** Those who show people what is projected: they wait for each other, and are refused before anybody else. */
const READERS: ReadLimits = { atOnce: 6, waiting: 1_000, waitMs: 5_000 };
/** Those who keep the ledger running: deadlines, what commands ask for, the projections' control. */
const KEEPERS: ReadLimits = { atOnce: 2, waiting: 1_000, waitMs: 10_000 };

/**
 * The read model in PostgreSQL: its readers have connections of their own, so that nobody's list holds up an append. Each is
 * opened when it is first used.
 */
export class PostgresReadModel implements ReadModel {
  readonly projections: PostgresProjectionControl;
  /** For those who keep the projections: what they ask waits for no reader. */
  readonly keepers: ReadPool;
  private readonly readers: ReadPool;
  private readonly watcher: CheckpointWatcher;

  constructor(
    connectionString: string,
    private readonly known: readonly Projection[] = PROJECTIONS,
  ) {
    this.keepers = openReadPool(connectionString, 'keepers', KEEPERS.atOnce, createReadQueue(KEEPERS));
    this.readers = openReadPool(connectionString, 'read model', READERS.atOnce, createReadersQueue(READERS));
    this.projections = new PostgresProjectionControl(known, this.keepers.query);
    const connect = (): Promise<pg.Client> => connectSession(connectionString, LIMITS, 'waiters');
    this.watcher = new CheckpointWatcher(connect, () => this.checkpoints());
  }

  async find(executionId: string) {
    const { rows, checkpoint } = await this.page(FIND, [executionStatus.name, [encodeText(executionId)]]);
    return rows[0] ? { row: rows[0], checkpoint } : { checkpoint };
  }

  async findMany(executionIds: readonly string[]) {
    const { rows, checkpoint } = await this.page(FIND_MANY, [executionStatus.name, executionIds.map(encodeText)]);
    return { rows: new Map(rows.map((row) => [row.executionId, row])), checkpoint };
  }

  list(request: ListRequest) {
    const { text, values } = listStatement(request);
    return this.page(text, values);
  }

  async inbox(request: InboxRequest) {
    const { text, values } = inboxStatement(request);
    const found = await this.readers.query<InboxRow>(text, values);
    return { counted: inboxOf(found), checkpoint: checkpointOf(found[0]) };
  }

  changed({ among, after, upTo }: ChangedRequest) {
    return this.page(CHANGED, [executionStatus.name, among.map(encodeText), String(after), String(upTo)]);
  }

  async due(request: DueRequest) {
    const { text, values } = dueStatement(request);
    const found = await this.keepers.query<DueRow>(text, values);
    return { due: dueOf(found), checkpoint: checkpointOf(found[0]) };
  }

  async statusCounts(request: CountsRequest) {
    const { text, values } = countsStatement(request);
    const found = await this.readers.query<CountRow>(text, values);
    return { counts: countsOf(found), checkpoint: checkpointOf(found[0]) };
  }

  async targetHealth(request: HealthRequest) {
    const { text, values } = healthStatement(request);
    const found = await this.readers.query<HealthRow>(text, values);
    return { targets: targetsOf(found), checkpoint: checkpointOf(found[0]) };
  }

  async failureGroups(request: FailuresRequest) {
    const { text, values } = failuresStatement(request);
    const found = await this.readers.query<GroupRow>(text, values);
    return { ...failuresOf(found), checkpoint: checkpointOf(found[0]) };
  }

  async histogram(request: HistogramRequest) {
    const { text, values } = histogramStatement(request);
    const found = await this.readers.query<HistogramRow>(text, values);
    return { buckets: bucketsOf(found, request), checkpoint: checkpointOf(found[0]) };
  }

  projection(name: string) {
    return this.known.find((one) => one.name === name);
  }

  async rows(request: RowsRequest) {
    const { text, values } = rowsStatement(request);
    const found = await this.readers.query<StoredRow>(text, values);
    return { ...rowsOf(request, found), checkpoint: checkpointOf(found[0]) };
  }

  tree(request: TreeRequest) {
    return readTree(this.readers.query, request);
  }

  descendants(request: TreeRequest) {
    return readTree(this.keepers.query, request);
  }

  async checkpoint(projection: string = executionStatus.name): Promise<Checkpoint> {
    const text = `select position as checkpoint, recorded_at as checkpoint_at from ledger.checkpoints
                   where projection = $1 and live`;
    return checkpointOf((await this.keepers.query<CheckpointRow>(text, [projection]))[0]);
  }

  private async checkpoints(): Promise<Map<string, Position>> {
    const text = 'select projection, position from ledger.checkpoints where live';
    const rows = await this.keepers.query<{ projection: string; position: string }>(text, []);
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

  private async page(text: string, values: readonly unknown[]): Promise<ShortPage> {
    const found = await this.readers.query<ProjectedRow>(text, values);
    const rows: ProjectedExecution[] = [];
    const pace = new Pace();
    for (const row of found.filter(({ execution_id }) => execution_id !== null)) {
      await pace.before(row.state.length + (row.payload?.length ?? 0));
      rows.push(projected(row));
    }
    const { followed: more = false } = found.at(-1) ?? {};
    const { total } = found[0] ?? {};
    return { rows, more, ...(total !== undefined && { total: totalIn(total) }), checkpoint: checkpointOf(found[0]) };
  }
}

async function readTree(query: RunQuery, request: TreeRequest) {
  const { text, values } = treeStatement(request);
  const [found] = await query<TreeRow>(text, values);
  const tree = treeOf(found, request.limit);
  return { ...(tree ? { tree } : {}), checkpoint: checkpointOf(found) };
}
