import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { FreshExecutions, type FreshExecution } from './fresh-executions.js';

/** Many executions at once, each as fresh as if it were read alone. */
export class BatchStatus extends Query<Map<string, FreshExecution>> {
  constructor(readonly executionIds: readonly string[]) {
    super();
  }
}

@QueryHandler(BatchStatus)
export class BatchStatusHandler implements IQueryHandler<BatchStatus> {
  constructor(private readonly executions: FreshExecutions) {}

  execute({ executionIds }: BatchStatus) {
    return this.executions.many([...new Set(executionIds)]);
  }
}
