import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { LRUCache } from 'lru-cache';
import { weigh } from '../../encoding/json.js';
import type { HistoryPage } from '../../contract/history.js';
import { initial, type ExecutionState } from '../../domain/execution.js';
import { isTerminal } from '../../domain/status.js';
import { executionStream } from '../../domain/stream.js';
import { LOG_READS, type LogReads } from '../../event-store/event-store.js';
import { readFromMark, UNKNOWN } from '../../event-store/fold-mark.js';
import type { Position } from '../../event-store/position.js';
import { foldLeniently, UnreadableEvent } from '../../event-store/read-execution.js';
import { streamPages } from '../../event-store/stream-pages.js';
import { SharedReads } from '../../read-model/shared-reads.js';
import { FreshExecutions } from './fresh-executions.js';
import { StreamWaiters } from './stream-waiters.js';
import { toHistoryEvent } from './history.js';

/** How much memory readers' places may take, remembered so that the next page need not fold from the first event. */
const REMEMBERED_BYTES = 32 * 1024 * 1024;
/** Of one execution: those who were there last. */
const PLACES = 8;

/** A page of the history, and the position of the last event it takes into account. */
export interface ReadHistoryPage {
  readonly page: HistoryPage;
  readonly position: Position;
}

/** A page of one execution's history, held up to `waitMs` until something is there. Undefined: no such stream. */
export class ReadHistory extends Query<ReadHistoryPage | undefined> {
  constructor(
    readonly executionId: string,
    readonly fromRevision: number,
    readonly limit: number,
    readonly waitMs: number,
    readonly signal: AbortSignal,
  ) {
    super();
  }
}

@QueryHandler(ReadHistory)
export class ReadHistoryHandler implements IQueryHandler<ReadHistory> {
  private readonly shared = new SharedReads<ReadHistoryPage | undefined>();
  private readonly places = new Places();

  constructor(
    @Inject(LOG_READS) private readonly store: LogReads,
    private readonly waiters: StreamWaiters,
    private readonly executions: FreshExecutions,
  ) {}

  execute(query: ReadHistory) {
    const { executionId, fromRevision, limit, waitMs, signal } = query;
    const key = `${fromRevision}+${limit} ${executionId}`;
    return this.waiters.until(executionStream(executionId), waitMs, signal, async () => {
      const value = await this.shared.get(key, () => this.page(query));
      return { found: value === undefined || value.page.events.length > 0 || value.page.final, value };
    });
  }

  private async page({ executionId, fromRevision, limit }: ReadHistory): Promise<ReadHistoryPage | undefined> {
    const stream = executionStream(executionId);
    const [head] = await this.store.readStream(stream, { direction: 'backwards', limit: 1 });
    if (head === undefined) return undefined;
    let state = await this.stateAt(executionId, Math.min(fromRevision - 1, head.revision));
    const stored = fromRevision > head.revision ? [] : await this.store.readStream(stream, { fromRevision, limit });
    const events = stored.map((event) => toHistoryEvent(event, (state = foldLeniently(state, event))));
    this.places.keep(executionId, state);
    const atHead = state.revision >= head.revision ? state : await this.stateNow(executionId, head.revision);
    const page = {
      execution_id: executionId,
      events,
      next_revision: events.length > 0 ? state.revision + 1 : fromRevision,
      head_revision: Math.max(head.revision, state.revision),
      final: atHead.status !== 'none' && isTerminal(atHead.status),
    };
    return { page, position: atHead.position };
  }

  /** At the head or behind it: of the row and the tail, so that the last page is known to be the last without all others. */
  private async stateNow(executionId: string, head: number): Promise<ExecutionState> {
    const known = this.places.below(executionId, head);
    // Of a stream that holds nothing of ours there is no row: its fold would be read anew for each page.
    if (known.revision === head) {
      this.places.keep(executionId, known);
      return known;
    }
    const state = (await this.executions.oneInShort(executionId))?.state;
    return state !== undefined && state.revision >= head ? state : this.stateAt(executionId, head);
  }

  /** The fold of the events up to a revision, from the nearest place a reader was at, or the last fold that the stream carries. */
  private async stateAt(executionId: string, revision: number): Promise<ExecutionState> {
    const known = this.places.below(executionId, revision);
    const marked = await readFromMark(this.store, executionId, { ...UNKNOWN, state: known }, revision).catch(unread);
    let state = marked?.state ?? known;
    const rest = { fromRevision: state.revision + 1, limit: revision - state.revision };
    for await (const page of streamPages(this.store, executionStream(executionId), rest))
      state = page.reduce(foldLeniently, state);
    this.places.keep(executionId, state);
    return state;
  }
}

/** Behind an event that cannot be read a reader goes on leniently, from further back. */
function unread(error: unknown): undefined {
  if (!(error instanceof UnreadableEvent)) throw error;
  return undefined;
}

/** The folds that readers of histories have come to, those of an execution together. */
class Places {
  private readonly kept = new LRUCache<string, readonly ExecutionState[]>({
    maxSize: REMEMBERED_BYTES,
    sizeCalculation: (states) => states.reduce((sum, state) => sum + weigh(state), 0),
  });

  /** The nearest one up to a revision. */
  below(executionId: string, revision: number): ExecutionState {
    const all = (this.kept.get(executionId) ?? []).filter((state) => state.revision <= revision);
    return all.reduce<ExecutionState>((best, state) => (state.revision > best.revision ? state : best), initial);
  }

  keep(executionId: string, state: ExecutionState): void {
    const others = (this.kept.get(executionId) ?? []).filter(({ revision }) => revision !== state.revision);
    this.kept.set(executionId, [...others, state].slice(-PLACES));
  }
}
