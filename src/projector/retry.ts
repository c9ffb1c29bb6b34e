import type pg from 'pg';
import { executionStream } from '../domain/stream.js';
import type { EventStore, StoredEvent } from '../event-store/event-store.js';
import { streamPages } from '../event-store/stream-pages.js';
import type { ExecutionStates } from './execution-states.js';
import { PageFold } from './page-fold.js';
import type { ParkedPosition } from './parked-events.js';
import { isPoison } from './poison.js';
import type { ProjectionStore, CheckpointStatus } from './projection-store.js';

/**
 * Tries every parked event again, each with what came behind it in its stream up to the checkpoint. What can be projected now
 * is written as its page would have written it, once: its parking ends in the same transaction. The rest stays parked, with
 * the reason of today. Live pages wait for it.
 */
export async function retryParked(
  client: pg.ClientBase,
  tables: ProjectionStore,
  states: ExecutionStates,
  store: EventStore,
  status: CheckpointStatus,
): Promise<void> {
  const step = { from: status.position, to: status.position, at: status.at };
  for (let at = -1n; ;) {
    const parked = await tables.parked.next(client, at);
    if (parked === undefined) break;
    at = parked.position;
    const before = await states.at(
      client,
      new Map(parked.revision > 0 ? [[parked.executionId, parked.revision - 1]] : []),
    );
    const fold = new PageFold([tables.projection], before, states.fold);
    try {
      for await (const stored of projectedFrom(store, parked, status.position)) fold.add(stored);
      await tables.write(client, step, fold.changes(), parked);
    } catch (error) {
      if (!isPoison(error)) throw error;
      await tables.parked.updateReason(client, parked, (error as Error).message);
    }
  }
  await tables.retried(client);
}

/** The parked event and those behind it in its stream, as far as the projection has come. */
async function* projectedFrom(
  store: EventStore,
  parked: ParkedPosition,
  checkpoint: bigint,
): AsyncGenerator<StoredEvent> {
  const pages = streamPages(store, executionStream(parked.executionId), { fromRevision: parked.revision });
  for await (const page of pages) {
    for (const stored of page) if (stored.position <= checkpoint) yield stored;
    if (page.at(-1)!.position >= checkpoint) return;
  }
}
