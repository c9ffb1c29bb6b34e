import { StoreError } from '../event-store.js';
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

/**
 * Where appends gather while a call is in flight. A batch is in arrival order, writes a stream at most once, and never
 * both writes a stream and judges another append by it: its outcomes depend on nothing but the store.
 */
export class AppendQueue {
  private waiting: QueuedAppend[] = [];
  private bytes = 0;

  constructor(private readonly limits: QueueLimits) {}

  get length(): number {
    return this.waiting.length;
  }

  /** @throws StoreError `overloaded` */
  put(append: QueuedAppend): void {
    if (this.waiting.length >= this.limits.queueLength || this.bytes + append.bytes > this.limits.queueBytes) {
      throw new StoreError('overloaded', `${this.waiting.length} appends (${this.bytes} bytes) are waiting already`);
    }
    this.waiting.push(append);
    this.bytes += append.bytes;
  }

  /** The next batch; empty only when nothing waits. */
  take(): QueuedAppend[] {
    const batch: QueuedAppend[] = [];
    const passed: QueuedAppend[] = [];
    const clashes = new Clashes();
    let bytes = 0;
    let seen = 0;
    for (const append of this.waiting) {
      const full = batch.length > 0 && bytes + append.bytes > this.limits.batchBytes;
      if (full || batch.length >= this.limits.batchLength || seen >= LOOK_AHEAD) break;
      seen++;
      if (clashes.with(append)) {
        passed.push(append);
      } else {
        batch.push(append);
        bytes += append.bytes;
      }
    }
    this.waiting = passed.length === 0 ? this.waiting.slice(seen) : passed.concat(this.waiting.slice(seen));
    this.bytes -= bytes;
    return batch;
  }

  /** Everything that waits, in order; the queue is empty afterwards. */
  drain(): QueuedAppend[] {
    const all = this.waiting;
    this.waiting = [];
    this.bytes = 0;
    return all;
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
