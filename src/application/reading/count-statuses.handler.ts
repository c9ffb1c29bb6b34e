import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { STATUSES, type Status } from '../../domain/status.js';
import type { CountsRequest } from '../../read-model/summaries.js';
import type { Checkpoint } from '../../projection-tables/checkpoint.js';
import { READ_MODEL, type ReadModel } from '../../read-model/read-model.js';

/** How many executions stand in each status, and how far the projection was when they were counted. */
export interface StatusCounts {
  readonly counts: Readonly<Record<Status, number>>;
  readonly checkpoint: Checkpoint;
}

/** `GET /status-counts`. */
export class CountStatuses extends Query<StatusCounts> {
  constructor(readonly request: CountsRequest) {
    super();
  }
}

@QueryHandler(CountStatuses)
export class CountStatusesHandler implements IQueryHandler<CountStatuses> {
  constructor(@Inject(READ_MODEL) private readonly readModel: ReadModel) {}

  async execute({ request }: CountStatuses): Promise<StatusCounts> {
    const { counts, checkpoint } = await this.readModel.statusCounts(request);
    const all = STATUSES.map((status) => [status, counts[status] ?? 0]);
    return { counts: Object.fromEntries(all) as Record<Status, number>, checkpoint };
  }
}
