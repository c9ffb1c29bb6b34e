import { applied, refused, type Decision } from './decision.js';
import type { ExecutionEvent } from './events.js';
import { targetAttempt, type ExecutionState, type ExistingExecution } from './execution.js';
import { fence } from './fence.js';
import { compact } from './json.js';
import type { Heartbeat } from './report.js';
import type { DecisionTime } from './decision-time.js';
import { silentAfterOf } from './silence.js';
import { answer } from './transitions.js';
import type { Refusal } from './verdict.js';

const BEATS_UNTIL_STALE = 20;
const BEATS_UNTIL_SILENT = 3;
const LONGEST_BEAT_MS = 15 * 60_000;

/** A beat is written only when the last recorded activity is old enough to matter (docs/semantics.md §2, §3.4). */
export function heartbeatEvents(
  from: { worker?: string },
  state: ExistingExecution,
  now: DecisionTime,
): ExecutionEvent[] {
  const silent = silentAfterOf(state.description, now.silent_after) / BEATS_UNTIL_SILENT;
  const interval = Math.min(now.stale_after_ms / BEATS_UNTIL_STALE, silent, LONGEST_BEAT_MS);
  if (Date.parse(now.at) - Date.parse(state.last_activity_at) <= interval) return [];
  return [
    {
      type: 'HeartbeatRecorded',
      data: compact({ attempt: state.attempt, worker: from.worker }) as { attempt: number },
    },
  ];
}

/** A heartbeat against the state it meets. */
export function decideHeartbeat(heartbeat: Heartbeat, state: ExecutionState, now: DecisionTime): Decision {
  if (state.status === 'none') return refused('not_found');
  const fencing = fence(state, targetAttempt(state, heartbeat.attempt));
  if (fencing) return refused(fencing);
  const verdict = answer(state.status, 'heartbeat', () => false);
  return verdict === 'same' ? applied(...heartbeatEvents(heartbeat, state, now)) : refused(verdict as Refusal);
}
