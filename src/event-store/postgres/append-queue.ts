import { Lanes } from '../../lanes.js';
import { StoreError } from '../../errors.js';
import type { QueuedAppend } from './queued-append.js';

export interface QueueLimits {
  /** Appends that may wait, and their bytes; beyond either a new one is refused as overloaded. */
  readonly queueLength: number;
  readonly queueBytes: number;
  /** One call carries at most so many appends, and bytes (one append alone may be larger). */
  readonly batchLength: number;
  readonly batchBytes: number;
}

/** How far past clashing appends a batch is looked for: bounds the work of a storm on one stream. */
const LOOK_AHEAD = 4_096;

/** Under whom an append waits. */
const nameOf = ({ append }: QueuedAppend): string => append.by ?? '';

/**
 * Where appends gather while a call is in flight. Those who ask for them take turns, and each one's own stay in arrival order.
 * A batch writes a stream at most once, and never both writes a stream and judges another append by it: its outcomes depend
 * on nothing but the store.
 */
export class AppendQueue {
  private readonly waiting = new Lanes<QueuedAppend>();
  private bytes = 0;

  constructor(private readonly limits: QueueLimits) {}

  get length(): number {
    return this.waiting.size;
  }

  /** Where there is no room, the newest of whoever has most waiting makes some. @throws StoreError `overloaded` where that is this one */
  put(append: QueuedAppend): void {
    while (this.isFullFor(append)) {
      const displaced = this.waiting.displaceFor(nameOf(append), this.weightOf(append));
      if (displaced === undefined) throw this.overloaded();
      this.bytes -= displaced.bytes;
      displaced.resolve(this.overloaded());
    }
    this.waiting.put(nameOf(append), append, this.weightOf(append));
    this.bytes += append.bytes;
  }

  /** The next batch; empty only when nothing waits. */
  take(): QueuedAppend[] {
    const batch: QueuedAppend[] = [];
    const passed: QueuedAppend[] = [];
    const clashes = new Clashes();
    let bytes = 0;
    for (let seen = 0; seen < LOOK_AHEAD && batch.length < this.limits.batchLength; seen++) {
      const append = this.waiting.next();
      if (append === undefined) break;
      const full = batch.length > 0 && bytes + append.bytes > this.limits.batchBytes;
      if (full || clashes.with(append)) passed.push(append);
      else {
        batch.push(append);
        bytes += append.bytes;
      }
      if (full) break;
    }
    for (const append of passed.reverse()) this.waiting.putBack(nameOf(append), append, this.weightOf(append));
    this.bytes -= bytes;
    return batch;
  }

  /** Everything that waits, in order; the queue is empty afterwards. */
  drain(): QueuedAppend[] {
    const all = Array.from({ length: this.length }, () => this.waiting.next()!);
    this.bytes = 0;
    return all;
  }

  private isFullFor({ bytes }: QueuedAppend): boolean {
    return this.length >= this.limits.queueLength || this.bytes + bytes > this.limits.queueBytes;
  }

  /** What it takes of the queue's room. */
  private weightOf({ bytes }: QueuedAppend): number {
    return 1 / this.limits.queueLength + bytes / this.limits.queueBytes;
  }

  private overloaded(): StoreError {
    return new StoreError('overloaded', `${this.length} appends (${this.bytes} bytes) are waiting already`);
  }
}

class Clashes {
  private readonly written = new Set<string>();
  private readonly judged = new Set<string>();
  /** Streams of appends that were passed over: whoever comes later must not overtake them. */
  private readonly passed = new Set<string>();

  with({ stream, guardStream, events }: QueuedAppend): boolean {
    const writes = events.length > 0;
    const clash =
      this.written.has(stream) ||
      this.passed.has(stream) ||
      (writes && this.judged.has(stream)) ||
      (guardStream !== null && (this.written.has(guardStream) || this.passed.has(guardStream)));
    if (clash) this.passed.add(stream);
    else (writes ? this.written : this.judged).add(stream);
    if (guardStream !== null) (clash ? this.passed : this.judged).add(guardStream);
    return clash;
  }
}
