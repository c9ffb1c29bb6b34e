import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Instant } from '../../domain/events.js';
import { initial, type ExecutionState, type ExistingExecution } from '../../domain/execution.js';
import { executionStream, NO_STREAM } from '../../domain/stream.js';
import { LOG_READS, type LogReads } from '../../event-store/event-store.js';
import { foldStored } from '../../event-store/read-execution.js';
import { streamPages } from '../../event-store/stream-pages.js';

/** A revision, or a moment of the ledger's clock. */
export type When = { readonly revision: number } | { readonly time: Instant };

/** An execution as it was, and the moment that its flags are judged at. */
export interface PastExecution {
  readonly state: ExistingExecution;
  readonly at: Instant;
}

/** `beyond`: the stream has not come that far; undefined: there was no execution then. */
export class StateAt extends Query<PastExecution | 'beyond' | undefined> {
  constructor(
    readonly executionId: string,
    readonly when: When,
  ) {
    super();
  }
}

@QueryHandler(StateAt)
export class StateAtHandler implements IQueryHandler<StateAt> {
  constructor(@Inject(LOG_READS) private readonly store: LogReads) {}

  async execute({ executionId, when }: StateAt): Promise<PastExecution | 'beyond' | undefined> {
    const upTo = 'time' in when ? await this.lastBy(executionId, when.time) : when.revision;
    let state: ExecutionState = initial;
    let at = '';
    const pages = streamPages(this.store, executionStream(executionId), { fromRevision: 0, limit: upTo + 1 });
    for await (const page of pages) {
      state = page.reduce(foldStored, state);
      at = page.at(-1)!.recordedAt;
    }
    if ('revision' in when && state.revision >= 0 && state.revision < when.revision) return 'beyond';
    return state.status === 'none' ? undefined : { state, at: 'time' in when ? when.time : at };
  }

  /** The last revision that was recorded by then: all before it were there, whatever a clock that jumped has stamped them. */
  private async lastBy(executionId: string, time: Instant): Promise<number> {
    let last = NO_STREAM;
    for await (const page of streamPages(this.store, executionStream(executionId)))
      last = page.findLast(({ recordedAt }) => recordedAt <= time)?.revision ?? last;
    return last;
  }
}
