import { rpcErrors, type Endpoint, type RpcError } from './rpc-error.js';

/** What can be told to misbehave; `append` is both ways of appending. */
export type Operation = 'append' | 'delete' | ReadOperation;
/** `searchAll` is a read of `$all` with a filter; where none of those is planned, it is as any other. */
export type ReadOperation = 'readStream' | 'readAll' | 'searchAll' | 'subscribe';

/** How a node refuses what it will not even begin. */
export type Refusal = 'not-ready' | 'busy' | 'no-leader-info' | 'not-leader';

/** What becomes of a write: whether it is carried out, and what is done instead of answering. */
const writeFaults = {
  'cut-before': { writes: false, then: 'cut' },
  'cut-after': { writes: true, then: 'cut' },
  'silence-before': { writes: false, then: 'silence' },
  'silence-after': { writes: true, then: 'silence' },
  'timeout-before': { writes: false, then: 'timeout' },
  'timeout-after': { writes: true, then: 'timeout' },
  'unexpected-answer': { writes: true, then: 'unexpected' },
  'not-ready': { writes: false, then: 'not-ready' },
  busy: { writes: false, then: 'busy' },
  'no-leader-info': { writes: false, then: 'no-leader-info' },
  'not-leader': { writes: false, then: 'not-leader' },
} as const;

export type WriteFault = keyof typeof writeFaults;
export type Misanswer = (typeof writeFaults)[WriteFault]['then'];
export type ReadFault = 'cut' | 'silence' | Refusal;

interface Times {
  /** How many calls of the kind still go well; 0 when not given. */
  readonly skip?: number;
  /** How many misbehave after those; 1 when not given. */
  readonly times?: number;
  /** Where `not-leader` sends the client; to the node that leads when not given. */
  readonly leader?: Endpoint;
}

/**
 * `cut` drops the connection, `silence` never answers, `timeout` answers that the write timed out: each before or
 * after it was written. `unexpected-answer` writes, and answers something nobody asked for.
 */
export interface WriteMisbehaviour extends Times {
  readonly on: 'append' | 'delete';
  readonly fault: WriteFault;
}

export interface ReadMisbehaviour extends Times {
  readonly on: ReadOperation;
  readonly fault: ReadFault;
  /** How many events are sent before the `cut` or the `silence`; 0 when not given. */
  readonly afterEvents?: number;
}

/** A misbehaviour to come. */
export type Misbehaviour = WriteMisbehaviour | ReadMisbehaviour;

type Planned = Misbehaviour & { left: number; passing: number };

/** The misbehaviours to come, in the order asked for. */
export class Faults {
  readonly #planned: Planned[] = [];

  next(misbehaviour: Misbehaviour): void {
    this.#planned.push({ ...misbehaviour, left: misbehaviour.times ?? 1, passing: misbehaviour.skip ?? 0 });
  }

  clear(): void {
    this.#planned.length = 0;
  }

  ofWrite(on: 'append' | 'delete') {
    const misbehaviour = this.#take(on) as WriteMisbehaviour | undefined;
    return misbehaviour && { ...misbehaviour, ...writeFaults[misbehaviour.fault] };
  }

  ofRead(on: ReadOperation): ReadMisbehaviour | undefined {
    return this.#take(on) as ReadMisbehaviour | undefined;
  }

  #take(on: Operation): Misbehaviour | undefined {
    const index = this.#planned.findIndex((planned) => planned.on === on);
    const planned = this.#planned[index];
    if (!planned) return undefined;
    if (planned.passing > 0) return void planned.passing--;
    if (--planned.left === 0) this.#planned.splice(index, 1);
    return planned;
  }
}

/** A refusal as an error; without a leader to name there is no endpoint to give. */
export function refusalError(refusal: Refusal, leader: Endpoint | undefined): RpcError {
  if (refusal === 'not-ready') return rpcErrors.notReady();
  if (refusal === 'busy') return rpcErrors.busy();
  return refusal === 'not-leader' && leader ? rpcErrors.notLeader(leader) : rpcErrors.noLeaderInfo();
}

/** Frozen, everything is accepted and nothing is answered; what was accepted is carried out after the thaw. */
export class Gate {
  #opened: Promise<void> | undefined;
  #open: () => void = () => undefined;

  close(): void {
    this.#opened ??= new Promise((resolve) => (this.#open = resolve));
  }

  open(): void {
    this.#open();
    this.#opened = undefined;
  }

  /** Undefined when open: nothing is put off that need not be. */
  get opened(): Promise<void> | undefined {
    return this.#opened;
  }
}

/** How long a disk takes for writes, until it is told otherwise no time: for each after the one before, or for all at once. */
export class Disk {
  #ms = 0;
  #oneByOne = true;
  #freeAt = 0;

  takes(ms: number, oneByOne: boolean): void {
    [this.#ms, this.#oneByOne] = [ms, oneByOne];
  }

  /** Undefined for who need not wait. */
  get turn(): Promise<void> | undefined {
    if (this.#ms === 0) return undefined;
    const now = performance.now();
    this.#freeAt = (this.#oneByOne ? Math.max(now, this.#freeAt) : now) + this.#ms;
    return new Promise((resolve) => setTimeout(resolve, this.#freeAt - now).unref());
  }
}

/** Never settles: the call stays open until the client gives up or the connection goes. */
export const silence = (): Promise<never> => new Promise<never>(() => undefined);
