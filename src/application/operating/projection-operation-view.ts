import type { ProjectionView, RebuildView, VerifyView } from '../../contract/projections.js';
import { compact } from '../../domain/json.js';
import type { Position } from '../../event-store/position.js';
import {
  isUnfinished,
  operationStateOf,
  type ProjectionOperation,
  type OperationsStatus,
} from '../../rebuild/projection-operation.js';

const NO_DRIFT = { rows: 0, fields: {}, sample: [] };

/** How fast it was while somebody was at it, in events per second. */
export function rateOf({ events, ranMs, eventsPerSecond = Infinity }: ProjectionOperation): number {
  return ranMs > 0 ? Math.min(eventsPerSecond, Math.round((events * 1_000) / ranMs)) : 0;
}

/** The log that operations go through. */
export interface LogMeasure {
  readonly head: Position;
  /** Whether its positions count events. */
  readonly dense: boolean;
  /** How many of them are operations, which no execution's streams have. */
  readonly operations: number;
}

/** How many events there are for it still; undefined where that cannot be told. */
function leftOf(operation: ProjectionOperation, { head, dense, operations }: LogMeasure): number | undefined {
  if (!dense || operation.version === 0 || operation.sample !== undefined || operation.phase === 'comparing')
    return undefined;
  const total =
    operation.phase === 'catching up' ? head - operation.checkpoint : head - BigInt(operations + operation.events);
  return Math.max(0, Number(total));
}

function progressOf(operation: ProjectionOperation, { holder }: OperationsStatus, log: LogMeasure) {
  const open = isUnfinished(operation);
  const rate = rateOf(operation);
  const left = open ? leftOf(operation, log) : undefined;
  return {
    version: operation.version,
    phase: open && operation.version > 0 ? operation.phase : undefined,
    checkpoint: String(operation.checkpoint),
    events: operation.events,
    events_total: left === undefined ? undefined : operation.events + left,
    events_per_second: rate,
    most_events_per_second: operation.eventsPerSecond,
    eta_ms: left === undefined || rate === 0 ? undefined : Math.round((left / rate) * 1_000),
    by: open && !operation.paused ? holder : undefined,
    started_at: operation.startedAt,
    finished_at: operation.finishedAt,
    error: operation.error,
  };
}

const show = {
  rebuild: (operation: ProjectionOperation, progress: object) =>
    compact({ state: operationStateOf(operation), ...progress, ...operation.compared }) as RebuildView,
  verify: (operation: ProjectionOperation, progress: object) =>
    compact({
      state: operationStateOf(operation),
      ...progress,
      sample: operation.sample,
      rows: operation.compared?.rows ?? 0,
      drift: operation.compared?.drift ?? NO_DRIFT,
    }) as VerifyView,
  rollback: ({ state, startedAt, finishedAt, error }: ProjectionOperation) =>
    compact({ state, started_at: startedAt, finished_at: finishedAt, error }) as ProjectionView['rollback'],
};

/** What is being done, or was last done, to a projection, as the wire shows it (docs/http-api.md, Operations). */
export function showOperations(
  status: OperationsStatus | undefined,
  log: LogMeasure,
): Pick<ProjectionView, 'previous_version' | 'rebuild' | 'verify' | 'rollback'> {
  if (!status) return {};
  const shown = status.operations.map((operation) => [
    operation.kind,
    show[operation.kind](operation, progressOf(operation, status, log)),
  ]);
  const previous = status.previous ? { previous_version: status.previous.version } : {};
  return { ...previous, ...(Object.fromEntries(shown) as object) };
}
