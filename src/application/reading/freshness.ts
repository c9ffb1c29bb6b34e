import { Problem } from '../../contract/problem.js';
import type { LogReads } from '../../event-store/event-store.js';
import type { Position } from '../../event-store/position.js';
import type { Checkpoint } from '../../projection-tables/checkpoint.js';
import type { ReadModel } from '../../read-model/read-model.js';
import { headSoFar, lagOf } from './lag.js';

const DEFAULT_WAIT_MS = 5_000;

/** Which position a read is to have seen, and for how many milliseconds it may wait for that. */
interface WaitRequest {
  readonly wait_for?: Position | undefined;
  readonly wait_ms?: number | undefined;
}

/** How fresh projected data has to be, and how fresh it is (docs/http-api.md, Freshness). */
export class Freshness {
  constructor(
    private readonly store: LogReads,
    private readonly readModel: ReadModel,
    /** Milliseconds since 1970. */
    private readonly clock: () => number,
  ) {}

  /**
   * The log must have been there. What this process knows of it answers for all who wait at its end: a question of each would
   * be too many for the readers' queue where a thousand wait.
   * @throws Problem 409 where the position is beyond the head
   */
  async expectReached(position: Position): Promise<void> {
    const head = await headSoFar(this.store, position);
    if (position > head)
      throw Problem.of('position_ahead', `position ${position} is beyond the head of the log, ${head}`);
  }

  /**
   * Holds a read until the projection has passed the position that it asks for.
   * @param projection default: that of executions
   * @throws Problem 409 where the position is beyond the head, 503 where the wait is over
   */
  async untilProjected({ wait_for, wait_ms }: WaitRequest, projection?: string): Promise<void> {
    if (wait_for === undefined) return;
    await this.expectReached(wait_for);
    if (await this.readModel.waitFor(wait_for, wait_ms ?? DEFAULT_WAIT_MS, projection)) return;
    throw Problem.of('not_yet_projected', `the projection has not passed position ${wait_for} yet; ask again`);
  }

  /** Projected data with how fresh it is; the log is asked at the same time. */
  async withAsOf<Found extends { readonly checkpoint: Checkpoint }>(read: Promise<Found>) {
    const [found, head] = await Promise.all([read, headSoFar(this.store)]);
    const { position, at } = found.checkpoint;
    return {
      ...found,
      as_of: { position: String(position), at, ...(await lagOf(this.store, found.checkpoint, this.clock(), head)) },
    };
  }
}
