import { setTimeout as pause } from 'node:timers/promises';
import type { Bell } from '../bell.js';
import type { StoredEvent } from '../event-store.js';
import type { Position } from '../position.js';
import type { LogTail } from './log-tail.js';

/**
 * Pages of the log from `after` on, until `ended`: looks when the bell rings, and in any case every `pollMs`, as after a
 * look that failed.
 */
export async function* followLog(
  tail: LogTail,
  bell: Bell,
  after: Position,
  ended: AbortSignal,
  pollMs: number,
): AsyncGenerator<StoredEvent[], void, undefined> {
  while (!ended.aborted) {
    const ticket = bell.ticket();
    const page = await tail.after(after).catch(() => undefined);
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
