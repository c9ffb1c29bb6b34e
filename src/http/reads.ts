import type { FastifyReply, FastifyRequest } from 'fastify';
import { headSoFar, lagOf } from '../application/reading/lag.js';
import { Problem } from '../contract/problem.js';
import type { LogReads } from '../event-store/event-store.js';
import type { Position } from '../event-store/position.js';
import type { Checkpoint } from '../projection-tables/checkpoint.js';
import type { ReadModel } from '../read-model/read-model.js';

const DEFAULT_WAIT_MS = 5_000;

/** Aborts when the caller hangs up, so that nobody waits for nobody. */
export function goneSignal(request: FastifyRequest, reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  if (request.raw.destroyed && !request.raw.complete) gone.abort();
  return gone.signal;
}

/**
 * The log must have been there. What this process knows of it answers for all who wait at its end: a question of each would
 * be too many for the readers' queue where a thousand wait.
 * @throws Problem 409 where the position is beyond the head
 */
export async function expectReached(store: LogReads, position: Position): Promise<void> {
  const head = await headSoFar(store, position);
  if (position > head)
    throw Problem.of('position_ahead', `position ${position} is beyond the head of the log, ${head}`);
}

/** Holds a read of projected data until the projection has passed the position it asks for (docs/http-api.md, Freshness). */
export async function untilProjected(
  readModel: ReadModel,
  store: LogReads,
  { wait_for, wait_ms }: { wait_for?: bigint | undefined; wait_ms?: number | undefined },
  projection?: string,
): Promise<void> {
  if (wait_for === undefined) return;
  await expectReached(store, wait_for);
  if (await readModel.waitFor(wait_for, wait_ms ?? DEFAULT_WAIT_MS, projection)) return;
  throw Problem.of('not_yet_projected', `the projection has not passed position ${wait_for} yet; ask again`);
}

/** Projected data with how fresh it is; the log is asked at the same time. */
export async function withAsOf<Found extends { readonly checkpoint: Checkpoint }>(
  { store, clock }: { readonly store: LogReads; readonly clock: () => number },
  read: Promise<Found>,
) {
  const [found, head] = await Promise.all([read, headSoFar(store)]);
  const { position, at } = found.checkpoint;
  return {
    ...found,
    as_of: { position: String(position), at, ...(await lagOf(store, found.checkpoint, clock(), head)) },
  };
}
