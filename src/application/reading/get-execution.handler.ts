import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { executionStream } from '../../domain/stream.js';
import { isTerminal } from '../../domain/status.js';
import { FreshExecutions, type FreshExecution } from './fresh-executions.js';
import { StreamWaiters } from './stream-waiters.js';

/** One execution, every acknowledged write included; held up to `waitMs` until it is terminal. */
export class GetExecution extends Query<FreshExecution | undefined> {
  constructor(
    readonly executionId: string,
    readonly waitMs: number,
    readonly signal: AbortSignal,
  ) {
    super();
  }
}

@QueryHandler(GetExecution)
export class GetExecutionHandler implements IQueryHandler<GetExecution> {
  constructor(
    private readonly executions: FreshExecutions,
    private readonly waiters: StreamWaiters,
  ) {}

  execute({ executionId, waitMs, signal }: GetExecution) {
    return this.waiters.until(executionStream(executionId), waitMs, signal, async () => {
      const value = await this.executions.one(executionId);
      return { found: value === undefined || isTerminal(value.state.status), value };
    });
  }
}
