import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { ProjectionView } from '../../contract/projections.js';
import { EVENT_STORE, type EventStore } from '../../event-store/event-store.js';
import { CHORES, type Chores } from '../../projector/rebuild/chore.js';
import { READ_MODEL, type ReadModel } from '../../read-model/read-model.js';
import { showChores } from '../chore-view.js';
import { RUNTIME, type Runtime } from '../ports.js';
import { observe, showProjection } from '../projection-view.js';

/** The projections, or the one of a name; none where there is no such. */
export class ReadProjections extends Query<ProjectionView[]> {
  constructor(readonly name?: string) {
    super();
  }
}

@QueryHandler(ReadProjections)
export class ReadProjectionsHandler implements IQueryHandler<ReadProjections> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(CHORES) private readonly chores: Chores,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async execute({ name }: ReadProjections): Promise<ProjectionView[]> {
    const { projections } = this.readModel;
    const all = await projections.standings();
    const asked = all.filter((standing) => name === undefined || standing.name === name);
    const observed = await observe(this.store, asked, this.runtime.clock());
    const chores = new Map((await this.chores.standings()).map((standing) => [standing.name, standing]));
    return Promise.all(
      observed.map(async (one) => {
        const { name, parked } = one.standing;
        const shown = showChores(chores.get(name), one.head, this.store.densePositions);
        return showProjection(one, parked > 0 ? await projections.parked(name) : [], shown);
      }),
    );
  }
}
