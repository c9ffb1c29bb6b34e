import type pg from 'pg';
import { dropSession } from '../postgres/session.js';
import { OperationsTable } from './operations-table.js';
import type { ProjectionOperation } from './projection-operation.js';
import { rebuild, type RebuildParts, type RebuildResult } from './rebuild.js';
import { LockedByOther } from './rebuild-lock.js';
import { rollback } from './rollback.js';
import { verifySample } from './sample.js';

/** How long a statement under way is waited for once the work is to stop, in milliseconds. */
const STOP_MS = 5_000;

/**
 * Does an operation, from where it was left to its end. When the signal comes it stops after what is under way, or in the middle
 * of it where that takes long: what was not committed is done again by whoever goes on.
 * @throws LockedByOther, OperationInterrupted
 */
export async function runOperation(
  parts: RebuildParts,
  operation: Pick<ProjectionOperation, 'kind' | 'sample'>,
): Promise<RebuildResult | undefined> {
  const sessions: pg.Client[] = [];
  const connect = async (): Promise<pg.Client> => {
    const client = await parts.connect();
    sessions.push(client);
    return client;
  };
  let cut: NodeJS.Timeout | undefined;
  const stop = (): void => {
    cut = setTimeout(() => sessions.forEach(dropSession), STOP_MS);
  };
  parts.signal.addEventListener('abort', stop, { once: true });
  try {
    return await run({ ...parts, connect, onlyIfStillRequested: operation.kind }, operation);
  } finally {
    parts.signal.removeEventListener('abort', stop);
    clearTimeout(cut);
  }
}

async function run(
  parts: RebuildParts,
  { kind, sample }: Pick<ProjectionOperation, 'kind' | 'sample'>,
): Promise<RebuildResult | undefined> {
  const { projection } = parts;
  if (kind === 'rollback') return rollBack(parts);
  if (sample === undefined || projection.kind !== 'rows') return rebuild(parts, kind);
  return verifySample({ ...parts, projection }, sample);
}

/** Why a rollback failed is written down here. */
async function rollBack(parts: RebuildParts): Promise<undefined> {
  try {
    await rollback(parts);
  } catch (error) {
    if (!(error instanceof LockedByOther || parts.signal.aborted)) await fail(parts, error as Error);
    throw error;
  }
}

async function fail({ connect, projection }: RebuildParts, { message }: Error): Promise<void> {
  const client = await connect();
  try {
    await new OperationsTable(projection.name, 'rollback').fail(client, message);
  } finally {
    await client.end().catch(() => undefined);
  }
}
