import type { LoggerService } from '@nestjs/common';
import type pg from 'pg';
import { PROJECTIONS } from '../projections/index.js';
import type { EventStore } from './event-store/event-store.js';
import { connectSession } from './postgres/session.js';
import { RebuildKeeper, type KeeperWatch } from './projector/rebuild/keeper.js';
import type { PostgresChores } from './projector/rebuild/postgres-chores.js';

/** What a chore's connections wait for at most: an index over everything takes its time, a vanished machine must not. */
const LIMITS = { connectMs: 2_000, statementMs: 3_600_000, lockMs: 10_000 };
const SETTINGS = { synchronous_commit: 'off', tcp_user_timeout: '60000' };

/** A connection for a projection's chore; `who` is shown to those who ask who is at it. */
export const connectForChores = (connectionString: string, who: string): Promise<pg.Client> =>
  connectSession(connectionString, LIMITS, who, SETTINGS);

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

/** Does what is asked for of the projections. */
export function startKeeper(
  connectionString: string,
  store: EventStore,
  chores: PostgresChores,
  logger: LoggerService,
): RebuildKeeper {
  const connect = () => connectForChores(connectionString, 'server');
  const keeper = new RebuildKeeper({ projections: PROJECTIONS, store, chores, connect, watch: logging(logger) });
  keeper.start();
  return keeper;
}
