import type { LoggerService } from '@nestjs/common';
import type { Projection } from '../projections/projection.js';
import type { Parts } from './app.module.js';
import { executionStream } from './domain/stream.js';
import { Patrol, type PatrolWatch } from './projector/patrol.js';
import { connectForChores } from './projector/rebuild/connect.js';
import { RebuildKeeper, type KeeperWatch } from './projector/rebuild/keeper.js';
import type { PostgresChores } from './projector/rebuild/postgres-chores.js';
import { loadersOn } from './rebuild-loaders.js';

/** What becomes of chores, as log lines. */
function logging(logger: LoggerService): KeeperWatch {
  const line = (projection: string, event: string, more: object = {}) => ({
    event: `projection.${event}`,
    projection,
    ...more,
  });
  return {
    begun: (name, { kind }) => logger.log(line(name, `${kind}_started`)),
    done: (name, { kind }, result) => {
      const { rows = 0, drift } = result ?? {};
      const drifted = drift !== undefined && drift.rows > 0;
      const level = !drifted ? 'log' : kind === 'verify' ? 'error' : 'warn';
      logger[level](line(name, `${kind}_completed`, { rows, ...(drifted ? { drift } : {}) }));
    },
    failed: (name, { kind }, error) => logger.error(line(name, `${kind}_failed`, { error: String(error) })),
    lost: (error) => logger.warn({ event: 'projection.upkeep_failed', error: String(error) }),
  };
}

/** Holds the tables against the log while they are in use. */
function patrolling({ metrics }: Pick<Parts, 'metrics'>, logger: LoggerService): PatrolWatch {
  return {
    looked: (projection, rows) => metrics.patrolled(projection, rows),
    drifted: (projection, { executionId, fields, live, rebuilt }) => {
      metrics.drifted(projection);
      const field = fields[0]!;
      const stream = executionStream(executionId);
      const differs = { field, live: live[field], rebuilt: rebuilt[field] };
      logger.error({ event: 'projection.row_drifted', projection, stream, ...differs });
    },
    failed: (error) => logger.warn({ event: 'projection.patrol_failed', error: String(error) }),
  };
}

/** Does what is asked for of the projections, and looks after them unasked. */
export function startUpkeep(
  connectionString: string,
  parts: Pick<Parts, 'store' | 'metrics'>,
  chores: PostgresChores,
  projections: readonly Projection[],
  logger: LoggerService,
): { stop(): Promise<void> }[] {
  const { store } = parts;
  const connect = () => connectForChores(connectionString, 'server');
  const loaders = loadersOn(connectionString, 'server');
  const watch = logging(logger);
  const keeper = new RebuildKeeper({ projections, store, chores, connect, loaders, watch });
  const patrol = new Patrol({
    projections: projections.filter((projection) => projection.kind === 'rows'),
    store,
    connect: () => connectForChores(connectionString, 'patrol'),
    watch: patrolling(parts, logger),
  });
  keeper.start();
  patrol.start();
  return [keeper, patrol];
}
