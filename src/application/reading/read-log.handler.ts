import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { LogPage, HistoryEvent } from '../../contract/history.js';
import { parseStream } from '../../domain/stream.js';
import { LOG_READS, PAGE_BYTES, type LogReads } from '../../event-store/event-store.js';
import type { Position } from '../../event-store/position.js';
import { SharedReads } from '../../read-model/shared-reads.js';
import { isWithin } from '../confinement.js';
import { headSoFar } from './lag.js';
import { ANY_STREAM, StreamWaiters } from './stream-waiters.js';
import { toHistoryEvent } from './history.js';

/** How many events at least are looked at at once for a caller that is shown some of them, and how many such pages. */
const LOOKED_AT = 1_000;
const MOST_PAGES = 20;

/** The history of every execution in the order of the log; what was refused, and what is not the ledger's, is left out. */
export class ReadLog extends Query<LogPage> {
  constructor(
    readonly after: Position,
    readonly limit: number,
    readonly waitMs: number,
    readonly signal: AbortSignal,
    /** Shows only executions whose ids begin so. */
    readonly within?: string,
  ) {
    super();
  }
}

/** What was found in a page of the log, and where to go on. */
interface ReadPage {
  readonly events: HistoryEvent[];
  readonly next: Position;
  /** How far the log reached; absent where the page showed nothing, and is not the last. */
  readonly head?: Position;
}

@QueryHandler(ReadLog)
export class ReadLogHandler implements IQueryHandler<ReadLog> {
  private readonly shared = new SharedReads<ReadPage>();

  constructor(
    @Inject(LOG_READS) private readonly store: LogReads,
    private readonly waiters: StreamWaiters,
  ) {}

  execute({ after, limit, waitMs, signal, within }: ReadLog): Promise<LogPage> {
    let from = after;
    let pages = 0;
    return this.waiters.until(ANY_STREAM, waitMs, signal, async () => {
      for (;;) {
        const { events, next, head } = await this.shared.get(JSON.stringify([String(from), limit, within]), () =>
          this.page(from, limit, within),
        );
        from = next;
        // Pages that show nothing may be without number: nobody reads on for a caller that has gone.
        const readsOn = head === undefined && !signal.aborted;
        if (readsOn && (within === undefined || ++pages < MOST_PAGES)) continue;
        const value = { events, next_after: String(next), head_position: String((head ?? next) > next ? head : next) };
        return { found: events.length > 0 || readsOn, value };
      }
    });
  }

  private async page(after: Position, limit: number, within: string | undefined): Promise<ReadPage> {
    const stored = await this.store.readAll(
      after,
      within === undefined ? limit : Math.max(limit, LOOKED_AT),
      PAGE_BYTES,
    );
    const events: HistoryEvent[] = [];
    let next = after;
    for (const event of stored) {
      if (events.length === limit) break;
      next = event.position;
      const stream = parseStream(event.stream);
      if (stream?.kind === 'execution' && isWithin(within, stream.executionId))
        events.push({ execution_id: stream.executionId, ...toHistoryEvent(event) });
    }
    if (events.length === 0 && stored.length > 0) return { events, next };
    return { events, next, head: await headSoFar(this.store) };
  }
}
