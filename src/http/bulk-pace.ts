/** How many reports of a body are begun together before anything is known of the store: so few that the slowest takes them. */
const FIRST = 1;
const MOST = 4_096;
/** How long a slice should take, in milliseconds: long beside the moment between two, in which the store waits. */
const GOOD_MS = 1_000;
/** One that took longer comes near the time-outs of the stores, of which the shortest is 4 s: twice as many may take twice as long. */
const LONG_MS = 2_000;
/** How much larger a slice can be than the one before. */
const MOST_GROWTH = 16;
/** By how much more is written in the same time where a larger slice has paid; then the next is so much larger. */
const PAYS = { from: 1.25, growth: 2 };
/** For how long a body is worked off, in milliseconds: beyond it a caller, or a proxy before the ledger, would hang up. */
const LIMIT_MS = 30_000;
/** How long what the store took lately is believed, in milliseconds. */
const MEMORY_MS = 10_000;

/**
 * How many reports of a large body are begun together, matched to what the store takes: a slice that is too large for a slow
 * store outlives the store's time-outs, is tried again while it is still under way, and so makes the store slower yet.
 * A store that writes so many a second is given what it writes in one; one that takes as long for one as for many
 * (a slow disk) is given more for as long as that pays. One for the process: all bodies meet the same store.
 */
export class BulkPace {
  private size = FIRST;
  private last = { reports: 0, perMs: 0 };
  private lastUsed = -Infinity;

  /** `now`: a monotonic clock, in milliseconds. */
  constructor(
    readonly now = (): number => performance.now(),
    readonly limitMs = LIMIT_MS,
  ) {}

  /** How many reports the next slice may have. */
  get next(): number {
    if (this.now() - this.lastUsed > MEMORY_MS) this.beginAnew();
    this.lastUsed = this.now();
    return this.size;
  }

  /** A slice was decided in so many milliseconds. What wrote nothing says nothing of how much the store writes. */
  took(ms: number, written: number): void {
    this.lastUsed = this.now();
    if (ms > LONG_MS) this.size = Math.max(1, Math.floor(this.size / 2));
    if (ms > LONG_MS || written < this.size / 2) return;
    const perMs = written / Math.max(ms, 1);
    const paid = written > this.last.reports && perMs > PAYS.from * this.last.perMs;
    this.last = { reports: written, perMs };
    const growth = Math.min(Math.max(GOOD_MS / ms, paid ? PAYS.growth : 1), MOST_GROWTH);
    this.size = Math.min(MOST, Math.floor(this.size * growth));
  }

  /** The store did not take a slice: whoever comes next begins anew. */
  beginAnew(): void {
    this.size = FIRST;
    this.last = { reports: 0, perMs: 0 };
  }
}
