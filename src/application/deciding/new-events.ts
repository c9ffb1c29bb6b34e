import type { Decision } from '../../domain/decision.js';
import { authorityOfInput } from '../../domain/decision.js';
import type { Description, EventMetadata, Instant, RecordedEvent, ReportRefusedData } from '../../domain/events.js';
import type { ExecutionState } from '../../domain/execution.js';
import { compact, type Json } from '../../domain/json.js';
import { currentOf } from '../../domain/verdict.js';
import type { NewEvent } from '../../event-store/event-store.js';
import { derivedId, digestOf } from './digest.js';
import type { LedgerRequest } from '../request.js';

/** The metadata of every event that a request causes (docs/semantics.md §2). */
export function metadataOf({ digest, occurred_at, origin, input, unread, redacted }: LedgerRequest): EventMetadata {
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
    redacted,
  }) as EventMetadata;
}

/**
 * A decision's events, ready to append. The last one bears the request's id where the request was applied, or one of its own
 * where it brought none; the others' ids follow from that, so that whoever reads them can tell what was appended together.
 * Only what was applied binds its id (docs/semantics.md §3.0): of anything else no event bears one that a caller could come
 * back with. What of the request has no place in them stands beside the last one.
 */
export function toAppend(request: LedgerRequest, decision: Decision, ownId: () => string): NewEvent[] {
  const { events, verdict } = decision;
  if (events.length === 0) return [];
  const applied = verdict === 'applied';
  const id = (applied ? request.id : undefined) ?? ownId();
  const last = metadataOf(request);
  // Kept once: what has no place may be as large as a body.
  const { unread: _, ...before } = last;
  return events.map(({ type, data }, index) => {
    const isLast = index === events.length - 1;
    const appliedId = isLast ? id : companionId(id, index);
    return { eventId: applied ? appliedId : strangerId(id, index), type, data, metadata: isLast ? last : before };
  });
}

/** The id of an event that a request appended before its last one. */
export const companionId = (last: string, index: number): string => derivedId('companion', last, String(index));

/** The id of an event of a request that was not applied: no companion, for under the same id the request may yet be applied. */
const strangerId = (id: string, index: number): string => derivedId('stranger', id, String(index));

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

/** An event of the refused stream: what was said, and what it lost against. */
function refusal(
  request: LedgerRequest,
  eventId: string,
  { verdict, report }: { readonly verdict: string; readonly report: Json },
  state: ExecutionState,
): NewEvent {
  const current = currentOf(state);
  const against = current && {
    status: current.status,
    attempt: current.attempt,
    authority: current.authority,
    revision: current.revision,
  };
  const data: ReportRefusedData = { verdict, report, against };
  const { unread: _, ...metadata } = metadataOf(request); // the report is whole, or is kept elsewhere
  const known = request.id === undefined ? metadata : { ...metadata, report_id: request.id };
  return { eventId, type: 'ReportRefused', data, metadata: known };
}

/**
 * A refused report as the refused stream keeps it. Its id follows from what it said and what became of it,
 * so that a loop keeps one copy (docs/semantics.md §3).
 */
export function refusedEvent(request: LedgerRequest, verdict: string, state: ExecutionState): NewEvent {
  const eventId = derivedId('refused', request.id ?? '', verdict, request.digest);
  return refusal(request, eventId, { verdict, report: request.received ?? null }, state);
}

/** It follows from the fields and from nothing else, so that a worker which says so with its every report leaves one copy. */
export const contraryId = (contrary: Description): string => derivedId('contrary', digestOf('identity', contrary));

/** What a request said of the identity and stood otherwise, as the refused stream keeps it: these fields alone. */
export const contraryEvent = (request: LedgerRequest, contrary: Description, state: ExecutionState): NewEvent =>
  refusal(request, contraryId(contrary), { verdict: 'conflict', report: contrary }, state);
