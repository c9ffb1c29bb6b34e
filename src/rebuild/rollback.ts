import type pg from 'pg';
import { previousVersion } from '../projection-tables/versions.js';
import { OperationsTable } from './operations-table.js';
import { withRebuildLock, type RebuildParts } from './rebuild.js';
import { swap } from './swap.js';

/**
 * Has readers read the version before the live one again, once it has caught up: nobody sees an older position.
 * @throws LockedByOther; Error where there is none, or other code made it
 */
export function rollback(parts: RebuildParts): Promise<number> {
  const { projection } = parts;
  return withRebuildLock(parts, async (client, helper) => {
    const previous = await previousVersion(client, projection);
    if (!previous) throw new Error(`${projection.name} has no previous version`);
    if (previous.foldVersion !== projection.version) {
      throw new Error(
        `the previous version of ${projection.name} was made by version ${previous.foldVersion} of its code; only a program with that code can keep it: roll back with it`,
      );
    }
    const { version } = previous;
    const finish = (at: pg.ClientBase): Promise<void> =>
      new OperationsTable(projection.name, 'rollback').finishRollback(at, version);
    const heartbeat = async (): Promise<void> => parts.signal.throwIfAborted();
    await swap(
      { ...parts, client, helper },
      { version, drop: false },
      { settle: async () => undefined, finish },
      heartbeat,
    );
    return version;
  });
}
