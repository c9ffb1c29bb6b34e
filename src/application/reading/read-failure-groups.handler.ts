import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Checkpoint } from '../../projection-tables/checkpoint.js';
import { READ_MODEL, type ReadModel } from '../../read-model/read-model.js';
import type { FailureGroup, FailuresRequest } from '../../read-model/summaries.js';

/** `GET /failure-groups`. */
export class ReadFailureGroups extends Query<{ groups: FailureGroup[]; more: boolean; checkpoint: Checkpoint }> {
  constructor(readonly request: FailuresRequest) {
    super();
  }
}

@QueryHandler(ReadFailureGroups)
export class ReadFailureGroupsHandler implements IQueryHandler<ReadFailureGroups> {
  constructor(@Inject(READ_MODEL) private readonly readModel: ReadModel) {}

  execute({ request }: ReadFailureGroups) {
    return this.readModel.failureGroups(request);
  }
}
