import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ReadOperations } from '../application/operating/read-operations.handler.js';
import { operationPage, operationsQuery, type OperationPage, type OperationsQuery } from '../contract/operations.js';
import { Needs } from './access.js';
import { Answers } from './openapi.js';

/** What was done to the ledger itself, and by whom. */
@Controller('operations')
@Needs('read', { reach: 'everything' })
export class OperationLogController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @Answers(operationPage, 400, 503)
  operations(@Query({ schema: operationsQuery }) asked: OperationsQuery): Promise<OperationPage> {
    return this.queries.execute(new ReadOperations(asked));
  }
}
