import type { ExecutionState } from '../../domain/execution.js';
import { executionStream, NO_STREAM } from '../../domain/stream.js';
import { deciding } from '../../event-loop.js';
import type { AppendOutcome, AppendedEvents } from '../../event-store/append-outcome.js';
import type { EventStore } from '../../event-store/event-store.js';
import { StoreError, isOutOfReach, isUnreadable } from '../../errors.js';
import { HEAD, readFromMark, UNKNOWN, withMark, type MarkedState } from '../../event-store/fold-mark.js';
import { readExecution } from '../../event-store/read-execution.js';
import { refuseRequestOutside } from '../confinement.js';
import { throwOutcomeUnknown, withRetryId } from './outcome-unknown.js';
import { nowOf, type Runtime } from '../ports.js';
import { guardOf, RefusedReports } from './refused-reports.js';
import { replay, replayRevision } from './replay.js';
import type { DecisionResult, LedgerRequest } from '../request.js';
import {
  appendedBatch,
  contraryOf,
  isGuarded,
  keptAs,
  planBatch,
  unwritten,
  waitingStill,
  type DecisionContext,
  type PendingRequest,
  type DecidedRequest,
} from './batch.js';
import { StateCache } from './state-cache.js';
import type { Telemetry } from './telemetry.js';
import { MAX_BATCH, ExecutionQueues } from './execution-queues.js';

/** How often a decision is made again that others overtook; beyond it the caller is told to come back. */
export const MAX_ATTEMPTS = 20;

