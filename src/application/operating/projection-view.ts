import type { ProjectionState, ProjectionView } from '../../contract/projections.js';
import { compact } from '../../domain/json.js';
import type { EventStore } from '../../event-store/event-store.js';
import type { Position } from '../../event-store/position.js';
import type { DriftedRow, ParkedEvent, ProjectionStatus } from '../../read-model/projection-control.js';
import { isSameLog } from '../../event-store/same-log.js';
import { headSoFar, lagOf, type Lag } from '../reading/lag.js';

/** How long a projection may stand still behind the head before it counts as stalled, in milliseconds. */
const STALLED_AFTER_MS = 30_000;

/** Whether it has had something to do for so long, and has not moved. After a quiet night the first event is no delay. */
export const isStuck = ({ paused, stillMs }: ProjectionStatus, { lag_ms }: Lag): boolean =>
  !paused && stillMs > STALLED_AFTER_MS && lag_ms > STALLED_AFTER_MS;

/** What can be said of it in one word. */
export function projectionStateOf({ status, lag, lost }: Omit<ProjectionObservation, 'state'>): ProjectionState {
  if (lost) return 'stalled';
  if (status.paused) return 'paused';
  return status.leader === undefined || isStuck(status, lag) ? 'stalled' : 'live';
}

/** A projection's status with its lag at a moment (milliseconds since 1970). */
export interface ProjectionObservation {
  readonly status: ProjectionStatus;
  /** Of the log, when it was looked. */
  readonly head: Position;
  readonly lag: Lag;
  /** The log is not the one that it was projected from, and it does not go on before it is rebuilt. */
  readonly lost: boolean;
  readonly state: ProjectionState;
}

/** Where every projection stands. */
export async function observe(
  store: EventStore,
  statuses: readonly ProjectionStatus[],
  now: number,
): Promise<ProjectionObservation[]> {
  const head = await headSoFar(store);
  return Promise.all(
    statuses.map(async (status) => {
      const { checkpoint } = status;
      const [lag, same] = await Promise.all([lagOf(store, checkpoint, now, head), isSameLog(store, checkpoint)]);
      const observed = { status, head, lag, lost: !same };
      return { ...observed, state: projectionStateOf(observed) };
    }),
  );
}

/** The projection as the wire shows it. */
export const showProjection = (
  { status, head, lag, state }: ProjectionObservation,
  { parked, drifted }: { readonly parked: readonly ParkedEvent[]; readonly drifted: readonly DriftedRow[] },
  operations: Pick<ProjectionView, 'previous_version' | 'rebuild' | 'verify' | 'rollback'> = {},
): ProjectionView =>
  compact({
    name: status.name,
    version: status.version,
    state,
    checkpoint: String(status.checkpoint.position),
    head: String(head),
    ...lag,
    leader: status.leader,
    retrying: status.retrying || undefined,
    ...operations,
    parked_count: status.parked,
    parked: parked.map(({ position, eventType, executionId, error }) => ({
      position: String(position),
      event_type: eventType,
      execution_id: executionId,
      error,
    })),
    drifted:
      status.drifted === 0
        ? undefined
        : {
            rows: status.drifted,
            since: status.driftedSince,
            sample: drifted.map(({ executionId, field, foundAt }) => ({
              execution_id: executionId,
              field,
              found_at: foundAt,
            })),
          },
  }) as ProjectionView;
