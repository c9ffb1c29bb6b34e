import PQueue from 'p-queue';
import { ownTurn } from '../event-loop.js';
import { StoreError } from './event-store.js';

/** Bounds of those who read through the same connections. */
export interface ReadLimits {
  /** Reads under way. */
  readonly atOnce: number;
  /** Reads that wait for one of these to end. */
  readonly waiting: number;
  /** How long each waits at most, in milliseconds. */
  readonly waitMs: number;
}

/** Makes a read when it is its turn. @throws StoreError `overloaded` at once where too many wait, and when it waited too long */
export type ReadQueue = <T>(read: () => Promise<T>) => Promise<T>;

/**
 * Lets reads through a few at a time, in the order in which they come. The drivers' own queues have no end, and tell whoever
 * waited too long in them that the store cannot be reached.
 */
export function createReadQueue({ atOnce, waiting, waitMs }: ReadLimits): ReadQueue {
  const queue = new PQueue({ concurrency: atOnce });
  return async (read) => {
    if (queue.size >= waiting) throw new StoreError('overloaded', `${waiting} reads are waiting already`);
    const late = new AbortController();
    const waited = (): void => late.abort(new StoreError('overloaded', `a read waited ${waitMs} ms for its turn`));
    const timer = setTimeout(waited, waitMs);
    const begin = () => {
      clearTimeout(timer);
      return read();
    };
    return queue.add(begin, { signal: late.signal });
  };
}

/**
 * As {@link createReadQueue}, for those who only look: one of them gets its answer in a turn of the event loop, whether it
 * read or is refused. What is made of it takes milliseconds, which all who write would wait for as often as there are answers.
 */
export function createReadersQueue(limits: ReadLimits): ReadQueue {
  const queue = createReadQueue(limits);
  return async (read) => {
    try {
      return await queue(() => read().finally(ownTurn));
    } catch (error) {
      if (error instanceof StoreError && error.kind === 'overloaded') await ownTurn();
      throw error;
    }
  };
}
