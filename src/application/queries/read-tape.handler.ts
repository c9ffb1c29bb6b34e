import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { LRUCache } from 'lru-cache';
import { weigh } from '../../contract/json.js';
import type { TapePage } from '../../contract/tape.js';
import { initial, type ExecutionState } from '../../domain/execution.js';
import { isTerminal } from '../../domain/status.js';
import { executionStream } from '../../domain/stream.js';
import { EVENT_STORE, type EventStore, type StoredEvent } from '../../event-store/event-store.js';
import type { Position } from '../../event-store/position.js';
import { foldLeniently } from '../../event-store/read-execution.js';
import { SharedReads } from '../../read-model/shared-reads.js';
import { StreamWaiters } from '../stream-waiters.js';
import { toTape } from '../tape.js';

const PAGE = 1000;
/** How much memory readers' places may take, remembered so that the next page need not fold from the first event. */
const REMEMBERED_BYTES = 32 * 1024 * 1024;

/** A page of the tape, and the position of the last event it takes into account. */
export interface ReadTapePage {
  readonly page: TapePage;
  readonly position: Position;
}

/** A page of one execution's tape, held up to `waitMs` until something is there. Undefined: no such stream. */
export class ReadTape extends Query<ReadTapePage | undefined> {
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

@QueryHandler(ReadTape)
export class ReadTapeHandler implements IQueryHandler<ReadTape> {
  private readonly shared = new SharedReads<ReadTapePage | undefined>();
  private readonly places = new LRUCache<string, ExecutionState>({
    maxSize: REMEMBERED_BYTES,
    sizeCalculation: weigh,
  });

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly waiters: StreamWaiters,
  ) {}

  execute(query: ReadTape) {
    const { executionId, fromRevision, limit, waitMs, signal } = query;
    const key = `${fromRevision}+${limit} ${executionId}`;
    return this.waiters.until(executionStream(executionId), waitMs, signal, async () => {
      const value = await this.shared.get(key, () => this.page(query));
      return { found: value === undefined || value.page.events.length > 0 || value.page.final, value };
    });
  }

  private async page({ executionId, fromRevision, limit }: ReadTape): Promise<ReadTapePage | undefined> {
    const stream = executionStream(executionId);
    const [head] = await this.store.readStream(stream, { direction: 'backwards', limit: 1 });
    if (head === undefined) return undefined;
    let state = await this.stateBefore(executionId, Math.min(fromRevision, head.revision + 1));
    const stored = fromRevision > head.revision ? [] : await this.store.readStream(stream, { fromRevision, limit });
    const events = stored.map((event) => toTape(event, (state = foldLeniently(state, event))));
    this.places.set(`${executionId}@${state.revision}`, state);
    const atHead = state.revision >= head.revision ? state : await this.stateBefore(executionId, head.revision + 1);
    const page = {
      execution_id: executionId,
      events,
      next_revision: events.length > 0 ? state.revision + 1 : fromRevision,
      head_revision: Math.max(head.revision, state.revision),
      final: atHead.status !== 'none' && isTerminal(atHead.status),
    };
    return { page, position: atHead.position };
  }

  /** The fold of the events before `revision`, from the nearest place a reader was at. */
  private async stateBefore(executionId: string, revision: number): Promise<ExecutionState> {
    let state: ExecutionState = this.places.get(`${executionId}@${revision - 1}`) ?? initial;
    while (state.revision < revision - 1) {
      const page: StoredEvent[] = await this.store.readStream(executionStream(executionId), {
        fromRevision: state.revision + 1,
        limit: Math.min(PAGE, revision - 1 - state.revision),
      });
      if (page.length === 0) break;
      state = page.reduce(foldLeniently, state);
    }
    this.places.set(`${executionId}@${state.revision}`, state);
    return state;
  }
}
