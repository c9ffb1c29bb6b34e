import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { stringifyJson } from '../../encoding/json.js';
import type { RefusedEvent } from '../../contract/history.js';
import type { ReportRefusedData } from '../../domain/events.js';
import { executionStream, refusedStream } from '../../domain/stream.js';
import { EVENT_STORE, type EventStore, type StoredEvent } from '../../event-store/event-store.js';
import { streamPages } from '../../event-store/stream-pages.js';
import { toRefused } from './history.js';

/** How much of them one answer shows, in characters; the last one whatever it takes. */
const MOST_CHARACTERS = 4 * 1024 * 1024;

/** Those that were refused, in their order. */
export interface RefusedReports {
  readonly events: RefusedEvent[];
  /** Others came before them. */
  readonly more: boolean;
}

/**
 * The reports that were refused between a pause and the resume that ended it (docs/semantics.md §3.4): the last ones, if
 * they are large.
 */
export class RefusedWhilePaused extends Query<RefusedReports> {
  constructor(
    readonly executionId: string,
    /** Of the resume's event. */
    readonly resumedAt: number,
  ) {
    super();
  }
}

@QueryHandler(RefusedWhilePaused)
export class RefusedWhilePausedHandler implements IQueryHandler<RefusedWhilePaused> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ executionId, resumedAt }: RefusedWhilePaused): Promise<RefusedReports> {
    const pausedAt = await this.lastPause(executionId, resumedAt - 1);
    const found: RefusedEvent[] = [];
    let left = MOST_CHARACTERS;
    reading: for await (const page of streamPages(this.store, refusedStream(executionId), { direction: 'backwards' })) {
      for (const event of page) {
        const judgedAt = revisionOf(event);
        // The marker of what was omitted says nothing of when, nor does an id that was taken: whatever lies behind it may be ours.
        if (judgedAt >= 0 && judgedAt < pausedAt && verdictOf(event) !== 'id_reused') break reading;
        if (judgedAt < pausedAt || judgedAt >= resumedAt) continue;
        const refused = toRefused(event);
        left -= stringifyJson(refused).length;
        if (left < 0 && found.length > 0) return { events: found.reverse(), more: true };
        found.push(refused);
      }
    }
    return { events: found.reverse(), more: false };
  }

  /** The revision of the last pause up to a revision; 0 where there was none. */
  private async lastPause(executionId: string, fromRevision: number): Promise<number> {
    const back = { direction: 'backwards', fromRevision } as const;
    for await (const page of streamPages(this.store, executionStream(executionId), back)) {
      const pause = page.find(({ type }) => type === 'ExecutionPaused');
      if (pause) return pause.revision;
    }
    return 0;
  }
}

/** Where the execution stood when a report was refused; -1 where that is not told. */
const revisionOf = ({ data }: StoredEvent): number =>
  (data as Partial<ReportRefusedData> | null)?.against?.revision ?? -1;
const verdictOf = ({ data }: StoredEvent): string | undefined => (data as Partial<ReportRefusedData> | null)?.verdict;
