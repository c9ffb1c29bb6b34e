import type { LoggerService } from '@nestjs/common';
import type pg from 'pg';
import type { Projection } from '../../projections/projection.js';
import { Deadlines } from '../application/deciding/deadlines.js';
import type { HandleExecution } from '../application/deciding/handle-execution.js';
import { loggable } from '../loggable.js';
import { ExclusiveRunner } from '../projector/exclusive-runner.js';
import { isOfThisProgram, whileOfThisProgram } from '../projection-tables/versions.js';
import { projectionLockKey } from '../projection-tables/locks.js';
import type { Parts } from './app.module.js';
import { connectFollower } from './follower-session.js';

/** How often the lead at the deadlines is asked for, in milliseconds: who gives it up leaves no deadline a second late. */
const RETRY_MS = 250;

/** Starts the loop that times out what is due, in one process at a time. */
export function startDeadlines(
  connectionString: string,
  { readModel, runtime, metrics, disk }: Parts,
  executions: HandleExecution,
  status: Projection,
  logger: LoggerService,
): ExclusiveRunner {
  const warn = (error: unknown, more = {}): void =>
    logger.warn({ event: 'execution.time_out_failed', ...more, error: loggable(error) });
  const deadlines = new Deadlines(
    executions,
    readModel,
    runtime,
    {
      timedOut: () => metrics.timedOut(),
      failed: (execution_id, error) => warn(error, { execution_id }),
    },
    () => disk?.isFull === true,
  );
  const lockKey = projectionLockKey('deadlines');
  const canRun = (client: pg.Client): Promise<boolean> => isOfThisProgram(client, status);
  const term = (client: pg.Client, signal: AbortSignal): Promise<void> =>
    whileOfThisProgram(client, status, signal, (until) => deadlines.run(until));
  const connect = () => connectFollower(connectionString, 'deadlines');
  const runner = new ExclusiveRunner({ lockKey, canRun, run: term }, { connect, onError: warn, retryMs: RETRY_MS });
  runner.start();
  return runner;
}
