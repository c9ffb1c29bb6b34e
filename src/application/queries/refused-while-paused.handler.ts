import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { RefusedEvent } from '../../contract/tape.js';
import type { ReportRefusedData } from '../../domain/events.js';
import { executionStream, refusedStream, type StreamName } from '../../domain/stream.js';
import { EVENT_STORE, type EventStore, type StoredEvent } from '../../event-store/event-store.js';
import { streamPages } from '../../event-store/stream-pages.js';
import { toRefused } from '../tape.js';

/** The reports that were refused between a pause and the resume that ended it (domain.md §3.4). */
export class RefusedWhilePaused extends Query<RefusedEvent[]> {
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

  async execute({ executionId, resumedAt }: RefusedWhilePaused): Promise<RefusedEvent[]> {
    const isPause = (event: StoredEvent): boolean => event.type === 'ExecutionPaused';
    const before = await this.backTo(executionStream(executionId), isPause, resumedAt - 1);
    const pausedAt = before.at(-1)?.revision ?? 0;
    const judgedAt = (event: StoredEvent): number => (event.data as ReportRefusedData).against?.revision ?? -1;
    const refused = await this.backTo(refusedStream(executionId), (event) => judgedAt(event) < pausedAt);
    return refused
      .filter((event) => judgedAt(event) >= pausedAt && judgedAt(event) < resumedAt)
      .map(toRefused)
      .reverse();
  }

  /** The stream from its end (or `from`) backwards, up to the first event that `last` holds for, inclusive. */
  private async backTo(
    stream: StreamName,
    last: (event: StoredEvent) => boolean,
    from?: number,
  ): Promise<StoredEvent[]> {
    const events: StoredEvent[] = [];
    const place = from === undefined ? {} : { fromRevision: from };
    for await (const page of streamPages(this.store, stream, { direction: 'backwards', ...place })) {
      const end = page.findIndex(last);
      if (end >= 0) return [...events, ...page.slice(0, end + 1)];
      events.push(...page);
    }
    return events;
  }
}
