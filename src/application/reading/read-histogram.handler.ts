import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Checkpoint } from '../../projection-tables/checkpoint.js';
import { READ_MODEL, type ReadModel } from '../../read-model/read-model.js';
import type { HistogramBucket, HistogramRequest } from '../../read-model/summaries.js';

/** `GET /executions/histogram`. */
export class ReadHistogram extends Query<{ buckets: HistogramBucket[]; checkpoint: Checkpoint }> {
  constructor(readonly request: HistogramRequest) {
    super();
  }
}

@QueryHandler(ReadHistogram)
export class ReadHistogramHandler implements IQueryHandler<ReadHistogram> {
  constructor(@Inject(READ_MODEL) private readonly readModel: ReadModel) {}

  execute({ request }: ReadHistogram) {
    return this.readModel.histogram(request);
  }
}
