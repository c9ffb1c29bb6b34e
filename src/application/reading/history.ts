import type { RefusedEvent, HistoryEvent } from '../../contract/history.js';
import { STATUS_BY_EVENT, type ExecutionEventType, type ReportRefusedData } from '../../domain/events.js';
import type { ExecutionState } from '../../domain/execution.js';
import { compact } from '../../domain/json.js';
import { readMetadata } from '../../event-store/codec.js';
import type { StoredEvent } from '../../event-store/event-store.js';

const attemptOf = (data: unknown): number | undefined => {
  const { attempt } = (data ?? {}) as { attempt?: unknown };
  return typeof attempt === 'number' ? attempt : undefined;
};

/**
 * A stored event as auditors see it. `after` is the state that it left, where the reader folds along; elsewhere the status
 * is the one that the event names.
 */
export function toHistoryEvent(stored: StoredEvent, after?: ExecutionState): HistoryEvent {
  const metadata = readMetadata(stored.metadata);
  const { occurred_at, reporter, on_behalf_of, source, correlation_id, causation_id, redacted } = metadata;
  const opens = stored.type === 'ExecutionRegistered';
  const named = attemptOf(stored.data) ?? (opens ? 1 : undefined);
  return compact({
    revision: stored.revision,
    position: String(stored.position),
    event_id: stored.eventId,
    type: stored.type,
    attempt: after && after.status !== 'none' ? (named ?? after.attempt) : named,
    status:
      after && after.status !== 'none'
        ? after.status
        : opens
          ? 'pending'
          : STATUS_BY_EVENT[stored.type as ExecutionEventType],
    recorded_at: stored.recordedAt,
    occurred_at,
    reporter,
    on_behalf_of,
    source,
    correlation_id,
    causation_id,
    redacted,
    data: stored.data,
  }) as HistoryEvent;
}

/** A refused report, under its own id, with what it lost against. */
export function toRefused(stored: StoredEvent): RefusedEvent {
  const { verdict, against } = (stored.data ?? {}) as Partial<ReportRefusedData>;
  const { report_id } = readMetadata(stored.metadata);
  const place = against ? { attempt: against.attempt, status: against.status } : {};
  return compact({
    ...toHistoryEvent(stored),
    ...place,
    event_id: report_id ?? stored.eventId,
    verdict,
    against,
  }) as RefusedEvent;
}
