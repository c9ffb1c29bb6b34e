import { rankOf, withoutPayload, type Report } from './report.js';

/** Sends one report. `true`: it was answered; `false`: it stays, and those behind it; what is thrown ends the delivery. */
export type Send = (report: Report) => Promise<boolean>;

/** Keeps reports until they are answered. */
export interface Outbox {
  /** Keeps a report. Where there is no room it gives up lesser ones, or this one, and says so. */
  put(report: Report): Promise<void>;
  /**
   * Sends what is kept: of one execution one after the other, of several at once. It ends when nothing is left that can be
   * sent, and is done by one caller at a time: a second one gets the same promise.
   */
  deliver(send: Send): Promise<void>;
  /** How many reports are kept. */
  readonly size: number;
  /** How many reports were given up for want of room. */
  readonly dropped: number;
  /** Lets go of what the outbox holds open. What is kept stays. */
  close(): Promise<void>;
}

/** What an outbox may hold, and who is told what it gave up. */
export interface OutboxOptions {
  /** The most that is kept, in characters of JSON; 16 Mi where unset. */
  readonly limit?: number | undefined;
  /** Is told of each report that was given up. */
  readonly onDrop?: ((report: Report) => void) | undefined;
}

interface QueuedReport {
  readonly report: Report;
  readonly rank: number;
  readonly length: number;
}

const LIMIT = 16 * 1024 * 1024;
const lengthOf = (report: Report): number => JSON.stringify(report).length;
/** How many executions are reported about at once. */
const AT_ONCE = 8;

/** An outbox in memory: what it keeps ends with the process. */
export class MemoryOutbox implements Outbox {
  private readonly kept = new Map<string, QueuedReport>();
  /** The executions whose first report is being sent, or has to stay. */
  private readonly held = new Set<string>();
  private readonly sending = new Set<string>();
  protected length = 0;
  private delivery: Promise<void> | undefined;
  dropped = 0;

  constructor(protected readonly options: OutboxOptions = {}) {}

  get size(): number {
    return this.kept.size;
  }

  put(report: Report): Promise<void> {
    this.keep(report);
    return Promise.resolve();
  }

  deliver(send: Send): Promise<void> {
    if (this.size === 0) return Promise.resolve();
    this.delivery ??= this.deliverAll(send).finally(() => (this.delivery = undefined));
    return this.delivery;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Takes a report in, once, and makes room for it. */
  protected keep(report: Report): void {
    if (this.kept.has(report.id)) return;
    const limit = this.options.limit ?? LIMIT;
    let one = { report, rank: rankOf(report), length: lengthOf(report) };
    // One that fills the outbox alone would have all others given up: it goes without its payload.
    const rest = one.length > limit ? withoutPayload(report) : undefined;
    if (rest) one = { report: rest, rank: one.rank, length: lengthOf(rest) };
    if (one.length > limit) return this.drop(report);
    this.kept.set(report.id, one);
    this.length += one.length;
    while (this.length > limit) if (!this.giveUpOne()) return;
  }

  /** Lets go of a report that was answered or given up. */
  protected remove(report: Report): void {
    this.length -= this.kept.get(report.id)?.length ?? 0;
    this.kept.delete(report.id);
  }

  protected get reports(): Report[] {
    return Array.from(this.kept.values(), ({ report }) => report);
  }

  /** The oldest of the least: what is on its way is not taken back. */
  private giveUpOne(): boolean {
    let least: QueuedReport | undefined;
    for (const one of this.kept.values())
      if (!this.sending.has(one.report.id) && one.rank < (least?.rank ?? Infinity)) least = one;
    if (!least) return false;
    this.remove(least.report);
    this.drop(least.report);
    return true;
  }

  private drop(report: Report): void {
    this.dropped++;
    this.options.onDrop?.(report);
  }

  private async deliverAll(send: Send): Promise<void> {
    const underWay = new Set<Promise<void>>();
    let failure: { readonly error: unknown } | undefined;
    const begin = (report: Report): void => {
      const one = this.deliverOne(report, send)
        .catch((error: unknown) => void (failure ??= { error }))
        .finally(() => underWay.delete(one));
      underWay.add(one);
    };
    for (;;) {
      while (underWay.size < AT_ONCE && !failure) {
        const next = this.next();
        if (!next) break;
        begin(next);
      }
      if (underWay.size === 0) break;
      await Promise.race(underWay);
    }
    this.held.clear();
    if (failure) throw failure.error;
  }

  private async deliverOne(report: Report, send: Send): Promise<void> {
    this.held.add(report.execution);
    this.sending.add(report.id);
    try {
      if (!(await send(report))) return;
      this.remove(report);
      this.held.delete(report.execution);
    } finally {
      this.sending.delete(report.id);
    }
  }

  /** The oldest report of an execution that none is sent of. */
  private next(): Report | undefined {
    for (const { report } of this.kept.values()) if (!this.held.has(report.execution)) return report;
    return undefined;
  }
}
