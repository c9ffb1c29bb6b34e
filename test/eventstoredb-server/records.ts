import type { LogRecord } from './log.js';

/** Records of one length that stand one after another, each made when somebody looks at it: a million cost as one. */
export interface Run {
  readonly count: number;
  /** Bytes of one of them. */
  readonly size: bigint;
  record(offset: number, position: bigint): LogRecord;
}

interface Part {
  readonly index: number;
  readonly position: bigint;
  readonly run: Run;
}

/** Records in order, found by their number and by where they begin. */
export class Records {
  readonly #parts: Part[] = [];
  #size = 0;
  #end = 0n;

  /** How many there are. */
  get size(): number {
    return this.#size;
  }

  /** Where the next will begin. */
  get end(): bigint {
    return this.#end;
  }

  push(record: LogRecord): void {
    this.pushRun({ count: 1, size: record.end - record.position, record: () => record });
  }

  pushRun(run: Run): void {
    this.#parts.push({ index: this.#size, position: this.#end, run });
    this.#size += run.count;
    this.#end += BigInt(run.count) * run.size;
  }

  at(index: number): LogRecord | undefined {
    if (index < 0 || index >= this.#size) return undefined;
    const { index: first, position, run } = this.#lastOf((part) => part.index <= index)!;
    const offset = index - first;
    return run.record(offset, position + BigInt(offset) * run.size);
  }

  /** The number of the record that begins at a position; the end counts as a boundary too. */
  indexAt(position: bigint): number | undefined {
    if (position === this.#end) return this.#size;
    const part = position < 0n || position > this.#end ? undefined : this.#lastOf((one) => one.position <= position);
    if (!part) return undefined;
    const into = position - part.position;
    return into % part.run.size === 0n ? part.index + Number(into / part.run.size) : undefined;
  }

  /** The last part for which it holds, where it holds for all before it. */
  #lastOf(holds: (part: Part) => boolean): Part | undefined {
    let [low, high] = [0, this.#parts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (holds(this.#parts[middle]!)) low = middle + 1;
      else high = middle;
    }
    return this.#parts[low - 1];
  }
}
