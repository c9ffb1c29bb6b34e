import { setTimeout as pause } from 'node:timers/promises';
import { LEDGER } from '../../caller.js';
import { isOutOfReach } from '../../errors.js';
import type { Position } from '../../event-store/position.js';
import type { DueExecution, ReadModel } from '../../read-model/read-model.js';
import { digestOf } from './digest.js';
import type { HandleExecution } from './handle-execution.js';
import { nowOf, type Runtime } from '../ports.js';
import type { LedgerRequest } from '../request.js';

/** How long after nothing more was due it is looked again, in milliseconds: with what precedes and follows, within 1 s. */
const LOOK_MS = 200;
/** How many are found at once. */
export const DUE_BATCH = 200;
/** How many are asked for at once: few beside what the store takes in one batch, so that reports go on meanwhile. */
const AT_ONCE = 32;

/** What the deadlines tell whoever runs them. */
export interface DeadlineWatch {
  /** An execution was timed out, by this process. */
  timedOut(): void;
  /** One could not be; it is tried again. */
  failed(executionId: string, error: unknown): void;
}

const timeOut = (executionId: string): LedgerRequest => ({
  executionId,
  input: { kind: 'time_out' },
  origin: { actor: LEDGER, source: 'time_out' },
  digest: digestOf('time_out', {}),
  redacted: undefined,
});

/**
 * Times out what is due (docs/semantics.md §4). The table only says where to look: each is decided on the true state, so that
 * an outcome that came first stands, and of two that look at once one writes.
 */
export class Deadlines {
  /**
   * The revision that each was decided at. Until the projection has passed it, its row is old news: without this, whatever
   * was just timed out would be asked for again at every look.
   */
  private decided = new Map<string, number>();
  /** Those met since the last look from the beginning; the others are forgotten at the next. */
  private met = new Map<string, number>();
  private retry = false;

  constructor(
    private readonly executions: HandleExecution,
    private readonly readModel: ReadModel,
    private readonly runtime: Runtime,
    private readonly watch: DeadlineWatch,
    /** Whether nothing may be written at the moment: what is due stays due. */
    private readonly isHeld: () => boolean = () => false,
  ) {}

  /** Looks and times out until the signal aborts. @throws StoreError when the store or the tables cannot be reached */
  async run(signal: AbortSignal): Promise<void> {
    let after: DueExecution | undefined;
    let began: Position | undefined;
    while (!signal.aborted) {
      if (after === undefined) this.beginAnew();
      const at = nowOf(this.runtime).at;
      if (this.isHeld()) {
        await pause(LOOK_MS, undefined, { signal }).catch(() => undefined);
        continue;
      }
      const { due, checkpoint } = await this.readModel.due({ at, after, limit: DUE_BATCH });
      began ??= checkpoint.position;
      await this.settle(due, signal);
      after = due.at(-1) ?? after;
      if (due.length === DUE_BATCH) continue;
      // While nothing is projected what lies behind says nothing new, however much of it there is.
      if (this.retry || checkpoint.position !== began) after = began = undefined;
      await pause(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private beginAnew(): void {
    this.decided = this.met;
    this.met = new Map();
    this.retry = false;
  }

  private async settle(due: readonly DueExecution[], signal: AbortSignal): Promise<void> {
    const fresh = due.filter((one) => !this.isOld(one));
    const queue = fresh.values();
    const lost: unknown[] = [];
    const worker = async (): Promise<void> => {
      for (const { executionId } of queue) {
        if (signal.aborted || lost.length > 0) return;
        await this.settleOne(executionId, signal).catch((error: unknown) => lost.push(error));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    if (lost.length > 0) throw lost[0];
  }

  private isOld({ executionId, revision }: DueExecution): boolean {
    const decided = this.met.get(executionId) ?? this.decided.get(executionId) ?? -1;
    if (decided <= revision) return false;
    this.met.set(executionId, decided);
    return true;
  }

  private async settleOne(executionId: string, signal: AbortSignal): Promise<void> {
    try {
      // Of its stream, not of its row: what is decided on the row of another program is decided wrong.
      await this.executions.recall(executionId);
      const { applied, state } = await this.executions.handle(timeOut(executionId));
      this.met.set(executionId, state.revision);
      if (applied) this.watch.timedOut();
    } catch (error) {
      // One that cannot be read or decided, or that others never rest from writing, keeps no other waiting; a lost store does.
      if (isOutOfReach(error)) throw error;
      this.retry = true;
      this.watch.failed(executionId, error);
      await pause(LOOK_MS, undefined, { signal }).catch(() => undefined); // who is overloaded is given time
    }
  }
}

/** For how long the oldest deadline has passed without an end, as far as is projected; 0 where none has. */
export async function overdueMs(readModel: ReadModel, now: number): Promise<number> {
  const [oldest] = (await readModel.due({ at: new Date(now).toISOString(), limit: 1 })).due;
  return oldest === undefined ? 0 : now - Date.parse(oldest.dueAt);
}
