import { DataSource } from 'typeorm';
import type pg from 'pg';
import { executionStatus, stateOf } from '../../projections/execution-status.js';
import { decodeText, encodeText, parseJson } from '../contract/json.js';
import { REFUSED_KEPT } from '../domain/events.js';
import type { JsonObject } from '../domain/json.js';
import { StoreError } from '../event-store/event-store.js';
import { clientConfig, connectSession, prepareSession, type SessionLimits } from '../postgres/session.js';
import { CheckpointWatcher } from './checkpoint-watcher.js';
import { LISTED, listStatement } from './list-query.js';
import type { Checkpoint, ListRequest, ProjectedExecution, ReadModel } from './read-model.js';
import { tableOf } from './table.js';

const LIMITS: SessionLimits = { connectMs: 2_000, statementMs: 30_000, lockMs: 5_000 };
const CONNECTIONS = 6;

interface Row {
  checkpoint: string;
  checkpoint_at: Date | null;
  execution_id: string | null;
  state: string;
  payload?: string | null;
  revision: number;
  position: string;
  refused_revision: number;
  unreadable_revision: number | null;
}

const EPOCH = new Date(0).toISOString();

const checkpointOf = (row: Row | undefined): Checkpoint => ({
  position: BigInt(row?.checkpoint ?? 0),
  at: row?.checkpoint_at?.toISOString() ?? EPOCH,
});

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
  };
}

const FIND = `select c.position as checkpoint, c.recorded_at as checkpoint_at, r.*
  from ledger.checkpoints c
  left join (select ${LISTED}, payload from ${tableOf(executionStatus)} where execution_id = any($3)) r on true
 where c.projection = $1 and c.version = $2`;
const IDENTITY = [executionStatus.name, executionStatus.version];

/** The read model in PostgreSQL: its readers have connections of their own, so that nobody's list holds up an append. */
export class PostgresReadModel implements ReadModel {
  private readonly watcher: CheckpointWatcher;

  private constructor(
    private readonly source: DataSource,
    connectionString: string,
  ) {
    const connect = (): Promise<pg.Client> => connectSession(connectionString, LIMITS, 'waiters');
    this.watcher = new CheckpointWatcher(connect, () => this.checkpoint());
  }

  static async open(connectionString: string): Promise<PostgresReadModel> {
    const source = new DataSource({
      type: 'postgres',
      url: connectionString,
      poolSize: CONNECTIONS,
      extra: {
        ...clientConfig(connectionString, LIMITS, 'read model'),
        onConnect: (client: pg.ClientBase) => prepareSession(client, LIMITS),
      },
      poolErrorHandler: () => undefined, // a lost idle connection is replaced; it must not end the process
    });
    await source.initialize();
    return new PostgresReadModel(source, connectionString);
  }

  async find(executionId: string) {
    const { rows, checkpoint } = await this.findMany([executionId]);
    const row = rows.get(executionId);
    return row ? { row, checkpoint } : { checkpoint };
  }

  async findMany(executionIds: readonly string[]) {
    const found = await this.query(FIND, [...IDENTITY, executionIds.map(encodeText)]);
    const rows = found.filter((row) => row.execution_id !== null).map(projected);
    return { rows: new Map(rows.map((row) => [row.executionId, row])), checkpoint: checkpointOf(found[0]) };
  }

  async list(request: ListRequest) {
    const { text, values } = listStatement(request);
    const found = await this.query(text, values);
    const rows = found.filter((row) => row.execution_id !== null).map(projected);
    return { rows, checkpoint: checkpointOf(found[0]) };
  }

  async checkpoint(): Promise<Checkpoint> {
    const text = `select position as checkpoint, recorded_at as checkpoint_at from ledger.checkpoints
                   where projection = $1 and version = $2`;
    return checkpointOf((await this.query(text, IDENTITY))[0]);
  }

  waitFor(position: bigint, ms: number): Promise<boolean> {
    return this.watcher.until(position, ms);
  }

  releaseWaiters(): void {
    this.watcher.release();
  }

  async parked() {
    const text = `select position, event_type, execution_id, error from ledger.parked_events
                   where projection = $1 and version = $2 order by position limit 1000`;
    const rows = await this.query<{ position: string; event_type: string; execution_id: string; error: string }>(
      text,
      IDENTITY,
    );
    return rows.map(({ position, event_type, execution_id, error }) => ({
      position: BigInt(position),
      eventType: decodeText(event_type),
      executionId: decodeText(execution_id),
      error: decodeText(error),
    }));
  }

  async close(): Promise<void> {
    await this.watcher.close();
    await this.source.destroy();
  }

  private async query<R = Row>(text: string, values: readonly unknown[]): Promise<R[]> {
    try {
      return await this.source.query<R[]>(text, [...values]);
    } catch (error) {
      throw new StoreError('unavailable', 'the read model cannot be reached', { cause: error });
    }
  }
}
