import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { READ_MODEL, type ReadModel, type ShortPage } from '../../read-model/read-model.js';
import type { ListRequest } from '../../read-model/list-request.js';

/** `GET /executions`. */
export class ListExecutions extends Query<ShortPage> {
  constructor(readonly request: ListRequest) {
    super();
  }
}

@QueryHandler(ListExecutions)
export class ListExecutionsHandler implements IQueryHandler<ListExecutions> {
  constructor(@Inject(READ_MODEL) private readonly readModel: ReadModel) {}

  execute({ request }: ListExecutions) {
    return this.readModel.list(request);
  }
}