/**
 * Load → decide → append: the one way to a verdict, for every report and command (docs/semantics.md §3, §4).
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
      new Promise((settle, fail) => this.queues.enqueue(request.executionId, { request, settle, fail, attempts: 0 })),
    );
  }

  /**
   * Gives those at the head of the queue their verdicts. One leaves the queue when it is answered and not before, so that
   * whatever fails, nobody is forgotten; answers how many requests may travel together next.
   */
  private async processBatch(executionId: string, queue: PendingRequest[], width: number): Promise<number> {
    let batch: DecidedRequest[] = [];
    try {
      const known = this.cache.get(executionId) ?? UNKNOWN;
      batch = planBatch(queue, known.state, this.decisionContext(width));
      return await this.settleBatch(batch, known, queue);
    } catch (error) {
      const left = waitingStill(batch, queue);
      // A batch that fails for anything but the store's state is taken apart, so that one request's fate is nobody else's.
      if (left.length > 1 && !isOfAll(error)) return 1;
      this.failAll(batch.length > 0 ? left : [queue[0]!], queue, error);
      return MAX_BATCH;
    }
  }

  private failAll(failed: readonly PendingRequest[], queue: PendingRequest[], error: unknown): void {
    queue.splice(0, failed.length);
    for (const { request, eventId, fail } of failed) fail(withRetryId(error, request.id ?? eventId));
    // Out of reach for the first in the queue, the store is so for all: else each would wait for its own patience to end.
    if (isOutOfReach(error)) for (const { fail } of queue.splice(0)) fail(new StoreError('unavailable', error.message));
  }

  private decisionContext(width: number): DecisionContext {
    const { newEventId } = this.runtime;
    // One append has one known position; where positions are not dense, only a batch of one knows its own.
    const { hasContrary: isKept } = this.refusals;
    return { now: nowOf(this.runtime), newEventId, width: this.store.densePositions ? width : 1, isKept };
  }

  private async settleBatch(
    batch: readonly DecidedRequest[],
    known: MarkedState,
    queue: PendingRequest[],
  ): Promise<number> {
    const { state } = known;
    const overtaken = await this.keepContrary(batch[0]!, state);
    if (overtaken !== undefined) return this.overtaken(batch[0]!.pending, overtaken, queue);
    if (batch[0]!.events.length > 0) return this.settleWrites(batch, known, queue);
    const confirmed = await Promise.allSettled(batch.map((decided) => this.confirm(decided, state)));
    for (const [index, decided] of batch.entries()) {
      const outcome = valueOf(confirmed[index]!);
      // Overtaken: this request and those behind it are decided again, in order.
      if (outcome.outcome === 'conflict') return this.overtaken(decided.pending, outcome.actual, queue);
      this.settle(queue, await this.answerTo(decided, state, outcome));
    }
    return MAX_BATCH;
  }

  /**
   * Keeps what a request says against the identity that stands, before anything of it is written: sent again after a failure
   * it is a replay, and no longer says so. Where the stream has moved on: answers how far.
   */
  private async keepContrary(decided: DecidedRequest, state: ExecutionState): Promise<number | undefined> {
    const contrary = contraryOf(decided);
    if (contrary === undefined) return undefined;
    const outcome = await this.refusals.keepContrary(decided.pending.request, contrary, state);
    return outcome.outcome === 'conflict' ? outcome.actual : undefined;
  }

  private confirm(decided: DecidedRequest, state: ExecutionState): Promise<AppendOutcome> {
    const { request } = decided.pending;
    const guard = guardOf(request, state);
    const verdict = keptAs(decided);
    if (verdict !== undefined) return this.refusals.keep(request, verdict, state, guard);
    const by = request.origin.actor;
    return this.store.append({ stream: guard.stream, events: [], expectedRevision: 'any', guard, by });
  }

  /** Of a request whose verdict the store has confirmed. */
  private answerTo(
    decided: DecidedRequest,
    state: ExecutionState,
    outcome: AppendOutcome,
  ): DecisionResult | Promise<DecisionResult> {
    const { request } = decided.pending;
    if (outcome.outcome === 'already_there' && outcome.stream === executionStream(request.executionId))
      return this.replay(request, request.id!);
    const { decision } = decided;
    return decision !== 'precondition_failed' && decision.repeats !== undefined
      ? replayRevision(this.store, request, decision.repeats, state).catch(throwOutcomeUnknown(request.id))
      : unwritten(decided, state);
  }

  private async settleWrites(
    batch: readonly DecidedRequest[],
    known: MarkedState,
    queue: PendingRequest[],
  ): Promise<number> {
    const { pending } = batch[0]!;
    const { request } = pending;
    const { state } = known;
    const refused = keptAs(batch[0]!);
    const all = batch.flatMap(({ events }) => events);
    const { events, marked } = withMark(request.executionId, known, all);
    const outcome = await this.store.append({
      stream: executionStream(request.executionId),
      events,
      expectedRevision: state.revision === NO_STREAM ? 'no_stream' : state.revision,
      guard: isGuarded(batch[0]!) ? guardOf(request, state) : undefined,
      by: request.origin.actor,
    });
    if (outcome.outcome === 'appended') {
      // What it added to the identity has proved the verdict, under which it is kept all the same.
      if (refused !== undefined) await this.refusals.keep(request, refused, state);
      return this.settleAppended(batch, { state, marked }, outcome, queue);
    }
    if (outcome.outcome === 'conflict') return this.overtaken(pending, outcome.actual, queue);
    if (batch.length > 1) return 1; // somebody's id is bound already: the batch is taken apart
    this.settle(queue, await this.replay(request, request.id ?? pending.eventId!));
    return MAX_BATCH;
  }

  private settleAppended(
    batch: readonly DecidedRequest[],
    { state: before, marked }: MarkedState,
    outcome: AppendedEvents,
    queue: PendingRequest[],
  ): number {
    try {
      const handled = appendedBatch(batch, before, outcome);
      this.settle(queue, ...handled);
      const { executionId, state } = handled.at(-1)!;
      this.cache.set(executionId, { state, marked });
    } catch (error) {
      this.failAll(waitingStill(batch, queue), queue, error); // it stands: decided again it would be written twice
    }
    return MAX_BATCH;
  }

  /** Another writer came first: read on from what is known, and decide again, a bounded number of times. */
  private async overtaken(pending: PendingRequest, actual: number, queue: PendingRequest[]): Promise<number> {
    this.telemetry.retried();
    const { executionId } = pending.request;
    if (++pending.attempts >= MAX_ATTEMPTS) {
      const overtaken = new StoreError('overloaded', `others wrote ${executionId} first, ${MAX_ATTEMPTS} times`);
      this.failAll([pending], queue, overtaken);
      return MAX_BATCH;
    }
    await this.load(executionId, actual);
    return MAX_BATCH;
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

  /** Answers those at the head of the queue, in order: all of them, before anything else can fail. */
  private settle(queue: PendingRequest[], ...all: readonly DecisionResult[]): void {
    const answered = queue.splice(0, all.length);
    for (const [index, { settle, request }] of answered.entries()) {
      const { ignored } = request;
      settle(ignored === undefined ? all[index]! : { ...all[index]!, ignored });
    }
    for (const [index, { request }] of answered.entries()) {
      const { verdict, replayed } = all[index]!;
      this.telemetry.decided(request, verdict, replayed);
    }
  }
}

/** Whether everybody who asks about this execution would fail alike: the store is out of reach, or its stream unreadable. */
const isOfAll = (error: unknown): boolean => isOutOfReach(error) || isUnreadable(error);

function valueOf<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}
