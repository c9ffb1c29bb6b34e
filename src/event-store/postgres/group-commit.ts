import { setTimeout as pause } from 'node:timers/promises';
import type { AppendOutcome } from '../append-outcome.js';
import { outcomeOf, type OutcomeRow, type WrittenAppend } from './append-call.js';
import { StoreError } from '../../errors.js';
import type { Position } from '../position.js';
import type { AppendConnection } from './append-connection.js';
import { failureOf, type AppendFailure } from './append-failure.js';
import type { AppendQueue } from './append-queue.js';
import type { QueuedAppend } from './queued-append.js';
import { isUnacceptable } from '../../postgres/failure.js';
import { toUnavailable } from '../../postgres/session.js';

const RETRY_MS = 20;
/** After these a call may have been committed although nobody has its answer. */
const MAY_BE_WRITTEN: ReadonlySet<AppendFailure> = new Set(['lost', 'ours']);

export interface GroupCommitOptions {
  /** How long a batch that cannot be committed is tried again, ms. */
  readonly patienceMs: number;
  /** Monotonic ms. */
  readonly now: () => number;
  readonly onAppended: (top: Position, written: readonly WrittenAppend[]) => void;
}

/**
 * The only path into the log: one call in flight, and whatever arrived meanwhile together in the next.
 *
 * | it is      | what happens                                       | and then it is                                         |
 * | ---------- | -------------------------------------------------- | ------------------------------------------------------ |
 * | idle       | `wake`                                             | scheduled, for the next turn of the event loop         |
 * | scheduled  | that turn comes                                    | committing the batch that the queue gives              |
 * | committing | the call is answered                               | committing the next batch; idle where nothing waits    |
 * | committing | the connection is lost, or the failure passes      | committing the same batch again, within `patienceMs`   |
 * | committing | one append of several is refused, or fails in here | committing each half by itself, until one is alone     |
 * | committing | one append alone is refused, or fails in here      | committing the next; that one is told why              |
 * | committing | no connection is to be had within `patienceMs`     | idle; the batch and all that wait are `unavailable`    |
 *
 * An append whose call was lost on the way is `uncertainSince` the end of the log before it: found there it is `appended`,
 * and where nobody can look it is `outcome_unknown`, never `unavailable`. Held by test/event-store/postgres-limits.spec.ts,
 * test/event-store/postgres-connection.spec.ts and test/event-store/postgres-lock.spec.ts.
 */
export class GroupCommit {
  private scheduled = false;
  private running: Promise<void> | undefined;

  constructor(
    private readonly queue: AppendQueue,
    private readonly connection: AppendConnection,
    private readonly options: GroupCommitOptions,
  ) {}

  /** Something was queued. The batch is taken a turn of the event loop later, so that all of this turn's appends share it. */
  wake(): void {
    if (this.scheduled || this.running) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.running = this.run().finally(() => {
        this.running = undefined;
        if (this.queue.length > 0) this.wake();
      });
    });
  }

  /** Ends when nothing waits and nothing is in flight. */
  async idle(): Promise<void> {
    while (this.scheduled || this.running) await (this.running ?? pause(0));
  }

  private async run(): Promise<void> {
    while (this.queue.length > 0) {
      await this.settle(this.inTime(this.queue.take()), this.patience());
      await new Promise(setImmediate); // those just answered may have more to say, and share the next batch
    }
  }

  private inTime(batch: QueuedAppend[]): QueuedAppend[] {
    const now = this.options.now();
    const late = batch.filter(({ waitsUntil }) => waitsUntil < now);
    if (late.length === 0) return batch;
    fail(late, new StoreError('unavailable', 'The append waited too long in the queue'));
    return batch.filter(({ waitsUntil }) => waitsUntil >= now);
  }

  /** Time to try again in; it begins with the first thing that goes wrong. */
  private patience(): () => AbortSignal {
    let signal: AbortSignal | undefined;
    return () => (signal ??= AbortSignal.timeout(this.options.patienceMs));
  }

  /** Gives every append of the batch its outcome, or the error that stands in its place. Never throws. */
  private async settle(batch: QueuedAppend[], patience: () => AbortSignal): Promise<void> {
    let rest = batch;
    while (rest.length > 0) {
      try {
        await this.connection.ready(patience);
      } catch (error) {
        // Nobody gets through: who waits behind would wait as long for the same answer.
        return fail([...rest, ...this.queue.drain()], toUnavailable(error));
      }
      const error = await this.attempt(rest).catch((reason: unknown) => reason ?? new Error('failed'));
      if (error === undefined) return;
      rest = await this.afterFailure(rest, error, patience);
    }
  }

  private async attempt(batch: readonly QueuedAppend[]): Promise<undefined> {
    const before = this.connection.top;
    try {
      await this.answerAll(batch, await this.connection.call(batch));
    } catch (error) {
      if (MAY_BE_WRITTEN.has(failureOf(error))) for (const append of batch) append.uncertainSince ??= before;
      throw error;
    }
  }

  private async answerAll(batch: readonly QueuedAppend[], rows: readonly OutcomeRow[]): Promise<void> {
    const outcomes: AppendOutcome[] = [];
    const written: WrittenAppend[] = [];
    for (const [i, append] of batch.entries()) {
      let outcome = outcomeOf(rows[i]!, append);
      // What carries no events can have left none: there it is another's that stands.
      if (outcome.outcome === 'already_there' && append.uncertainSince !== undefined && append.events.length > 0) {
        outcome = (await this.connection.findWrittenByUs(append)) ?? outcome;
      }
      outcomes.push(outcome);
      if (outcome.outcome !== 'appended') continue;
      written.push({ append, outcome });
      if (outcome.position > this.connection.top) this.connection.top = outcome.position;
    }
    for (const [i, append] of batch.entries()) append.resolve(outcomes[i]!);
    if (written.length > 0) this.options.onAppended(this.connection.top, written);
  }

  /** What of the batch is to be tried again. */
  private async afterFailure(
    batch: QueuedAppend[],
    error: unknown,
    patience: () => AbortSignal,
  ): Promise<QueuedAppend[]> {
    const failure = failureOf(error);
    if (failure === 'lost') this.connection.drop();
    if ((failure === 'culprit' || failure === 'ours') && batch.length > 1) {
      const half = batch.length >> 1;
      await this.settle(batch.slice(0, half), patience);
      return batch.slice(half);
    }
    if (failure === 'ours' || isUnacceptable(error)) {
      // Neither goes better another time. What this program failed at is told as it is, and is no outage.
      for (const { resolve } of batch) resolve(failure === 'ours' ? (error as Error) : refused(error as Error));
      return [];
    }
    if (failure === 'culprit' || failure === 'setup' || patience().aborted) {
      fail(batch, toUnavailable(error));
      return [];
    }
    if (failure === 'passing') await pause(RETRY_MS);
    return batch;
  }
}

const refused = (cause: Error): StoreError =>
  new StoreError('unacceptable', `The database refuses this append: ${cause.message}`, { cause });

/** An append that may have been written is never called unwritten. */
function fail(batch: readonly QueuedAppend[], error: StoreError): void {
  for (const { resolve, uncertainSince, events } of batch) {
    const unsure = error.kind === 'unavailable' && uncertainSince !== undefined && events.length > 0;
    resolve(unsure ? new StoreError('outcome_unknown', `Sent, then lost: ${error.message}`, { cause: error }) : error);
  }
}
