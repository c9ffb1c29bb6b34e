import { initial, type ExecutionState } from '../domain/execution.js';
import { executionStream, NO_STREAM } from '../domain/stream.js';
import type { AppendOutcome, Appended } from '../event-store/append-outcome.js';
import { isOutOfReach, StoreError, type EventStore, type NewEvent } from '../event-store/event-store.js';
import { readExecution } from '../event-store/read-execution.js';
import { withRetryId } from './outcome-unknown.js';
import { nowOf, type Runtime, type Snapshots } from './ports.js';
import { guardOf, RefusedReports } from './refused-reports.js';
import { replay, replayRevision } from './replay.js';
import type { Handled, LedgerRequest } from './request.js';
import { appendedRun, isGuarded, planRun, unwritten, type Deciding, type Pending, type Planned } from './run.js';
import { StateCache } from './state-cache.js';
import type { Telemetry } from './telemetry.js';
import { MAX_RUN, Turns } from './turns.js';

/** How often a decision is made again that others overtook; beyond it the caller is told to come back. */
export const MAX_ATTEMPTS = 20;
/** From how many unread events on a kept state is worth a look-up. */
const LONG_TAIL = 200;

/**
 * Load → decide → append: the one way to a verdict, for every report and command (domain.md §3, §4).
 * Requests about one execution wait their turn in this process; those that write travel in one append.
 * What it believes of a state is a guess until the append, or the confirmation of the head, has proved it.
 */
export class HandleExecution {
  private readonly turns: Turns<Pending>;
  readonly refusals: RefusedReports;
  /** States folded by this process. */
  readonly cache = new StateCache();

  constructor(
    private readonly store: EventStore,
    private readonly snapshots: Snapshots,
    private readonly runtime: Runtime,
    private readonly telemetry: Telemetry,
  ) {
    this.turns = new Turns((...turn) => this.run(...turn), runtime.clock);
    this.refusals = new RefusedReports(store, () => telemetry.omitted());
    store.onReconnect(() => this.cache.clear());
  }

  /** @throws StoreError where nothing could be decided, or it is not known whether it was stored. */
  handle(request: LedgerRequest): Promise<Handled> {
    return new Promise((settle, fail) => this.turns.join(request.executionId, { request, settle, fail, attempts: 0 }));
  }

  /** Gives those at the head of the queue their verdicts. */
  private async run(executionId: string, queue: Pending[], width: number): Promise<number> {
    let run: Planned[] = [];
    try {
      const state = this.cache.get(executionId) ?? initial;
      run = planRun(queue, state, this.deciding(width));
      return await this.settleRun(run, state, queue);
    } catch (error) {
      // A run that the store will not take is taken apart, so that one request's fate is nobody else's.
      if (run.length > 1 && isOfOne(error)) return 1;
      this.failRun(run, queue, error);
      return MAX_RUN;
    }
  }

  private failRun(run: readonly Planned[], queue: Pending[], error: unknown): void {
    for (const planned of run.length > 0 ? run : [{ pending: queue[0]!, events: [] as NewEvent[] }]) {
      const { pending } = planned;
      if (queue[0] === pending) queue.shift();
      pending.fail(withRetryId(error, pending.request.id ?? planned.events.at(-1)?.eventId));
    }
    // Out of reach for the first in the queue, the store is so for all: else each would wait for its own patience to end.
    if (isOutOfReach(error)) for (const { fail } of queue.splice(0)) fail(new StoreError('unavailable', error.message));
  }

  private deciding(width: number): Deciding {
    const { newEventId } = this.runtime;
    // One append has one known position; where positions are not dense, only a run of one knows its own.
    return { now: nowOf(this.runtime), newEventId, width: this.store.densePositions ? width : 1 };
  }

  /** Gives the run its verdicts; answers how many requests may travel together next. */
  private async settleRun(run: readonly Planned[], state: ExecutionState, queue: Pending[]): Promise<number> {
    if (run[0]!.events.length > 0) return this.settleWrites(run, state, queue);
    const outcomes = await Promise.all(run.map((planned) => this.confirm(planned, state)));
    for (const [index, planned] of run.entries()) {
      const outcome = outcomes[index]!;
      // Overtaken: this request and those behind it are decided again, in order.
      if (outcome.outcome === 'conflict') return this.overtaken(planned.pending, outcome.actual, queue);
      queue.shift();
      if (
        outcome.outcome === 'already_there' &&
        outcome.stream === executionStream(planned.pending.request.executionId)
      ) {
        await this.replayInto(planned.pending);
      } else await this.finishUnwritten(planned, state);
    }
    return MAX_RUN;
  }

