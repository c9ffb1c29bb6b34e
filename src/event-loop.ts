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

/** Beside decisions one turn of so many is for those who only look. */
const TURNS_OF_A_LOOK = 8;
let decisions = 0;
let lastLook: Promise<unknown> = Promise.resolve();

/** Has those who only look make room for a decision until it is made. */
export async function deciding<T>(decision: Promise<T>): Promise<T> {
  decisions++;
  try {
    return await decision;
  } finally {
    decisions--;
  }
}

/** A turn for one who only looks. A decision takes several turns, and would meet one of these in each. */
export function lookingTurn(): Promise<unknown> {
  return (lastLook = lastLook.then(async () => {
    for (let turn = 1; turn < TURNS_OF_A_LOOK && decisions > 0; turn++) await nextTurn();
    await ownTurn();
  }));
}

/** How much JSON is read or written in one turn, in characters. */
const TEXT_PER_TURN = 256 * 1024;

/** Work of many pieces that leaves others their turns. */
export class Pace {
  private done = 0;

  /** Before so many characters more: what is large has a turn of its own. */
  async before(characters: number): Promise<void> {
    if (characters >= TEXT_PER_TURN) this.done = TEXT_PER_TURN;
    await this.after(characters);
  }

  /** After so many characters more: waits for a turn of its own where enough is done in this one. */
  async after(characters: number): Promise<void> {
    this.done += characters;
    if (this.done < TEXT_PER_TURN) return;
    this.done = 0;
    await ownTurn();
  }
}

/** How long work may take in one turn, in milliseconds. */
const MS_PER_TURN = 10;

/** Work of pieces of which nobody knows beforehand how long they take. */
export class Stint {
  private since = performance.now();

  /** Whether it has had its time in this turn. */
  get isOver(): boolean {
    return performance.now() - this.since > MS_PER_TURN;
  }

  /** Goes on in a turn of its own. */
  async next(): Promise<void> {
    await ownTurn();
    this.since = performance.now();
  }
}
