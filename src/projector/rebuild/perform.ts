import type pg from 'pg';
import { dropSession } from '../../postgres/session.js';
import type { Chore } from './chore.js';
import { Busy, rebuild, type RebuildParts, type Rebuilt } from './rebuild.js';
import { rollback } from './rollback.js';
import { verifySample } from './sample.js';

/** How long a statement under way is waited for once the work is to stop, in milliseconds. */
const STOP_MS = 5_000;

/**
 * Does a chore, from where it was left to its end. When the signal comes it stops after what is under way, or in the middle
 * of it where that takes long: what was not committed is done again by whoever goes on.
 * @throws Busy, Interrupted
 */
export async function perform(
  parts: RebuildParts,
  chore: Pick<Chore, 'kind' | 'sample'>,
): Promise<Rebuilt | undefined> {
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
    return await run({ ...parts, connect }, chore);
  } finally {
    parts.signal.removeEventListener('abort', stop);
    clearTimeout(cut);
  }
}

async function run(
  parts: RebuildParts,
  { kind, sample }: Pick<Chore, 'kind' | 'sample'>,
): Promise<Rebuilt | undefined> {
  const { projection } = parts;
  if (kind === 'rollback') return rollBack(parts);
  if (sample === undefined || projection.kind !== 'rows') return rebuild(parts, kind);
  return verifySample({ ...parts, projection }, sample);
}

/** A rollback keeps no record of itself: how it ended is written down here. */
async function rollBack(parts: RebuildParts): Promise<undefined> {
  const ended = await rollback(parts).then(
    (version) => ({ state: 'swapped', version, error: null }),
    (error: unknown) => {
      if (error instanceof Busy || parts.signal.aborted) throw error;
      return { state: 'failed', version: 0, error: (error as Error).message };
    },
  );
  const client = await parts.connect();
  try {
    await client.query(
      `update ledger.rebuilds set state = $2, version = $3, error = $4, finished_at = now()
        where projection = $1 and kind = 'rollback'`,
      [parts.projection.name, ended.state, ended.version, ended.error],
    );
  } finally {
    await client.end().catch(() => undefined);
  }
  if (ended.error !== null) throw new Error(ended.error);
}
