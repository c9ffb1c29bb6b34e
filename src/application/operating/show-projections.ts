import type { ProjectionView } from '../../contract/projections.js';
import type { EventStore } from '../../event-store/event-store.js';
import { isUnfinished, type ProjectionOperations } from '../../rebuild/projection-operation.js';
import type { ReadModel } from '../../read-model/read-model.js';
import { showOperations } from './projection-operation-view.js';
import { countOperations } from './operation-log.js';
import { observe, showProjection } from './projection-view.js';

/** Where what is shown of projections is read. */
export interface ProjectionSources {
  readonly store: EventStore;
  readonly readModel: Pick<ReadModel, 'projections'>;
  readonly operations: Pick<ProjectionOperations, 'statuses'>;
  /** The current moment in milliseconds since 1970. */
  readonly clock: () => number;
}

/** The projections as the wire shows them, or the one of a name; none where there is no such. */
export async function showProjections(from: ProjectionSources, name?: string): Promise<ProjectionView[]> {
  // Before the versions are read: what is shown as swapped is shown as live.
  const statuses = new Map((await from.operations.statuses()).map((status) => [status.name, status]));
  const { projections } = from.readModel;
  const all = await projections.statuses();
  const asked = all.filter((status) => name === undefined || status.name === name);
  const observed = await observe(from.store, asked, from.clock());
  const dense = from.store.densePositions;
  const underWay = asked.some((one) => statuses.get(one.name)?.operations.some(isUnfinished));
  const operations = dense && underWay ? await countOperations(from.store) : 0;
  return Promise.all(
    observed.map(async (one) => {
      const { name, parked, drifted } = one.status;
      const found = {
        parked: parked > 0 ? await projections.parked(name) : [],
        drifted: drifted > 0 ? await projections.drifted(name) : [],
      };
      const shown = showOperations(statuses.get(name), { head: one.head, dense, operations });
      return showProjection(one, found, shown);
    }),
  );
}
