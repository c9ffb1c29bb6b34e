import { callerName } from '../caller.js';
import { lookingTurn, ownTurn } from '../event-loop.js';
import { Lanes } from '../lanes.js';
import { StoreError } from '../errors.js';

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

/** Who waits for a turn. */
interface QueuedRead {
  readonly goOn: () => void;
  readonly refuse: (error: StoreError) => void;
}

/**
 * Lets reads through a few at a time: the names of those who ask take turns, and what is asked in one name goes in its order.
 * Where too many wait, the newest of whoever has most waiting makes room. The drivers' own queues have no end and know no
 * names, and tell whoever waited too long in them that the store cannot be reached.
 */
export function createReadQueue({ atOnce, waiting, waitMs }: ReadLimits): ReadQueue {
  const lanes = new Lanes<QueuedRead>();
  let underWay = 0;

  /** @throws StoreError `overloaded` where nobody has more waiting */
  const makeRoomFor = (name: string): void => {
    const full = new StoreError('overloaded', `${waiting} reads are waiting already`);
    const displaced = lanes.displaceFor(name);
    if (displaced === undefined) throw full;
    displaced.refuse(full);
  };

  const turn = async (name: string): Promise<void> => {
    if (lanes.size >= waiting) makeRoomFor(name);
    let timer: NodeJS.Timeout | undefined;
    const come = new Promise<void>((goOn, refuse) => {
      const one: QueuedRead = { goOn, refuse };
      lanes.put(name, one);
      timer = setTimeout(() => {
        lanes.remove(name, one);
        refuse(new StoreError('overloaded', `a read waited ${waitMs} ms for its turn`));
      }, waitMs);
    });
    await come.finally(() => clearTimeout(timer));
  };

  return async (read) => {
    if (underWay >= atOnce) await turn(callerName());
    else underWay++;
    try {
      return await read();
    } finally {
      const next = lanes.next();
      if (next)
        next.goOn(); // and the place of this one is the next one's
      else underWay--;
    }
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
      return await queue(() => read().finally(lookingTurn));
    } catch (error) {
      if (error instanceof StoreError && error.kind === 'overloaded') await ownTurn();
      throw error;
    }
  };
}
