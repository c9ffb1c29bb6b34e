import type { ExecutionState } from '../../domain/execution.js';
import { executionStream, NO_STREAM } from '../../domain/stream.js';
import { deciding } from '../../event-loop.js';
import type { AppendConflict, AppendOutcome, AppendedEvents } from '../../event-store/append-outcome.js';
import type { EventStore } from '../../event-store/event-store.js';
import { StoreError, isOutOfReach, isUnreadable } from '../../errors.js';
import { HEAD, readFromMark, UNKNOWN, withMark, type MarkedState } from '../../event-store/fold-mark.js';
import { readExecution } from '../../event-store/read-execution.js';
import { refuseRequestOutside } from '../confinement.js';
import { throwOutcomeUnknown } from './outcome-unknown.js';
import { nowOf, type Runtime } from '../ports.js';
import { guardOf, RefusedReports } from './refused-reports.js';
import { replay, replayRevision } from './replay.js';
import type { DecisionResult, LedgerRequest } from '../request.js';
import {
  appendedBatch,
  isGuarded,
  planBatch,
  unwritten,
  waitingStill,
  type DecisionContext,
  type DecidedRequest,
} from './batch.js';
import { answer, failAll, failRest, type PendingRequest } from './pending-request.js';
import { StateCache } from './state-cache.js';
import type { Telemetry } from './telemetry.js';
import { MAX_BATCH, ExecutionQueues } from './execution-queues.js';

/** How often a decision is made again that others overtook; beyond it the caller is told to come back. */
export const MAX_ATTEMPTS = 20;

/**
 * How a batch ended: each has its answer, or an id of one is bound already and each is to travel alone, or another writer came
 * first.
 */
type BatchEnd = 'settled' | 'divide' | AppendConflict;

/**
 * Load → decide → append → settle: the one way to a verdict, for every report and command (docs/semantics.md §3, §4).
 * Requests about one execution wait their turn in this process; those that write travel in one append.
 * What it believes of a state is a guess until the append, or the confirmation of the head, has proved it.
 */
export class HandleExecution {
  private readonly queues: ExecutionQueues<PendingRequest>;
  readonly refusals: RefusedReports;
  /** States folded by this process. */
  readonly cache = new StateCache();

  constructor(
    private readonly store: EventStore,
    private readonly runtime: Runtime,
    private readonly telemetry: Telemetry,
  ) {
    this.queues = new ExecutionQueues(
      (...turn) => this.processBatch(...turn),
      runtime.clock,
      ({ request }) => request.origin.actor,
      ({ isAnswered }) => isAnswered,
      ({ fail }, error) => fail(error),
    );
    this.refusals = new RefusedReports(store, () => telemetry.omitted());
    store.onReconnect(() => {
      this.cache.clear();
      this.refusals.forget();
    });
  }

  /**
   * @throws StoreError where nothing could be decided, or it is not known whether it was stored.
   * @throws Problem 403 where the caller may not know of the execution
   */
  async handle(request: LedgerRequest): Promise<DecisionResult> {
    refuseRequestOutside(request);
    return deciding(
      new Promise((settle, fail) => {
        this.queues.enqueue(request.executionId, { request, settle, fail, attempts: 0, isAnswered: false });
      }),
    );
  }

  /**
   * Gives those at the head of the queue their verdicts. Whatever fails, each is answered or stays in the queue; returns how
   * many requests may travel together next.
   */
  private async processBatch(executionId: string, queue: readonly PendingRequest[], width: number): Promise<number> {
    let batch: readonly DecidedRequest[] = [];
    try {
      // 1. Load what is known here of the state: a guess, until step 3 has proved it.
      const known = this.cache.get(executionId) ?? UNKNOWN;
      // 2. Decide those that can travel together, each on what those before it leave.
      batch = planBatch(queue, known.state, this.decisionContext(width));
      // 3. Append what they write, or have the store confirm where the stream stands. 4. Settle: tell each its verdict.
      const end = await this.appendAndSettle(batch, known);
      if (end === 'settled') return MAX_BATCH;
      if (end === 'divide') return 1;
      // Overtaken by another writer: what that wrote is loaded, and whoever has no answer is decided again.
      await this.overtaken(waitingStill(batch)[0]!, end.actual);
      return MAX_BATCH;
    } catch (error) {
      const left = waitingStill(batch);
      // A batch that fails for anything but the store's state is taken apart, so that one request's fate is nobody else's.
      if (left.length > 1 && !isOfAll(error)) return 1;
      failAll(batch.length > 0 ? left : [queue[0]!], error);
      // Out of reach for the first in the queue, the store is so for all: else each would wait for its own patience to end.
      if (isOutOfReach(error)) failRest(queue, error);
      return MAX_BATCH;
    }
  }

  private decisionContext(width: number): DecisionContext {
    const { newEventId } = this.runtime;
    // One append has one known position; where positions are not dense, only a batch of one knows its own.
    const { hasContrary: isKept } = this.refusals;
    return { now: nowOf(this.runtime), newEventId, width: this.store.densePositions ? width : 1, isKept };
  }

  private async appendAndSettle(batch: readonly DecidedRequest[], known: MarkedState): Promise<BatchEnd> {
    const [{ pending, decision, events }] = batch as readonly [DecidedRequest];
    if (decision.contrary !== undefined) {
      // Before anything of it is written: sent again after a failure it is a replay, and no longer says so.
      const outcome = await this.refusals.keepContrary(pending.request, decision.contrary, known.state);
      if (outcome.outcome === 'conflict') return outcome;
    }
    return events.length > 0 ? this.write(batch, known) : this.confirm(batch, known.state);
  }

