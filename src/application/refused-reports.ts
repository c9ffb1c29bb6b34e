import { LRUCache } from 'lru-cache';
import { REFUSED_KEPT } from '../domain/events.js';
import type { ExecutionState } from '../domain/execution.js';
import { executionStream, NO_STREAM, refusedStream } from '../domain/stream.js';
import type { AppendOutcome } from '../event-store/append-outcome.js';
import { StoreError, type EventStore, type Guard, type NewEvent } from '../event-store/event-store.js';
import { derivedId } from './digest.js';
import { metadataOf, refusedEvent } from './new-events.js';
import type { LedgerRequest } from './request.js';

/** How many executions' refused streams this process remembers the ends of. */
const REMEMBERED = 50_000;
/** How often an append is tried against other writers of the same refused stream. */
const MAX_ATTEMPTS = 20;

/** The condition under which a verdict that writes nothing to the execution's stream may be given (domain.md §3). */
export const guardOf = (request: LedgerRequest, state: ExecutionState): Guard => ({
  stream: executionStream(request.executionId),
  revision: state.revision,
  ...(request.id === undefined ? {} : { absentId: request.id }),
});

/** Keeps refused reports, whole, up to the bound of their execution (domain.md §3, "Kept in the refused stream"). */
export class RefusedReports {
  private readonly ends = new LRUCache<string, number>({ maxSize: REMEMBERED, sizeCalculation: () => 1 });

  constructor(
    private readonly store: EventStore,
    private readonly omitted: () => void,
  ) {}

  /** How many refused reports are kept of an execution, as far as this process knows. */
  async count(executionId: string): Promise<number> {
    const stream = refusedStream(executionId);
    const end = this.ends.get(stream) ?? (await this.readEnd(stream));
    return Math.min(end + 1, REFUSED_KEPT);
  }

  /**
   * Keeps the report while the execution's stream still stands where it was judged. The outcome is the guard's
   * (`conflict` on the execution's stream, or `already_there` for an id that it binds); otherwise the report is kept,
   * was kept before, or is counted. Without a guard: the verdict is true wherever the execution stands.
   */
  async keep(request: LedgerRequest, verdict: string, state: ExecutionState, guard?: Guard): Promise<AppendOutcome> {
    const stream = refusedStream(request.executionId);
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const end = this.ends.get(stream) ?? (await this.readEnd(stream));
      const events = this.fitting(request, verdict, state, end);
      const expectedRevision = end === NO_STREAM ? 'no_stream' : end;
      const outcome = await this.store.append({ stream, events, expectedRevision, ...(guard ? { guard } : {}) });
      if (outcome.outcome === 'appended') this.ends.set(stream, outcome.revision);
      if (outcome.outcome !== 'conflict' && end + 1 >= REFUSED_KEPT) this.omitted();
      if (outcome.outcome !== 'conflict' || outcome.stream !== stream) return outcome;
      this.ends.set(stream, outcome.actual); // somebody else's refusal came first
    }
    throw new StoreError('overloaded', `${stream} was written by others at every one of ${MAX_ATTEMPTS} attempts`);
  }

  private fitting(request: LedgerRequest, verdict: string, state: ExecutionState, end: number): NewEvent[] {
    const kept = end + 1;
    if (kept < REFUSED_KEPT) return [refusedEvent(request, verdict, state)];
    if (kept > REFUSED_KEPT) return [];
    const marker = { eventId: derivedId('omitted'), type: 'ReportsOmitted', data: { kept } };
    return [{ ...marker, metadata: metadataOf(request) }];
  }

  private async readEnd(stream: string): Promise<number> {
    const [last] = await this.store.readStream(stream, { direction: 'backwards', limit: 1 });
    const end = last?.revision ?? NO_STREAM;
    this.ends.set(stream, end);
    return end;
  }
}
