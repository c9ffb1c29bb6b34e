import type { ProjectionView, RebuildView, VerifyView } from '../contract/projections.js';
import { compact } from '../domain/json.js';
import type { Position } from '../event-store/position.js';
import { isUnfinished, type Chore, type ChoreStanding } from '../projector/rebuild/chore.js';

const NO_DRIFT = { rows: 0, fields: {}, sample: [] };

/** How fast it was while somebody was at it, in events per second. */
export function rateOf({ events, ranMs, eventsPerSecond = Infinity }: Chore): number {
  return ranMs > 0 ? Math.min(eventsPerSecond, Math.round((events * 1_000) / ranMs)) : 0;
}

/** The log that chores go through. */
export interface LogMeasure {
  readonly head: Position;
  /** Whether its positions count events. */
  readonly dense: boolean;
  /** How many of them are operations, which no execution's streams have. */
  readonly operations: number;
}

/** How many events there are for it still; undefined where that cannot be told. */
function leftOf(chore: Chore, { head, dense, operations }: LogMeasure): number | undefined {
  if (!dense || chore.version === 0 || chore.sample !== undefined || chore.phase === 'comparing') return undefined;
  const total = chore.phase === 'catching up' ? head - chore.checkpoint : head - BigInt(operations + chore.events);
  return Math.max(0, Number(total));
}

const stateOf = ({ state, paused }: Chore) => (paused && isUnfinished({ state }) ? 'paused' : state);

function progressOf(chore: Chore, { hand }: ChoreStanding, log: LogMeasure) {
  const open = isUnfinished(chore);
  const rate = rateOf(chore);
  const left = open ? leftOf(chore, log) : undefined;
  return {
    version: chore.version,
    phase: open && chore.version > 0 ? chore.phase : undefined,
    checkpoint: String(chore.checkpoint),
    events: chore.events,
    events_total: left === undefined ? undefined : chore.events + left,
    events_per_second: rate,
    most_events_per_second: chore.eventsPerSecond,
    eta_ms: left === undefined || rate === 0 ? undefined : Math.round((left / rate) * 1_000),
    by: open && !chore.paused ? hand : undefined,
    started_at: chore.startedAt,
    finished_at: chore.finishedAt,
    error: chore.error,
  };
}

const show = {
  rebuild: (chore: Chore, progress: object) =>
    compact({ state: stateOf(chore), ...progress, ...chore.compared }) as RebuildView,
  verify: (chore: Chore, progress: object) =>
    compact({
      state: stateOf(chore),
      ...progress,
      sample: chore.sample,
      rows: chore.compared?.rows ?? 0,
      drift: chore.compared?.drift ?? NO_DRIFT,
    }) as VerifyView,
  rollback: ({ state, startedAt, finishedAt, error }: Chore) =>
    compact({ state, started_at: startedAt, finished_at: finishedAt, error }) as ProjectionView['rollback'],
};

/** What is being done, or was last done, to a projection, as the wire shows it (docs/http-api.md, Operations). */
export function showChores(
  standing: ChoreStanding | undefined,
  log: LogMeasure,
): Pick<ProjectionView, 'previous_version' | 'rebuild' | 'verify' | 'rollback'> {
  if (!standing) return {};
  const shown = standing.chores.map((chore) => [chore.kind, show[chore.kind](chore, progressOf(chore, standing, log))]);
  const previous = standing.previous ? { previous_version: standing.previous.version } : {};
  return { ...previous, ...(Object.fromEntries(shown) as object) };
}
