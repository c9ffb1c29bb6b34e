import { executionStatus } from '../../projections/execution-status.js';
import { initial, type ExecutionState, type ExistingExecution } from '../domain/execution.js';
import { executionStream, parseStream } from '../domain/stream.js';
import type { LogReads } from '../event-store/event-store.js';
import { readFromMark, UNKNOWN } from '../event-store/fold-mark.js';
import { foldEvent, readExecution, UnreadableEvent } from '../event-store/read-execution.js';
import type { ProjectedExecution, ReadModel } from '../read-model/read-model.js';
import { SharedReads } from '../read-model/shared-reads.js';

/** An execution as it stands, every acknowledged write included. */
export interface FreshExecution {
  readonly executionId: string;
  readonly state: ExistingExecution;
  readonly refusedCount: number;
}

/** From how many executions on one read of the log's end is cheaper than one of each stream's. */
const FEW = 4;
/** How far behind the projection may be for that. */
const MAX_TAIL = 2_000;

/** Reads executions as fresh as their streams: the projected row and the tail that is not projected yet (wire.md, Reads). */
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

  /** As {@link one}, of many; those without an execution are left out. */
  async many(executionIds: readonly string[]): Promise<Map<string, FreshExecution>> {
    const { rows, checkpoint } = await this.readModel.findMany(executionIds);
    const tail = executionIds.length > FEW ? await this.store.readAll(checkpoint.position, MAX_TAIL) : undefined;
    if (tail === undefined || tail.length === MAX_TAIL) return this.oneByOne(executionIds, rows);
    // A row of another program is no state of ours to read on from, and the tail alone would not be all of its execution.
    if ([...rows.values()].some((row) => baseOf(row) === undefined)) return this.oneByOne(executionIds, rows);
    const states = new Map(executionIds.map((id): [string, ExecutionState] => [id, rows.get(id)?.state ?? initial]));
    const ended = new Set(executionIds.filter((id) => rows.get(id)?.unreadableRevision !== undefined));
    for (const stored of tail) {
      const stream = parseStream(stored.stream);
      const state = stream?.kind === 'execution' ? states.get(stream.executionId) : undefined;
      if (stream === undefined || state === undefined || ended.has(stream.executionId)) continue;
      const folded = foldEvent(state, stored);
      // Behind an event that cannot be read nothing is shown, as where one execution is read alone.
      if (folded.broken !== undefined) ended.add(stream.executionId);
      states.set(stream.executionId, folded.state);
    }
    const fresh = executionIds.map((id) => shown(id, states.get(id)!, rows.get(id)));
    return new Map(fresh.filter((one) => one !== undefined).map((one) => [one.executionId, one]));
  }

  private async oneByOne(executionIds: readonly string[], rows: ReadonlyMap<string, ProjectedExecution>) {
    const found = new Map<string, FreshExecution>();
    for (const id of executionIds) {
      const fresh = await this.withTail(id, rows.get(id));
      if (fresh) found.set(id, fresh);
    }
    return found;
  }

  private async withTail(
    executionId: string,
    row: ProjectedExecution | undefined,
  ): Promise<FreshExecution | undefined> {
    const base = baseOf(row);
    if (base && row?.unreadableRevision !== undefined) return shown(executionId, base, row);
    return shown(executionId, await this.readable(executionId, base), row);
  }

  /** The state up to the first event that cannot be read: what is readable is shown. */
  private async readable(executionId: string, base: ExistingExecution | undefined): Promise<ExecutionState> {
    const from = base ?? initial;
    try {
      const marked = base ? undefined : await readFromMark(this.store, executionId, UNKNOWN);
      return marked?.state ?? (await readExecution(this.store, executionId, from));
    } catch (error) {
      if (!(error instanceof UnreadableEvent) || error.stream !== executionStream(executionId)) throw error;
      return readExecution(this.store, executionId, from, error.revision - 1);
    }
  }
}

/** The row's state, where this program made it. */
const baseOf = (row: ProjectedExecution | undefined): ExistingExecution | undefined =>
  row?.foldVersion === executionStatus.version ? row.state : undefined;

const shown = (
  executionId: string,
  state: ExecutionState,
  row: ProjectedExecution | undefined,
): FreshExecution | undefined =>
  state.status === 'none' ? undefined : { executionId, state, refusedCount: row?.refusedCount ?? 0 };
