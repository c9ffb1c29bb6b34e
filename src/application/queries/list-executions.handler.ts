import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Checkpoint } from '../../read-model/checkpoint.js';
import type { ListRequest, ProjectedExecution } from '../../read-model/read-model.js';
import { READ_MODEL, type ReadModel } from '../../read-model/read-model.js';

/** A page of the list, and how far the projection was when it was read. */
export interface ListedPage {
  readonly rows: ProjectedExecution[];
  readonly checkpoint: Checkpoint;
}

/** `GET /executions`. */
export class ListExecutions extends Query<ListedPage> {
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
