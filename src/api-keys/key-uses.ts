import type { KeyRing } from './key-ring.js';

/** A statement to the database. */
export type RunQuery = <Row>(sql: string, values: readonly unknown[]) => Promise<Row[]>;

/** How often uses are written, in milliseconds: each is noted in memory alone. */
const WRITE_MS = 30_000;

const WRITE = `insert into ledger.api_key_uses (fingerprint, used_at)
select fingerprint, to_timestamp(used_ms / 1000.0) from unnest($1::text[], $2::float8[]) as given (fingerprint, used_ms)
on conflict (fingerprint) do update set used_at = greatest(api_key_uses.used_at, excluded.used_at)`;
const READ = 'select fingerprint, extract(epoch from used_at) * 1000 as used_ms from ledger.api_key_uses';

/** When each key was last used, by its fingerprint; in milliseconds since the epoch. */
export async function readKeyUses(query: RunQuery): Promise<ReadonlyMap<string, number>> {
  const rows = await query<{ fingerprint: string; used_ms: string }>(READ, []);
  return new Map(rows.map(({ fingerprint, used_ms }) => [fingerprint, Number(used_ms)]));
}

/** Writes down, now and then and at the end, when each key was last used. */
export function keepKeyUses(
  ring: KeyRing,
  query: RunQuery,
  onError: (error: unknown) => void,
): { stop(): Promise<void> } {
  const write = async (): Promise<void> => {
    const uses = ring.takeUses();
    if (uses.size > 0) await query(WRITE, [[...uses.keys()], [...uses.values()]]).catch(onError);
  };
  const timer = setInterval(() => void write(), WRITE_MS).unref();
  return {
    stop: () => {
      clearInterval(timer);
      return write();
    },
  };
}
