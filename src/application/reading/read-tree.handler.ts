import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Checkpoint } from '../../projection-tables/checkpoint.js';
import { READ_MODEL, type ReadModel } from '../../read-model/read-model.js';
import type { Tree, TreeRequest } from '../../read-model/summaries.js';

/** `GET /executions/:id/tree`; no tree where there is no such execution. */
export class ReadTree extends Query<{ tree?: Tree; checkpoint: Checkpoint }> {
  constructor(readonly request: TreeRequest) {
    super();
  }
}

@QueryHandler(ReadTree)
export class ReadTreeHandler implements IQueryHandler<ReadTree> {
  constructor(@Inject(READ_MODEL) private readonly readModel: ReadModel) {}

  execute({ request }: ReadTree) {
    return this.readModel.tree(request);
  }
}
