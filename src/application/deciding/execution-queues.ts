import { setTimeout as pause } from 'node:timers/promises';
import { inNameOf } from '../../caller.js';
import { inTurns, Lanes } from '../../lanes.js';
import { StoreError } from '../../errors.js';

/** How many requests may wait for one execution in one process. */
export const MAX_WAITING = 20_000;
/** How many waiting requests of one execution may travel together. */
export const MAX_BATCH = 128;
/** After how many runs on one execution other processes get the time to come first. */
const BATCHES_IN_A_ROW = 8;
/** The most time they get: a clock that was set, or slept, while a batch was under way says that it took days. */
const MOST_FOR_OTHERS_MS = 1_000;

/**
 * Processes requests at the head of a queue, `width` together at most; returns the next width. Those it answers leave the
 * queue when it is done, the others are first in the next batch.
 */
export type ProcessBatch<T> = (executionId: string, queue: readonly T[], width: number) => Promise<number>;

/** One queue for each execution that is asked about: who asks about the same one waits their turn in this process. */
export class ExecutionQueues<T> {
  private readonly waiting = new Map<string, T[]>();

  constructor(
    private readonly processBatch: ProcessBatch<T>,
    /** Milliseconds since 1970. */
    private readonly clock: () => number,
    /** Under whom one waits: about one execution, too, those who ask take turns. */
    private readonly nameOf: (one: T) => string,
    /** Whether it waits no longer: whatever fails, whoever has no answer stays in the queue. */
    private readonly isAnswered: (one: T) => boolean,
    /** It waits no longer: there was no room for all. */
    private readonly displaced: (one: T, error: StoreError) => void,
  ) {}

  /** @throws StoreError `overloaded` where too many wait already. */
  enqueue(executionId: string, one: T): void {
    const queue = this.waiting.get(executionId);
    if (!queue) {
      this.waiting.set(executionId, [one]);
      void this.drain(executionId);
    } else {
      if (queue.length >= MAX_WAITING) this.makeRoom(executionId, queue, one);
      queue.push(one);
    }
  }

  /** The newest of whoever has most waiting goes. */
  private makeRoom(executionId: string, queue: T[], comes: T): void {
    const error = new StoreError('overloaded', `${queue.length} requests wait for execution ${executionId}`);
    const lanes = new Lanes<T>();
    for (const one of queue) lanes.put(this.nameOf(one), one);
    const displaced = lanes.displaceFor(this.nameOf(comes));
    const at = displaced === undefined ? -1 : queue.lastIndexOf(displaced);
    if (at < MAX_BATCH) throw error; // those at the head may be on their way
    this.displaced(queue.splice(at, 1)[0]!, error);
  }

  private async drain(executionId: string): Promise<void> {
    const queue = this.waiting.get(executionId)!;
    await undefined; // whatever is asked in the same turn travels together
    let width = MAX_BATCH;
    for (let batches = 1; queue.length > 0; batches++) {
      const began = this.clock();
      inTurns(queue, this.nameOf).forEach((one, place) => (queue[place] = one));
      width = await inNameOf(this.nameOf(queue[0]!), () => this.processBatch(executionId, queue, width));
      this.removeAnswered(queue);
      // Who has just written knows the head and would come first for ever: now and then others get the time to.
      if (batches % BATCHES_IN_A_ROW === 0) await pause(Math.min(1 + 2 * (this.clock() - began), MOST_FOR_OTHERS_MS));
    }
    this.waiting.delete(executionId);
  }

  /** A batch is of those at the head, and answers them in order. */
  private removeAnswered(queue: T[]): void {
    let answered = 0;
    while (answered < queue.length && this.isAnswered(queue[answered]!)) answered++;
    queue.splice(0, answered);
  }
}
