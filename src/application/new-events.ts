import type { Decision } from '../domain/decision.js';
import { authorityOfInput } from '../domain/decision.js';
import type { EventMetadata, Instant, RecordedEvent, ReportRefusedData } from '../domain/events.js';
import type { ExecutionState } from '../domain/execution.js';
import { compact } from '../domain/json.js';
import { currentOf } from '../domain/verdict.js';
import type { NewEvent } from '../event-store/event-store.js';
import { derivedId } from './digest.js';
import type { LedgerRequest } from './request.js';

/** The metadata of every event that a request causes (domain.md §2). */
export function metadataOf({ digest, occurred_at, origin, input, unread }: LedgerRequest): EventMetadata {
  const { actor, on_behalf_of, source, correlation_id, causation_id } = origin;
  const reporter = { actor, authority: authorityOfInput(input) };
  return compact({
    digest,
    occurred_at,
    reporter,
    on_behalf_of,
    source,
    correlation_id,
    causation_id,
    unread,
  }) as EventMetadata;
}

/**
 * A decision's events, ready to append. The last one bears the request's id where the request was applied, for only what was
 * applied binds its id (domain.md §3.0), else an id of its own; the others' ids follow from the last one's, so that whoever
 * reads them can tell what was appended together.
 */
export function toAppend(request: LedgerRequest, decision: Decision, ownId: () => string): NewEvent[] {
  const { events, verdict } = decision;
  if (events.length === 0) return [];
  const last = (verdict === 'applied' ? request.id : undefined) ?? ownId();
  const metadata = metadataOf(request);
  return events.map(({ type, data }, index) => {
    const eventId = index < events.length - 1 ? companionId(last, index) : last;
    return { eventId, type, data, metadata };
  });
}

/** The id of an event that a request appended before its last one. */
export const companionId = (last: string, index: number): string => derivedId('companion', last, String(index));

/** The events as the stream will give them back. */
export function recorded(
  events: readonly NewEvent[],
  at: { revision: number; position: bigint; recordedAt: Instant },
): RecordedEvent[] {
  let revision = at.revision - events.length;
  let position = at.position - BigInt(events.length);
  // Members are named one by one: spreading them costs more than the fold that follows.
  return events.map(({ eventId, type, data, metadata }) => {
    revision += 1;
    position += 1n;
    return { type, data, revision, position, recorded_at: at.recordedAt, event_id: eventId, metadata } as RecordedEvent;
  });
}

/**
 * A refused report as the refused stream keeps it. Its id follows from what it said and what became of it,
 * so that a loop keeps one copy (domain.md §3).
 */
export function refusedEvent(request: LedgerRequest, verdict: string, state: ExecutionState): NewEvent {
  const current = currentOf(state);
  const against = current && {
    status: current.status,
    attempt: current.attempt,
    authority: current.authority,
    revision: current.revision,
  };
  const data: ReportRefusedData = { verdict, report: request.received ?? null, against };
  return {
    eventId: derivedId('refused', request.id ?? '', verdict, request.digest),
    type: 'ReportRefused',
    data,
    metadata: { ...metadataOf(request), ...(request.id === undefined ? {} : { report_id: request.id }) },
  };
}
