import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { READ_MODEL, type ReadModel } from '../../read-model/read-model.js';
import type { RowsPage, RowsRequest } from '../../read-model/rows-query.js';

/** `GET /projections/:name/rows`. */
export class ReadRows extends Query<RowsPage> {
  constructor(readonly request: RowsRequest) {
    super();
  }
}

@QueryHandler(ReadRows)
export class ReadRowsHandler implements IQueryHandler<ReadRows> {
  constructor(@Inject(READ_MODEL) private readonly readModel: ReadModel) {}

  execute({ request }: ReadRows) {
    return this.readModel.rows(request);
  }
}
