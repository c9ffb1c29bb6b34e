import type { LogPage, StoredEvent } from '../event-store.js';
import type { Position } from '../position.js';

interface HeldPage extends LogPage {
  readonly after: Position;
  readonly last: Position;
}

/** Bounds of what is held, and of what is given at once. */
export interface TailLimits {
  /** Events that are given at once. */
  readonly events: number;
  /** Characters of payload: given at once but for one event, and held but for the newest page. */
  readonly size: number;
}

/**
 * The end of the log as this process last read it: followers that stand near each other share what was read and decoded.
 * Whoever is elsewhere reads for itself.
 */
export class LogTail {
  private held: HeldPage[] = [];
  /** Of all that is held. */
  private size = 0;
  private readonly reading = new Map<Position, Promise<StoredEvent[]>>();

  constructor(
    private readonly read: (after: Position) => Promise<LogPage>,
    private readonly limits: TailLimits,
  ) {}

  /** A page of what comes after a position; empty at the head. Its events are shared: nobody changes them. */
  after(position: Position): Promise<StoredEvent[]> {
    const first = this.holding(position);
    if (first >= 0) return Promise.resolve(this.joined(first, position));
    const reading = this.reading.get(position) ?? this.readOn(position);
    this.reading.set(position, reading);
    return reading.finally(() => this.reading.delete(position));
  }

  /** Pages that were read by others in small pieces are one to whoever comes later. */
  private joined(first: number, position: Position): StoredEvent[] {
    const events = this.held[first]!.events.filter((event) => event.position > position);
    let { size } = this.held[first]!;
    for (const page of this.held.slice(first + 1)) {
      size += page.size;
      if (size > this.limits.size || events.length + page.events.length > this.limits.events) break;
      events.push(...page.events);
    }
    return events;
  }

  /**
   * What this process wrote behind a position: goes on where the tail ends, or is read when somebody comes to it. The page is
   * made only where it is held: who follows nothing, or only others, would make all of them in vain.
   */
  written(after: Position, make: () => LogPage | undefined): void {
    if (after !== this.held.at(-1)?.last) return;
    const page = make();
    if (page && page.size <= this.limits.size) this.hold({ ...page, after, last: page.events.at(-1)!.position });
  }

  /** After a lost connection nothing that was read or written before is to be trusted: the next may be to another server. */
  forget(): void {
    [this.held, this.size] = [[], 0];
  }

  /** The one event after a position, if it is held. */
  next(position: Position): StoredEvent | undefined {
    return this.held[this.holding(position)]?.events.find((event) => event.position > position);
  }

  private async readOn(after: Position): Promise<StoredEvent[]> {
    const page = await this.read(after);
    const last = page.events.at(-1)?.position;
    if (last !== undefined) this.hold({ ...page, after, last });
    return [...page.events];
  }

  private hold(page: HeldPage): void {
    const end = this.held.at(-1)?.last;
    // A reader that is behind has its page to itself; one that is ahead begins the tail anew, for the others come there.
    if (end !== undefined && page.after < end) return;
    if (end !== page.after) this.forget();
    this.held.push(page);
    this.size += page.size;
    while (this.held.length > 1 && (this.size > this.limits.size || this.held.length > MOST_PAGES))
      this.size -= this.held.shift()!.size;
  }

  /** Which of the pages holds what comes after a position; followers stand near the end. */
  private holding(position: Position): number {
    return this.held.findLastIndex(({ after, last }) => after <= position && position < last);
  }
}

/** A page may be as small as one event: what is searched has a bound, too. */
const MOST_PAGES = 64;