  /** A batch that writes: one append has the events of all. */
  private async write(batch: readonly DecidedRequest[], known: MarkedState): Promise<BatchEnd> {
    const [first] = batch as readonly [DecidedRequest];
    const { pending, decision } = first;
    const { request } = pending;
    const { state } = known;
    const all = batch.flatMap(({ events }) => events);
    const { events, marked } = withMark(request.executionId, known, all);
    const outcome = await this.store.append({
      stream: executionStream(request.executionId),
      events,
      expectedRevision: state.revision === NO_STREAM ? 'no_stream' : state.revision,
      guard: isGuarded(first) ? guardOf(request, state) : undefined,
      by: request.origin.actor,
    });
    if (outcome.outcome === 'conflict') return outcome;
    if (outcome.outcome === 'appended') {
      // What it added to the identity has proved the verdict, under which it is kept all the same.
      if (decision.kept) await this.refusals.keep(request, decision.verdict, state);
      this.settleAppended(batch, { state, marked }, outcome);
      return 'settled';
    }
    if (batch.length > 1) return 'divide'; // somebody's id is bound already
    this.settle(batch, [await this.replay(request, request.id ?? pending.eventId!)]);
    return 'settled';
  }

  private settleAppended(
    batch: readonly DecidedRequest[],
    { state: before, marked }: MarkedState,
    outcome: AppendedEvents,
  ): void {
    try {
      const results = appendedBatch(batch, before, outcome);
      this.settle(batch, results);
      const { executionId, state } = results.at(-1)!;
      this.cache.set(executionId, { state, marked });
    } catch (error) {
      failAll(waitingStill(batch), error); // it stands: decided again it would be written twice
    }
  }

  /** A batch that writes nothing: all verdicts are proved at the same time, and told in order. */
  private async confirm(batch: readonly DecidedRequest[], state: ExecutionState): Promise<BatchEnd> {
    const confirmed = await Promise.allSettled(batch.map((decided) => this.prove(decided, state)));
    for (const [index, decided] of batch.entries()) {
      const outcome = valueOf(confirmed[index]!);
      if (outcome.outcome === 'conflict') return outcome;
      this.settle([decided], [await this.resultOf(decided, state, outcome)]);
    }
    return 'settled';
  }

  private prove({ pending: { request }, decision }: DecidedRequest, state: ExecutionState): Promise<AppendOutcome> {
    const guard = guardOf(request, state);
    if (decision.kept) return this.refusals.keep(request, decision.verdict, state, guard);
    const by = request.origin.actor;
    return this.store.append({ stream: guard.stream, events: [], expectedRevision: 'any', guard, by });
  }

  /** Of a request whose verdict the store has confirmed. */
  private resultOf(
    decided: DecidedRequest,
    state: ExecutionState,
    outcome: AppendOutcome,
  ): DecisionResult | Promise<DecisionResult> {
    const { request } = decided.pending;
    if (outcome.outcome === 'already_there' && outcome.stream === executionStream(request.executionId))
      return this.replay(request, request.id!);
    const { repeats } = decided.decision;
    return repeats === undefined
      ? unwritten(decided, state)
      : replayRevision(this.store, request, repeats, state).catch(throwOutcomeUnknown(request.id));
  }

  /** Another writer came first: reads on from what is known, a bounded number of times. */
  private async overtaken(pending: PendingRequest, actual: number): Promise<void> {
    this.telemetry.retried();
    const { executionId } = pending.request;
    if (++pending.attempts < MAX_ATTEMPTS) await this.load(executionId, actual);
    else failAll([pending], new StoreError('overloaded', `others wrote ${executionId} first, ${MAX_ATTEMPTS} times`));
  }

  /** Reads on from what is known of an execution, or back to where its stream says what it had come to. */
  private async load(executionId: string, actual: number): Promise<ExecutionState> {
    const known = this.cache.get(executionId) ?? UNKNOWN;
    const found = (await readFromMark(this.store, executionId, known, actual)) ?? {
      ...known,
      state: await readExecution(this.store, executionId, known.state),
    };
    this.cache.set(executionId, found);
    return found.state;
  }

  /** Has an execution's state at hand, for somebody who is about to ask for something of one that is there. */
  async recall(executionId: string): Promise<void> {
    if (this.cache.get(executionId) === undefined) await this.load(executionId, HEAD);
  }

  /**
   * The request's id stands in the stream: its first receipt again, or another request of the same id
   * (docs/semantics.md §3.0).
   */
  private async replay(request: LedgerRequest, id: string): Promise<DecisionResult> {
    const state = await this.load(request.executionId, HEAD).catch(throwOutcomeUnknown(id));
    const handled = await replay(this.store, request, id, state).catch(throwOutcomeUnknown(id));
    if (handled.verdict === 'id_reused' && request.received !== undefined) {
      await this.refusals.keep(request, 'id_reused', state);
    }
    return handled;
  }

  /** Answers them in order: all of them, before anything else can fail. */
  private settle(batch: readonly DecidedRequest[], results: readonly DecisionResult[]): void {
    batch.forEach(({ pending }, index) => answer(pending, results[index]!));
    batch.forEach(({ pending: { request } }, index) => {
      const { verdict, replayed } = results[index]!;
      this.telemetry.decided(request, verdict, replayed);
    });
  }
}

/** Whether everybody who asks about this execution would fail alike: the store is out of reach, or its stream unreadable. */
const isOfAll = (error: unknown): boolean => isOutOfReach(error) || isUnreadable(error);

function valueOf<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}
