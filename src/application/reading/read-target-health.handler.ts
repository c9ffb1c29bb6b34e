import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Checkpoint } from '../../projection-tables/checkpoint.js';
import { READ_MODEL, type ReadModel } from '../../read-model/read-model.js';
import type { HealthRequest, TargetHealth } from '../../read-model/summaries.js';

/** `GET /target-health`. */
export class ReadTargetHealth extends Query<{ targets: TargetHealth[]; checkpoint: Checkpoint }> {
  constructor(readonly request: HealthRequest) {
    super();
  }
}

@QueryHandler(ReadTargetHealth)
export class ReadTargetHealthHandler implements IQueryHandler<ReadTargetHealth> {
  constructor(@Inject(READ_MODEL) private readonly readModel: ReadModel) {}

  execute({ request }: ReadTargetHealth) {
    return this.readModel.targetHealth(request);
  }
}
