import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { Projection } from '../../projections/projection.js';
import { parseStream } from '../domain/stream.js';
import { PAGE_BYTES, type EventStore } from '../event-store/event-store.js';
import { START, type Position } from '../event-store/position.js';
import { isSameLog, type LogPlace } from '../event-store/same-log.js';
import { CONTROLLED } from '../projection-tables/checkpoint.js';
import { columnsOf, createView, viewOf } from '../projection-tables/table.js';
import { dropVersion } from '../projection-tables/versions.js';
import { ExecutionStates } from '../projector/execution-states.js';
import { Projector, type ProjectorListener } from '../projector/projector.js';

const UNWATCHED: ProjectorListener = {
  parked: () => undefined,
  skipped: () => undefined,
  unread: () => undefined,
  lost: () => undefined,
  grown: () => undefined,
};
/** Events per page of what came while a version was loaded. */
const PAGE = 500;
/** How long a swap waits for readers, and how long it leaves them alone before it asks again, in milliseconds. */
const SWAP_LOCK_MS = 50;
const SWAP_PAUSE_MS = 100;
/** For how long the live table may stand behind the new one before it counts as one that nobody projects, in milliseconds. */
const STILL_MS = 5_000;
const LOCK_NOT_AVAILABLE = '55P03';

export type Heartbeat = (events: number, ms: number) => Promise<void>;

/** Brings a version to exactly this position, unless it is there or beyond already; answers where it is. */
export async function catchUp(
  { store, projection }: { readonly store: EventStore; readonly projection: Projection },
  client: pg.ClientBase,
  version: number,
  to: Position,
  heartbeat: Heartbeat,
): Promise<Position> {
  // Without the live table's rows: what is wrong there must not come in here.
  const projector = new Projector(projection, store, new ExecutionStates(store, undefined), UNWATCHED, version);
  let at = (await projector.begin(client)) ?? START;
  while (at < to) {
    const since = performance.now();
    const page = (await store.readAll(at, PAGE, PAGE_BYTES)).filter(({ position }) => position <= to);
    if (page.length === 0) break;
    await projector.handle(client, page);
    at = page.at(-1)!.position;
    // What is of no execution is passed over, and not counted among the events that are folded.
    const folded = page.filter(({ stream }) => parseStream(stream) !== undefined).length;
    await heartbeat(folded, performance.now() - since);
  }
  return at;
}

/** What is done in the transaction that swaps. */
export interface SwapHooks {
  /** Both versions stand at the same position: what can be said only then. */
  settle(client: pg.ClientBase): Promise<void>;
  /** The swap is about to be committed. */
  finish(client: pg.ClientBase): Promise<void>;
}

export interface SwapTarget {
  readonly version: number;
  /** The version was only made to be compared: it goes, and readers notice nothing. */
  readonly drop: boolean;
}

interface SwapParts {
  readonly store: EventStore;
  readonly projection: Projection;
  readonly signal: AbortSignal;
  readonly client: pg.Client;
  /** Holds the checkpoint while the other connection catches up. */
  readonly helper: pg.Client;
}

/**
 * Has readers read another version. The live checkpoint is held for a moment: the other version comes to the same position,
 * what moved is compared, and the view is replaced. A reader that takes long is not waited for, for all others would wait
 * behind: it is tried again, while the live table goes on.
 */
export async function swap(
  parts: SwapParts,
  target: SwapTarget,
  hooks: SwapHooks,
  heartbeat: Heartbeat,
): Promise<void> {
  const { signal, client, projection, store } = parts;
  // What was made from another log goes no further, and is not waited for.
  const lost = !(await isSameLog(store, await liveCheckpoint(client, projection)));
  let still = performance.now();
  for (let last = START; ;) {
    await heartbeat(0, 0);
    const { position: live } = await liveCheckpoint(client, projection);
    if (live > last) [last, still] = [live, performance.now()];
    await catchUp(parts, client, target.version, live, heartbeat);
    if (await trySwap(parts, target, hooks, lost || performance.now() - still > STILL_MS)) return;
    await pause(SWAP_PAUSE_MS, undefined, { signal });
  }
}

interface LiveCheckpoint extends LogPlace {
  readonly paused: boolean;
}

/** Where the live version stands, and whether it is to stay there. */
export async function liveCheckpoint(
  client: pg.ClientBase,
  { name }: Projection,
  lock: '' | 'for update' = '',
): Promise<LiveCheckpoint> {
  const { rows } = await client.query<{ position: string; at: Date | null; paused: boolean }>(
    `select position, recorded_at as at, paused from ledger.checkpoints where projection = $1 and live ${lock}`,
    [name],
  );
  const { position, at, paused } = rows[0]!;
  return { position: BigInt(position), at: (at ?? new Date(0)).toISOString(), paused };
}

/** Whether what is made stands, or will once it is loaded, beyond a live version that is paused: it cannot go back there. */
export async function isBeyondPaused(
  client: pg.ClientBase,
  { name }: Projection,
  { version, upTo }: { readonly version: number; readonly upTo: Position },
): Promise<boolean> {
  const { rows } = await client.query<{ beyond: boolean }>(
    `select exists (
       select from ledger.checkpoints live join ledger.checkpoints made using (projection)
        where projection = $1 and live.live and live.paused and made.version = $2
          and greatest(made.position, $3) > live.position) as beyond`,
    [name, version, String(upTo)],
  );
  return rows[0]!.beyond;
}

/** `still`: nobody projects the live version, which cannot be waited for then. */
async function trySwap(
  parts: SwapParts,
  { version, drop }: SwapTarget,
  hooks: SwapHooks,
  still: boolean,
): Promise<boolean> {
  const { helper, projection, client } = parts;
  await helper.query('begin');
  try {
    await helper.query(`set local lock_timeout = '${SWAP_LOCK_MS}ms'`);
    const { position: live, paused } = await liveCheckpoint(helper, projection, 'for update');
    const reached = await catchUp(parts, client, version, live, async () => undefined);
    if (reached > live && !still) return false;
    if (reached > live && drop)
      throw new Error(
        `the live table of ${projection.name} stands behind what it was to be compared with; nobody projects it`,
      );
    if (reached === live) await hooks.settle(helper);
    if (drop) await dropVersion(helper, projection, version);
    else await replaceView(helper, projection, version, paused);
    await hooks.finish(helper);
    await helper.query('commit');
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === LOCK_NOT_AVAILABLE) return false;
    throw error;
  } finally {
    await helper.query('rollback').catch(() => undefined);
  }
}

/** `paused`: whoever wants the projection to stand still wants it of the table that is read, whichever that is. */
async function replaceView(
  client: pg.ClientBase,
  projection: Projection,
  version: number,
  paused: boolean,
): Promise<void> {
  const { name } = projection;
  const { rows } = await client.query<{ columns: string[] }>(
    `select array_agg(attname::text order by attnum) as columns from pg_attribute
      where attrelid = to_regclass($1) and attnum > 0`,
    [viewOf(projection)],
  );
  // A view that is replaced keeps its columns; one that is made anew is another one to statements that were prepared.
  if (String(rows[0]?.columns) !== String(columnsOf(projection)))
    await client.query(`drop view if exists ${viewOf(projection)}`);
  await client.query(createView(projection, version));
  await client.query('update ledger.checkpoints set live = false, paused = false where projection = $1 and live', [
    name,
  ]);
  await client.query('update ledger.checkpoints set live = true, paused = $3 where projection = $1 and version = $2', [
    name,
    version,
    paused,
  ]);
  await client.query(`select pg_notify('${CONTROLLED}', $1)`, [name]);
}
