import { executionStatus } from '../../../projections/execution-status.js';
import { initial, type ExecutionState, type ExistingExecution, type UnreadablePoint } from '../../domain/execution.js';
import { executionStream, parseStream } from '../../domain/stream.js';
import { PAGE_BYTES, type LogReads, type StoredEvent } from '../../event-store/event-store.js';
import { isLastPage } from '../../event-store/stream-pages.js';
import { inShort } from '../../domain/in-short.js';
import { readFromMark, UNKNOWN } from '../../event-store/fold-mark.js';
import type { Position } from '../../event-store/position.js';
import { foldEvent, readExecution, UnreadableEvent } from '../../event-store/read-execution.js';
import type { ProjectedExecution, ReadModel } from '../../read-model/read-model.js';
import { SharedReads } from '../../read-model/shared-reads.js';

/** An execution as it stands, every acknowledged write included. */
export interface FreshExecution {
  readonly executionId: string;
  readonly state: ExistingExecution;
  readonly refusedCount: number;
  readonly contradictedAttempt: number;
  readonly fencedAttempt: number;
  /** Where its stream cannot be read on: the state is the one before. */
  readonly unreadable?: UnreadablePoint | undefined;
  /** What of it is cut, where it was read in short. */
  readonly truncated?: readonly string[] | undefined;
}

/** From how many executions on one read of the log's end is cheaper than one of each stream's. */
const FEW = 4;
/** How far behind the projection may be for that, in events and in pages of large ones. */
const MAX_TAIL = 2_000;
const MAX_PAGES = 8;

/**
 * Reads executions as fresh as their streams: the projected row and the tail that is not projected yet
 * (docs/http-api.md, Reads).
 */
export class FreshExecutions {
  private readonly shared = new SharedReads<FreshExecution | undefined>();

  constructor(
    private readonly store: LogReads,
    private readonly readModel: ReadModel,
  ) {}

  one(executionId: string): Promise<FreshExecution | undefined> {
    return this.shared.get(executionId, async () => {
      const { row } = await this.readModel.find(executionId);
      return this.withTail(executionId, row);
    });
  }

  /** As {@link one}, in short. */
  async oneInShort(executionId: string): Promise<FreshExecution | undefined> {
    return (await this.many([executionId])).get(executionId);
  }

  /** As {@link one}, of many, in short; those without an execution are left out. */
  async many(executionIds: readonly string[]): Promise<Map<string, FreshExecution>> {
    const { rows, checkpoint } = await this.readModel.findMany(executionIds);
    const tail = executionIds.length > FEW ? await this.tail(checkpoint.position) : undefined;
    // A row of another program is no state of ours to read on from, and the tail alone would not be all of its execution.
    if (tail === undefined || [...rows.values()].some((row) => baseOf(row) === undefined))
      return this.oneByOne(executionIds, rows);
    const states = new Map(executionIds.map((id): [string, ExecutionState] => [id, rows.get(id)?.state ?? initial]));
    const ended = new Map(executionIds.map((id) => [id, rows.get(id)?.unreadable]));
    const alone: string[] = [];
    for (const stored of tail) {
      const stream = parseStream(stored.stream);
      const state = stream?.kind === 'execution' ? states.get(stream.executionId) : undefined;
      if (stream === undefined || state === undefined || ended.get(stream.executionId)) continue;
      if (needsWhole(rows.get(stream.executionId), stored)) {
        alone.push(stream.executionId);
        states.delete(stream.executionId);
        continue;
      }
      const folded = foldEvent(state, stored);
      // Behind an event that cannot be read nothing is shown, as where one execution is read alone.
      if (folded.broken !== undefined)
        ended.set(stream.executionId, { revision: stored.revision, error: folded.broken });
      states.set(stream.executionId, folded.state);
    }
    const found = await this.oneByOne(alone, new Map());
    for (const [id, state] of states) {
      const one = shown(id, state, rows.get(id), ended.get(id));
      if (one) found.set(id, one);
    }
    return found;
  }

  /** The events behind a position; undefined where there are too many. */
  private async tail(after: Position): Promise<StoredEvent[] | undefined> {
    const tail: StoredEvent[] = [];
    for (let pages = 0; pages < MAX_PAGES && tail.length < MAX_TAIL; pages++) {
      const asked = MAX_TAIL - tail.length;
      const page = await this.store.readAll(tail.at(-1)?.position ?? after, asked, PAGE_BYTES);
      tail.push(...page);
      if (isLastPage(page, asked)) return tail;
    }
    return undefined;
  }

  /** By its row where nothing came since; else it is read whole, one at a time. */
  private async oneByOne(executionIds: readonly string[], rows: ReadonlyMap<string, ProjectedExecution>) {
    const found = new Map<string, FreshExecution>();
    for (const id of executionIds) {
      const row = rows.get(id);
      const base = baseOf(row);
      const stands = base !== undefined && (await this.isAtHead(id, base));
      const one = stands ? shown(id, base, row, row?.unreadable) : await this.one(id);
      if (one) found.set(id, stands ? one : { ...one, ...inShort(one.state) });
    }
    return found;
  }

  private async isAtHead(executionId: string, { revision }: ExistingExecution): Promise<boolean> {
    const next = { fromRevision: revision + 1, limit: 1 };
    return (await this.store.readStream(executionStream(executionId), next)).length === 0;
  }

  private async withTail(
    executionId: string,
    row: ProjectedExecution | undefined,
  ): Promise<FreshExecution | undefined> {
    const base = baseOf(row);
    if (base && row?.unreadable !== undefined) return shown(executionId, base, row, row.unreadable);
    const { state, unreadable } = await this.readable(executionId, base);
    return shown(executionId, state, row, unreadable);
  }

  /** The state up to the first event that cannot be read: what is readable is shown. */
  private async readable(
    executionId: string,
    base: ExistingExecution | undefined,
  ): Promise<{ state: ExecutionState; unreadable?: UnreadablePoint }> {
    const from = base ?? initial;
    try {
      const marked = base ? undefined : await readFromMark(this.store, executionId, UNKNOWN);
      return { state: marked?.state ?? (await readExecution(this.store, executionId, from)) };
    } catch (error) {
      if (!(error instanceof UnreadableEvent) || error.stream !== executionStream(executionId)) throw error;
      const { revision, reason } = error;
      const state = await readExecution(this.store, executionId, from, revision - 1);
      return { state, unreadable: { revision, error: reason } };
    }
  }
}

/** The row's state, where this program made it. */
const baseOf = (row: ProjectedExecution | undefined): ExistingExecution | undefined =>
  row?.foldVersion === executionStatus.version ? row.state : undefined;

/** Whether the fold goes on from more than is in short: an identity is compared, and of what is cut the rest is not known. */
const needsWhole = (row: ProjectedExecution | undefined, { type }: StoredEvent): boolean =>
  row !== undefined && (row.truncated !== undefined || type === 'ExecutionDescribed');

const shown = (
  executionId: string,
  state: ExecutionState,
  row: ProjectedExecution | undefined,
  unreadable: UnreadablePoint | undefined,
): FreshExecution | undefined => {
  const { refusedCount = 0, contradictedAttempt = 0, fencedAttempt = 0, truncated } = row ?? {};
  if (state.status === 'none') return undefined;
  return { executionId, state, refusedCount, contradictedAttempt, fencedAttempt, unreadable, truncated };
};
