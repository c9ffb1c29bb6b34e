import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { ProjectionView } from '../../contract/projections.js';
import { EVENT_STORE, type EventStore } from '../../event-store/event-store.js';
import { PROJECTION_OPERATIONS, type ProjectionOperations } from '../../rebuild/projection-operation.js';
import { READ_MODEL, type ReadModel } from '../../read-model/read-model.js';
import { SharedReads } from '../../read-model/shared-reads.js';
import { RUNTIME, type Runtime } from '../ports.js';
import { showProjections } from './show-projections.js';

/** The projections, or the one of a name; none where there is no such. */
export class ReadProjections extends Query<ProjectionView[]> {
  constructor(readonly name?: string) {
    super();
  }
}

@QueryHandler(ReadProjections)
export class ReadProjectionsHandler implements IQueryHandler<ReadProjections> {
  /** However many ask, who decides waits for one look at most. */
  private readonly looks = new SharedReads<ProjectionView[]>();

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(PROJECTION_OPERATIONS) private readonly operations: ProjectionOperations,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  execute({ name }: ReadProjections): Promise<ProjectionView[]> {
    const { store, readModel, operations, runtime } = this;
    const parts = { store, readModel, operations: operations, clock: runtime.clock };
    return this.looks.get(name ?? '', () => showProjections(parts, name));
  }
}
