import type { FastifyInstance } from 'fastify';
import { inNameOf } from '../caller.js';
import { Lanes } from '../lanes.js';
import { onlyLooks, type WithActor } from './access.js';

/**
 * How many requests begin to be handled in one turn of the event loop: few while several names ask, so that each soon has its
 * turn; more while one asks alone, for what begins together is appended together (at 64 connections 24 reports in a batch
 * where a limit of 4 gave 12, and half as many again in a second).
 */
const PER_TURN = { amongOthers: 4, alone: 64 };
/** How long a name counts as one among others after another has asked, in milliseconds. */
const MEMORY_MS = 1_000;

/**
 * Lets requests begin a few in a turn of the event loop, the names of callers by turns. Each takes part of a millisecond before
 * it first waits: where all that have come begin in the same turn, whoever comes next waits for the whole, and again at
 * every step that needs a turn.
 */
export class Starts {
  private readonly waiting = new Lanes<() => void>();
  private begun = 0;
  private turning = false;
  private lastName: string | undefined;
  /** When the name that asked changed last. */
  private changed = -Infinity;

  /** `now`: a monotonic clock, in milliseconds. */
  constructor(private readonly now = (): number => performance.now()) {}

  /** Begins now, or in a later turn. */
  begin(name: string, handle: () => void): void {
    if (name !== this.lastName) this.changed = this.now();
    this.lastName = name;
    this.waiting.put(name, handle);
    if (!this.turning) setImmediate(this.turn);
    this.turning = true;
    this.some();
  }

  private readonly turn = (): void => {
    this.turning = this.begun > 0;
    this.begun = 0;
    if (this.turning) setImmediate(this.turn);
    this.some();
  };

  private some(): void {
    const alone = this.now() - this.changed > MEMORY_MS;
    const most = alone ? PER_TURN.alone : PER_TURN.amongOthers;
    while (this.begun < most && this.waiting.size > 0) {
      this.begun++;
      this.waiting.next()!();
    }
  }
}

/** Has requests handled in the name of their caller: the callers by turns, and of each those that only look and the others. */
export function registerStarts(fastify: FastifyInstance): void {
  const starts = new Starts();
  // Not before the body is there: it arrives in nobody's name.
  fastify.addHook('preHandler', (request: WithActor, _reply, handle) => {
    const { actor } = request;
    if (actor === undefined) return handle();
    const lane = onlyLooks(request) ? `${actor}, looking` : actor;
    starts.begin(lane, () => inNameOf(actor, handle));
  });
}
