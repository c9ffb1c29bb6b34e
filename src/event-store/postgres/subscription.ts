import { setTimeout as pause } from 'node:timers/promises';
import type { Bell } from '../bell.js';
import type { StoredEvent } from '../event-store.js';
import type { Position } from '../position.js';
import { readAll, type Queryable } from './reader.js';

export interface SubscriptionOptions {
  readonly pageSize: number;
  /** How often to look without having been told, and after a failed look, ms. */
  readonly pollMs: number;
}

/** Pages of the log from `after` on, until `ended`: looks when the bell rings, and in any case every `pollMs`. */
export async function* followLog(
  from: Queryable,
  bell: Bell,
  after: Position,
  ended: AbortSignal,
  { pageSize, pollMs }: SubscriptionOptions,
): AsyncGenerator<StoredEvent[], void, undefined> {
  while (!ended.aborted) {
    const ticket = bell.ticket();
    const page = await readAll(from, after, pageSize).catch(() => undefined);
    if (ended.aborted) return;
    if (page === undefined) {
      await pause(pollMs, undefined, { signal: ended }).catch(() => undefined);
    } else if (page.length === 0) {
      await bell.rung(ticket, pollMs, ended);
    } else {
      after = page.at(-1)!.position;
      yield page;
    }
  }
}
