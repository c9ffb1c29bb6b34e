import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { RefusedPage } from '../../contract/history.js';
import { executionStream, NO_STREAM, refusedStream } from '../../domain/stream.js';
import { LOG_READS, type LogReads } from '../../event-store/event-store.js';
import { toRefused } from './history.js';

/** The refused reports of an execution; undefined where there is neither an execution nor a refused report. */
export class ReadRefused extends Query<RefusedPage | undefined> {
  constructor(
    readonly executionId: string,
    readonly fromRevision: number,
    readonly limit: number,
  ) {
    super();
  }
}

@QueryHandler(ReadRefused)
export class ReadRefusedHandler implements IQueryHandler<ReadRefused> {
  constructor(@Inject(LOG_READS) private readonly store: LogReads) {}

  async execute({ executionId, fromRevision, limit }: ReadRefused): Promise<RefusedPage | undefined> {
    const stream = refusedStream(executionId);
    const [head] = await this.store.readStream(stream, { direction: 'backwards', limit: 1 });
    if (head === undefined) {
      const [first] = await this.store.readStream(executionStream(executionId), { limit: 1 });
      if (first === undefined) return undefined;
    }
    const stored = await this.store.readStream(stream, { fromRevision, limit });
    return {
      execution_id: executionId,
      events: stored.map(toRefused),
      next_revision: (stored.at(-1)?.revision ?? fromRevision - 1) + 1,
      head_revision: head?.revision ?? NO_STREAM,
    };
  }
}
