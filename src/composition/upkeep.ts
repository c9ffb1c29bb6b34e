import type { LoggerService } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Projection } from '../../projections/projection.js';
import { executionStream } from '../domain/stream.js';
import type { ControlListener } from '../projector/control-listener.js';
import { DriftMonitor, type DriftListener } from '../rebuild/drift-monitor.js';
import { connectForOperations } from '../rebuild/connect.js';
import type { Drift } from '../rebuild/drift.js';
import { OperationsWorker, type OperationsListener } from '../rebuild/operations-worker.js';
import type { PostgresProjectionOperations } from '../rebuild/postgres-projection-operations.js';
import { loggable } from '../loggable.js';
import type { Parts } from './app.module.js';
import { loadWorkersOn } from './rebuild-worker-pool.js';

const placeOf = ({ execution_id, field }: Drift['sample'][number]) => ({ execution_id, field });

/** What becomes of operations, as log lines. */
function logging(logger: LoggerService): OperationsListener {
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
      // The values are for those who may read executions; a log is read by others, too.
      const found = drifted ? { drift: { ...drift, sample: drift.sample.map(placeOf) } } : {};
      logger[level](line(name, `${kind}_completed`, { rows, ...found }));
    },
    failed: (name, { kind }, error) => logger.error(line(name, `${kind}_failed`, { error: loggable(error) })),
    lost: (error) => logger.warn({ event: 'projection.upkeep_failed', error: loggable(error) }),
  };
}

/** How many rows that drifted are remembered as told. */
const MOST_TOLD = 10_000;

/** Holds the tables against the log while they are in use. */
function patrolling({ metrics }: Pick<Parts, 'metrics'>, logger: LoggerService): DriftListener {
  const told = new LRUCache<string, string>({ max: MOST_TOLD });
  const toldOfLog = new LRUCache<number, string>({ max: MOST_TOLD });
  return {
    checked: (projection, rows) => metrics.rowsChecked(projection, rows),
    drifted: (projection, { executionId, fields, digests }) => {
      metrics.drifted(projection);
      const field = fields[0]!;
      const stream = executionStream(executionId);
      const differs = { field, live: digests.live[field], rebuilt: digests.rebuilt[field] };
      // A row is looked at again and again: it is told once, until it differs otherwise.
      const said = Object.values(differs).join();
      if (told.get(`${projection} ${stream}`) === said) return;
      told.set(`${projection} ${stream}`, said);
      logger.error({ event: 'projection.row_drifted', projection, stream, ...differs });
    },
    logHeld: (found, wrong) => {
      metrics.logHeld(found.size, wrong);
      for (const [page, detail] of found) {
        if (detail === undefined) toldOfLog.delete(page);
        else if (toldOfLog.get(page) !== detail) {
          toldOfLog.set(page, detail);
          logger.error({ event: 'log.page_rejected', page, detail });
        }
      }
    },
    failed: (error) => logger.warn({ event: 'projection.patrol_failed', error: loggable(error) }),
  };
}

/** Does what is asked for of the projections, and looks after them unasked. */
export function startUpkeep(
  connectionString: string,
  parts: Pick<Parts, 'store' | 'metrics'>,
  operations: PostgresProjectionOperations,
  projections: readonly Projection[],
  control: ControlListener,
  logger: LoggerService,
): { stop(): Promise<void> }[] {
  const { store } = parts;
  const connect = () => connectForOperations(connectionString, 'server');
  const loadWorkers = loadWorkersOn(connectionString, 'server');
  const listener = logging(logger);
  const worker = new OperationsWorker({ projections, store, operations, control, connect, loadWorkers, listener });
  const monitor = new DriftMonitor({
    projections: projections.filter((projection) => projection.kind === 'rows'),
    store,
    connect: () => connectForOperations(connectionString, 'patrol'),
    listener: patrolling(parts, logger),
  });
  worker.start();
  monitor.start();
  return [worker, monitor];
}
