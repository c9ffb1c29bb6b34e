import type { ProjectionState, ProjectionView } from '../contract/projections.js';
import { compact } from '../domain/json.js';
import type { EventStore } from '../event-store/event-store.js';
import type { Position } from '../event-store/position.js';
import type { DriftedRow, ParkedEvent, ProjectionStanding } from '../read-model/projection-control.js';
import { isSameLog } from '../event-store/same-log.js';
import { headSoFar, lagOf, type Lag } from './lag.js';

/** How long a projection may stand still behind the head before it counts as stalled, in milliseconds. */
const STALLED_AFTER_MS = 30_000;

/** Whether it has had something to do for so long, and has not moved. After a quiet night the first event is no delay. */
export const isStuck = ({ paused, stillMs }: ProjectionStanding, { lag_ms }: Lag): boolean =>
  !paused && stillMs > STALLED_AFTER_MS && lag_ms > STALLED_AFTER_MS;

/** What can be said of it in one word. */
export function stateOf({ standing, lag, lost }: Omit<Observed, 'state'>): ProjectionState {
  if (lost) return 'stalled';
  if (standing.paused) return 'paused';
  return standing.leader === undefined || isStuck(standing, lag) ? 'stalled' : 'live';
}

/** A projection's standing with its lag at a moment (milliseconds since 1970). */
export interface Observed {
  readonly standing: ProjectionStanding;
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
  standings: readonly ProjectionStanding[],
  now: number,
): Promise<Observed[]> {
  const head = await headSoFar(store);
  return Promise.all(
    standings.map(async (standing) => {
      const { checkpoint } = standing;
      const [lag, same] = await Promise.all([lagOf(store, checkpoint, now, head), isSameLog(store, checkpoint)]);
      const observed = { standing, head, lag, lost: !same };
      return { ...observed, state: stateOf(observed) };
    }),
  );
}

/** The projection as the wire shows it. */
export const showProjection = (
  { standing, head, lag, state }: Observed,
  { parked, drifted }: { readonly parked: readonly ParkedEvent[]; readonly drifted: readonly DriftedRow[] },
  chores: Pick<ProjectionView, 'previous_version' | 'rebuild' | 'verify' | 'rollback'> = {},
): ProjectionView =>
  compact({
    name: standing.name,
    version: standing.version,
    state,
    checkpoint: String(standing.checkpoint.position),
    head: String(head),
    ...lag,
    leader: standing.leader,
    retrying: standing.retrying || undefined,
    ...chores,
    parked_count: standing.parked,
    parked: parked.map(({ position, eventType, executionId, error }) => ({
      position: String(position),
      event_type: eventType,
      execution_id: executionId,
      error,
    })),
    drifted:
      standing.drifted === 0
        ? undefined
        : {
            rows: standing.drifted,
            since: standing.driftedSince,
            sample: drifted.map(({ executionId, field, foundAt }) => ({
              execution_id: executionId,
              field,
              found_at: foundAt,
            })),
          },
  }) as ProjectionView;
