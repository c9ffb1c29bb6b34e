import type pg from 'pg';
import type { Projection } from '../../projections/projection.js';
import { createReadQueue, type ReadLimits } from '../event-store/read-queue.js';
import { CONTROLLED } from '../projection-tables/checkpoint.js';
import { rebuildLockKey, tryAcquireLockInTransaction } from '../projection-tables/locks.js';
import type { ReadPool } from '../projection-tables/read-pool.js';
import { dropVersion, whileVersionsStand } from '../projection-tables/versions.js';
import {
  unfinished,
  type OperationResponse,
  type ProjectionOperationKind,
  type ProjectionOperations,
  type OperationsStatus,
  type OperationOptions,
} from './projection-operation.js';
import { forgetFailed, OperationsTable } from './operations-table.js';
import { checkPreconditions } from './preconditions.js';
import { operationsStatusOf, statusesStatement, type OperationsStatusRow } from './operations-status.js';

/** How something is asked for, beyond what callers of the endpoints can say. */
export interface RequestOptions extends OperationOptions {
  /** Whoever asks does it: nobody is told. */
  readonly runsHere?: boolean;
  /** The program's own wish, nobody's: a pause of the projection holds for it, too, and what is begun is left as it is. */
  readonly automatic?: boolean;
}

/** Each takes the lock of all versions: a second one would wait for it with a connection that others want. */
const TURNS: ReadLimits = { atOnce: 1, waiting: 1_000, waitMs: 10_000 };

const UNDISPUTED: OperationResponse = { accepted: true };

/** The operations in PostgreSQL. */
export class PostgresProjectionOperations implements ProjectionOperations {
  private readonly inTurn = createReadQueue(TURNS);

  constructor(
    private readonly projections: readonly Projection[],
    private readonly keepers: Pick<ReadPool, 'query' | 'inSession'>,
  ) {}

  async statuses(): Promise<OperationsStatus[]> {
    const { text, values } = statusesStatement(this.projections);
    return (await this.keepers.query<OperationsStatusRow>(text, values)).map(operationsStatusOf);
  }

  request(name: string, kind: ProjectionOperationKind, options: RequestOptions = {}): Promise<OperationResponse> {
    return this.decide(name, async (client, projection, status) => {
      const begun = unfinished(status, kind);
      const may = options.automatic ? UNDISPUTED : checkPreconditions(status, projection, kind, options.runsHere);
      if (options.automatic && begun) return may;
      if (!may.accepted) return may;
      if (begun) await new OperationsTable(name, kind).resume(client, options.eventsPerSecond ?? null);
      else await this.begin(client, projection, status, kind, options);
      if (!options.runsHere) await client.query(`select pg_notify('${CONTROLLED}', $1)`, [name]);
      return may;
    });
  }

  private async begin(
    client: pg.ClientBase,
    projection: Projection,
    { operations, live }: OperationsStatus,
    kind: ProjectionOperationKind,
    { eventsPerSecond, sample, automatic = false }: RequestOptions,
  ): Promise<void> {
    const { name, version } = projection;
    // What a try that failed left behind would pass for the version before the live one.
    const failed = operations.find(
      (operation) => operation.kind === kind && operation.state === 'failed' && operation.version > 0,
    );
    if (failed) await dropVersion(client, projection, failed.version);
    const requested = { foldVersion: version, paused: automatic && live.paused, eventsPerSecond, sample };
    await new OperationsTable(name, kind).request(client, requested);
  }

  prune(name: string): Promise<OperationResponse> {
    return this.decide(name, async (client, projection, status) => {
      const may = checkPreconditions(status, projection, 'prune');
      if (!may.accepted) return may;
      // Nobody begins on what is about to be dropped.
      if (!(await tryAcquireLockInTransaction(client, rebuildLockKey(name))))
        return { accepted: false, why: `${name} is busy` };
      const { rows } = await client.query<{ version: number }>(
        'select version from ledger.checkpoints where projection = $1 and not live',
        [name],
      );
      for (const { version } of rows) await dropVersion(client, projection, version);
      await forgetFailed(client, name);
      return may;
    });
  }

  /** Has whoever is at it stop after what is under way. What is done stays done; asking for it again goes on. */
  async pause(name: string, kind: ProjectionOperationKind): Promise<void> {
    await new OperationsTable(name, kind).pause(this.keepers.query);
  }

  /** Of two who ask at once, the second finds what the first asked for. */
  private decide(
    name: string,
    run: (client: pg.ClientBase, projection: Projection, status: OperationsStatus) => Promise<OperationResponse>,
  ): Promise<OperationResponse> {
    const decided = (client: pg.ClientBase): Promise<OperationResponse> =>
      whileVersionsStand(client, async () => {
        const projection = this.projections.find((one) => one.name === name)!;
        const { text, values } = statusesStatement([projection]);
        const [row] = (await client.query<OperationsStatusRow>(text, values)).rows;
        return run(client, projection, operationsStatusOf(row!));
      });
    return this.inTurn(() => this.keepers.inSession(decided));
  }
}
