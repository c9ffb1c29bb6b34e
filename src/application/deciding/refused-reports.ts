import { LRUCache } from 'lru-cache';
import { REFUSED_KEPT, type Description } from '../../domain/events.js';
import type { ExecutionState } from '../../domain/execution.js';
import { executionStream, NO_STREAM, refusedStream } from '../../domain/stream.js';
import type { AppendOutcome } from '../../event-store/append-outcome.js';
import type { EventStore, Guard, NewEvent } from '../../event-store/event-store.js';
import { StoreError } from '../../errors.js';
import { derivedId } from './digest.js';
import { contraryEvent, contraryId, refusedEvent } from './new-events.js';
import type { LedgerRequest } from '../request.js';

/** How many executions' refused streams this process remembers the ends of. */
const REMEMBERED = 50_000;
/** By size, each of one: by number the cache makes room for all of them when it is made, a megabyte for each handler. */
const SIZED = { maxSize: REMEMBERED, sizeCalculation: () => 1 };
/** How often an append is tried against other writers of the same refused stream. */
const MAX_ATTEMPTS = 20;

/** The condition under which a verdict that writes nothing to the execution's stream may be given (docs/semantics.md §3). */
export const guardOf = (request: LedgerRequest, state: ExecutionState): Guard => ({
  stream: executionStream(request.executionId),
  revision: state.revision,
  ...(request.id === undefined ? {} : { absentId: request.id }),
});

/** Keeps refused reports, whole, up to the bound of their execution (docs/semantics.md, Refused reports). */
export class RefusedReports {
  private readonly ends = new LRUCache<string, number>(SIZED);
  /** What was kept of contrary identities: a worker may say the same with each of its reports, and pays for it once. */
  private readonly contraries = new LRUCache<string, true>(SIZED);

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

  /** Keeps a refused report. Without a guard: the verdict is true wherever the execution stands. */
  keep(request: LedgerRequest, verdict: string, state: ExecutionState, guard?: Guard): Promise<AppendOutcome> {
    return this.append(request, refusedEvent(request, verdict, state), guard);
  }

  /** Keeps what a request, whatever became of it, says against the identity that stands. */
  async keepContrary(request: LedgerRequest, contrary: Description, state: ExecutionState): Promise<AppendOutcome> {
    const { executionId } = request;
    const refused = contraryEvent(request, contrary, state);
    const guard = guardOf(request, state);
    const outcome = await this.append(request, refused, guard);
    // Stopped by the guard, a bound id or a stream that moved on, it was not kept: taken for kept, it would never be.
    const stopped = 'stream' in outcome && outcome.stream === guard.stream;
    if (!stopped) this.contraries.set(refusedStream(executionId) + refused.eventId, true);
    return outcome;
  }

  /** Whether that was kept before, as far as this process knows. */
  hasContrary = ({ executionId }: LedgerRequest, contrary: Description): boolean =>
    this.contraries.has(refusedStream(executionId) + contraryId(contrary));

  /** After a lost connection nothing that was kept need be there. */
  forget(): void {
    this.contraries.clear();
  }

  /**
   * Keeps what was refused while the execution's stream still stands where it was judged. The outcome is the guard's
   * (`conflict` on the execution's stream, or `already_there` for an id that it binds); otherwise it is kept,
   * was kept before, or is counted.
   */
  private async append(
    { executionId, origin: { actor: by } }: LedgerRequest,
    refused: NewEvent,
    guard?: Guard,
  ): Promise<AppendOutcome> {
    const stream = refusedStream(executionId);
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const end = this.ends.get(stream) ?? (await this.readEnd(stream));
      const events = fitting(refused, end);
      const expectedRevision = end === NO_STREAM ? 'no_stream' : end;
      const outcome = await this.store.append({ stream, events, expectedRevision, by, ...(guard ? { guard } : {}) });
      if (outcome.outcome === 'appended') this.ends.set(stream, outcome.revision);
      if (outcome.outcome !== 'conflict' && end + 1 >= REFUSED_KEPT) this.omitted();
      if (outcome.outcome !== 'conflict' || outcome.stream !== stream) return outcome;
      this.ends.set(stream, outcome.actual); // somebody else's refusal came first
    }
    throw new StoreError('overloaded', `${stream} was written by others at every one of ${MAX_ATTEMPTS} attempts`);
  }

  private async readEnd(stream: string): Promise<number> {
    const end = await this.store.lastRevision(stream);
    this.ends.set(stream, end);
    return end;
  }
}

/** What of it the stream still takes: all, the marker that nothing more follows, or nothing. */
function fitting(refused: NewEvent, end: number): NewEvent[] {
  const kept = end + 1;
  if (kept < REFUSED_KEPT) return [refused];
  if (kept > REFUSED_KEPT) return [];
  const { report_id: _, ...metadata } = refused.metadata;
  return [{ eventId: derivedId('omitted'), type: 'ReportsOmitted', data: { kept }, metadata }];
}
