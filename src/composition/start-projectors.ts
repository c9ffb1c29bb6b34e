import type { LoggerService } from '@nestjs/common';
import { executionStatus } from '../../projections/execution-status.js';
import type { Projection } from '../../projections/projection.js';
import type { Parts } from './app.module.js';
import { connectFollower } from './follower-session.js';
import { loggable } from '../loggable.js';
import type { ControlListener } from '../projector/control-listener.js';
import { ExecutionStates } from '../projector/execution-states.js';
import { SharedPages } from '../projector/shared-pages.js';
import { SubscriptionRunner } from '../projector/subscription-runner.js';
import { Projector, type ProjectorListener } from '../projector/projector.js';

/** The rows that lists and deadlines are read from, as this program makes them. */
export const statusOf = (projections: readonly Projection[]): typeof executionStatus =>
  projections.find(({ name }) => name === executionStatus.name) as typeof executionStatus;

/** What a projector meets, as log lines and metrics. */
function watching(
  connectionString: string,
  { metrics }: Pick<Parts, 'metrics'>,
  projection: string,
  logger: LoggerService,
): ProjectorListener & { failed(error: unknown): void } {
  const failed = (error: unknown): void =>
    logger.warn({ event: 'projection.page_failed', projection, error: loggable(error) });
  // Each projection meets them; they are counted once.
  const counts = projection === executionStatus.name;
  return {
    failed,
    parked: (event) => logger.error({ event: 'projection.event_rejected', projection, ...event }),
    lost: (position) =>
      logger.error({
        event: 'projection.log_rejected',
        projection,
        position: String(position),
        detail: 'the log is not the one that was projected up to here, and was restored: rebuild the projection',
      }),
    skipped: (events) => (counts ? metrics.foreign(events) : undefined),
    unread: (members) => (counts ? metrics.leftOut.ofEvents(members) : undefined),
    grown: (tables) =>
      void connectFollower(connectionString, 'analyze')
        .then((client) => tables.analyze(client).finally(() => client.end()))
        .catch(failed),
  };
}

/** Starts the loops that fold the log into the read models. */
export function startProjectors(
  connectionString: string,
  parts: Pick<Parts, 'store' | 'metrics'>,
  projections: readonly Projection[],
  control: ControlListener,
  logger: LoggerService,
): SubscriptionRunner[] {
  // Rows and checkpoint are lost together or not at all, and are folded again: no page waits for the disk.
  const connect = () => connectFollower(connectionString, 'projector', { synchronous_commit: 'off' });
  const states = new ExecutionStates(parts.store, statusOf(projections));
  const onError = (error: unknown): void => logger.warn({ event: 'projection.page_failed', error: loggable(error) });
  const shared = new SharedPages(parts.store, states, { connect, onError });
  return projections.map((projection) => {
    const watch = watching(connectionString, parts, projection.name, logger);
    const projector = new Projector(projection, parts.store, states, watch);
    const runner = new SubscriptionRunner(parts.store, projector, { connect, control, shared, onError: watch.failed });
    runner.start();
    return runner;
  });
}
