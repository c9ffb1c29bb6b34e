import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Instant } from '../../domain/events.js';
import { initial, type ExecutionState, type ExistingExecution } from '../../domain/execution.js';
import { executionStream } from '../../domain/stream.js';
import { EVENT_STORE, type EventStore } from '../../event-store/event-store.js';
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
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ executionId, when }: StateAt): Promise<PastExecution | 'beyond' | undefined> {
    let state: ExecutionState = initial;
    let at = 'time' in when ? when.time : '';
    reading: for await (const page of streamPages(this.store, executionStream(executionId))) {
      for (const stored of page) {
        const later = 'time' in when ? stored.recordedAt > when.time : stored.revision > when.revision;
        if (later) break reading;
        state = foldStored(state, stored);
        if ('revision' in when) at = stored.recordedAt;
      }
    }
    if ('revision' in when && state.revision >= 0 && state.revision < when.revision) return 'beyond';
    return state.status === 'none' ? undefined : { state, at };
  }
}