  private confirm({ pending: { request }, decision }: Planned, state: ExecutionState): Promise<AppendOutcome> {
    const guard = guardOf(request, state);
    if (decision !== 'precondition_failed' && decision.kept) {
      return this.refusals.keep(request, decision.verdict, state, guard);
    }
    return this.store.append({ stream: guard.stream, events: [], expectedRevision: 'any', guard });
  }

  private async finishUnwritten(planned: Planned, state: ExecutionState): Promise<void> {
    const { pending, decision } = planned;
    if (decision !== 'precondition_failed' && decision.repeats !== undefined) {
      return this.settle(pending, await replayRevision(this.store, pending.request, decision.repeats, state));
    }
    this.settle(pending, unwritten(planned, state));
  }

  private async settleWrites(run: readonly Planned[], state: ExecutionState, queue: Pending[]): Promise<number> {
    const { request } = run[0]!.pending;
    const outcome = await this.store.append({
      stream: executionStream(request.executionId),
      events: run.flatMap(({ events }) => events),
      expectedRevision: state.revision === NO_STREAM ? 'no_stream' : state.revision,
      guard: isGuarded(run[0]!) ? guardOf(request, state) : undefined,
    });
    if (outcome.outcome === 'appended') return this.settleAppended(run, state, outcome, queue);
    if (outcome.outcome === 'conflict') return this.overtaken(run[0]!.pending, outcome.actual, queue);
    if (run.length > 1) return 1; // somebody's id is bound already: the run is taken apart
    queue.shift();
    await this.replayInto(run[0]!.pending);
    return MAX_RUN;
  }

  private settleAppended(run: readonly Planned[], state: ExecutionState, outcome: Appended, queue: Pending[]): number {
    const handled = appendedRun(run, state, outcome);
    this.cache.set(run[0]!.pending.request.executionId, handled.at(-1)!.state);
    for (const [index, { pending }] of run.entries()) {
      queue.shift();
      this.settle(pending, handled[index]!);
    }
    return MAX_RUN;
  }

  /** Another writer came first: read on from what is known, and decide again, a bounded number of times. */
  private async overtaken(pending: Pending, actual: number, queue: Pending[]): Promise<number> {
    this.telemetry.retried();
    if (++pending.attempts >= MAX_ATTEMPTS) {
      queue.shift();
      pending.fail(
        new StoreError('overloaded', `others wrote ${pending.request.executionId} first, ${MAX_ATTEMPTS} times`),
      );
      return MAX_RUN;
    }
    const { executionId } = pending.request;
    this.cache.set(executionId, await this.load(executionId, actual));
    return MAX_RUN;
  }

  private async load(executionId: string, actual: number): Promise<ExecutionState> {
    const known = this.cache.get(executionId) ?? initial;
    const long = actual - known.revision > LONG_TAIL;
    const kept = long ? await this.snapshots.find(executionId) : undefined;
    return readExecution(this.store, executionId, kept && kept.revision > known.revision ? kept : known);
  }

  /** The request's id stands in the stream: its first receipt again, or another request of the same id (domain.md §3.0). */
  private async replayInto(pending: Pending): Promise<void> {
    const { request } = pending;
    const state = await this.load(request.executionId, Number.MAX_SAFE_INTEGER);
    this.cache.set(request.executionId, state);
    const handled = await replay(this.store, request, state);
    if (handled.verdict === 'id_reused' && request.received !== undefined) {
      await this.refusals.keep(request, 'id_reused', state);
    }
    this.settle(pending, handled);
  }

  private settle({ request, settle }: Pending, handled: Handled): void {
    this.telemetry.decided(request, handled.verdict, handled.replayed);
    settle(handled);
  }
}

/** Whether the store said no to this append for what or how much it carries, not because of its own state. */
const isOfOne = (error: unknown): boolean =>
  error instanceof StoreError && (error.kind === 'unacceptable' || error.kind === 'overloaded');
