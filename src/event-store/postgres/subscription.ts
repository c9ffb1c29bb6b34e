import { setTimeout as pause } from 'node:timers/promises';
import type { WakeSignal } from '../wake-signal.js';
import type { StoredEvent } from '../event-store.js';
import type { Position } from '../position.js';
import type { LogTail } from './log-tail.js';

/**
 * Pages of the log from `after` on, until `ended`: looks when the wake signal is notified, and in any case every `pollMs`, as after a
 * look that failed.
 */
export async function* followLog(
  tail: LogTail,
  wakeSignal: WakeSignal,
  after: Position,
  ended: AbortSignal,
  pollMs: number,
): AsyncGenerator<StoredEvent[], void, undefined> {
  while (!ended.aborted) {
    const since = wakeSignal.version();
    const page = await tail.after(after).catch(() => undefined);
    if (ended.aborted) return;
    if (page === undefined) {
      await pause(pollMs, undefined, { signal: ended }).catch(() => undefined);
    } else if (page.length === 0) {
      await wakeSignal.wait(since, pollMs, ended);
    } else {
      after = page.at(-1)!.position;
      yield page;
    }
  }
}
