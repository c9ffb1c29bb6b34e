import type { StoredEvent } from '../event-store.js';
import type { Position } from '../position.js';

/** A page of the log, with the size of its payloads in characters. */
export interface LogPage {
  readonly events: readonly StoredEvent[];
  readonly size: number;
}

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
  private readonly reading = new Map<Position, Promise<StoredEvent[]>>();

  constructor(
    private readonly read: (after: Position) => Promise<LogPage>,
    private readonly limits: TailLimits,
  ) {}

  /** A page of what comes after a position; empty at the head. Its events are shared: nobody changes them. */
  after(position: Position): Promise<StoredEvent[]> {
    const first = this.held.findIndex(({ after, last }) => after <= position && position < last);
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
    this.held = end === page.after ? [...this.held, page] : [page];
    let size = this.held.reduce((sum, one) => sum + one.size, 0);
    while (this.held.length > 1 && (size > this.limits.size || this.held.length > MOST_PAGES))
      size -= this.held.shift()!.size;
  }
}

/** A page may be as small as one event: what is searched has a bound, too. */
const MOST_PAGES = 64;
