import type { Instant } from '../domain/events.js';

/**
 * How far ahead of the store's clock the last stamp of a log is followed, in milliseconds (docs/semantics.md, Clocks). A clock
 * that jumped once would otherwise pin every later stamp to its jump.
 */
export const STAMP_AHEAD_MS = 5 * 60_000;

/** The stamp of an append: the store's moment, or the last stamp where that is a little later. */
export function stampAfter(last: Instant | undefined, now: Instant): { at: Instant; aheadMs: number } {
  if (last === undefined) return { at: now, aheadMs: 0 };
  const aheadMs = Date.parse(last) - Date.parse(now);
  if (aheadMs > STAMP_AHEAD_MS) return { at: now, aheadMs };
  return { at: aheadMs > 0 ? last : now, aheadMs: 0 };
}

/** A stamp that was not followed, for it was too far ahead: by how much, and when that was found, by the store's clock. */
export interface StampAhead {
  readonly aheadMs: number;
  readonly foundAt: number;
}

/**
 * The clock that events are stamped with, as far as this process can tell: its own, put right by what the store says with each
 * answer. What is compared with a stamp is read off this clock, or a process whose own is an hour ahead would time out and
 * take over what has just reported.
 */
export class StoreClock {
  private offset = 0;
  private found: StampAhead | undefined;
  private readonly listeners = new Set<(ahead: StampAhead) => void>();

  constructor(
    /** This machine's clock, in milliseconds since 1970. */
    readonly own: () => number,
  ) {}

  /** Milliseconds since 1970. */
  now(): number {
    return this.own() + this.offset;
  }

  /** How far the store's clock is ahead of this machine's, in milliseconds. */
  get offsetMs(): number {
    return this.offset;
  }

  /** The last stamp that was not followed. */
  get stampAhead(): StampAhead | undefined {
    return this.found;
  }

  /**
   * The store's clock stood at `at` somewhere between the question, sent when this machine's clock stood at `sent`, and now.
   * What that leaves open stays as it is known: answers that took long make it no worse.
   */
  learn(at: number, sent: number): void {
    const [least, most] = [at - this.own(), at - sent];
    if (most < least) return; // this machine's clock was set in between
    this.offset = Math.round(Math.min(Math.max(this.offset, least), most));
  }

  /** The last event's stamp was so far ahead of the store's clock that it was not followed. */
  notFollowed(aheadMs: number): void {
    this.found = { aheadMs, foundAt: this.now() };
    for (const tell of this.listeners) tell(this.found);
  }

  /** Called whenever a stamp is not followed. */
  onStampAhead(listener: (ahead: StampAhead) => void): void {
    this.listeners.add(listener);
  }
}
