import { setImmediate as nextTurn } from 'node:timers/promises';

/** How many bytes are read at once: what is more waits for a turn of its own. */
export const BYTES_PER_TURN = 32 * 1024;

/** For the whole process: what all requests share is its event loop. */
let last: Promise<unknown> = Promise.resolve();

/**
 * A turn of the event loop for a piece of work that takes milliseconds: whoever asks gets one, in the order of asking. Where
 * each waits for just the next turn, all of them work in the same one, and whatever else there is waits for the whole.
 */
export function ownTurn(): Promise<unknown> {
  return (last = last.then(() => nextTurn()));
}
