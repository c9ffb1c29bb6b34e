import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { OperationPage, OperationsQuery } from '../../contract/operations.js';
import { LOG_READS, type LogReads } from '../../event-store/event-store.js';
import { readOperations } from './operation-log.js';

/** `GET /operations`. */
export class ReadOperations extends Query<OperationPage> {
  constructor(readonly asked: OperationsQuery) {
    super();
  }
}

@QueryHandler(ReadOperations)
export class ReadOperationsHandler implements IQueryHandler<ReadOperations> {
  constructor(@Inject(LOG_READS) private readonly store: LogReads) {}

  execute({ asked }: ReadOperations): Promise<OperationPage> {
    return readOperations(this.store, asked);
  }
}
