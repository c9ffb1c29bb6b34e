import type pg from 'pg';
import { rebuildLockKey, tryAcquireLock } from '../projection-tables/locks.js';
import { OperationsTable } from './operations-table.js';
import type { ProjectionOperationKind } from './projection-operation.js';

/** Somebody else is at it, or has just done it. */
export class LockedByOther extends Error {
  override readonly name = 'LockedByOther';
}

/**
 * Takes the lock of whoever rebuilds or verifies this projection, on this connection, until it ends.
 * @throws LockedByOther where somebody has it, or did what was asked for before it could be had
 */
export async function acquireRebuildLock(
  client: pg.Client,
  name: string,
  onlyIfStillRequested?: ProjectionOperationKind,
): Promise<void> {
  if (!(await tryAcquireLock(client, rebuildLockKey(name)))) {
    throw new LockedByOther(`${name} is being rebuilt or verified already`);
  }
  if (onlyIfStillRequested && !(await new OperationsTable(name, onlyIfStillRequested).isRequested(client)))
    throw new LockedByOther(`the ${onlyIfStillRequested} of ${name} has just been done`);
}
