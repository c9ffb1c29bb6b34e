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

/**
 * The end of the log as this process last read it: followers that stand near each other share what was read and decoded.
 * Whoever is elsewhere reads for itself. Holds at most `most` characters of payload besides the newest page.
 */
export class LogTail {
  private held: HeldPage[] = [];
  private readonly reading = new Map<Position, Promise<StoredEvent[]>>();

  constructor(
    private readonly read: (after: Position) => Promise<LogPage>,
    private readonly most: number,
  ) {}

  /** A page of what comes after a position; empty at the head. Its events are shared: nobody changes them. */
  after(position: Position): Promise<StoredEvent[]> {
    const page = this.held.find(({ after, last }) => after <= position && position < last);
    if (page) return Promise.resolve(page.events.filter((event) => event.position > position));
    const reading = this.reading.get(position) ?? this.readOn(position);
    this.reading.set(position, reading);
    return reading.finally(() => this.reading.delete(position));
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
    while (this.held.length > 1 && (size > this.most || this.held.length > MOST_PAGES)) size -= this.held.shift()!.size;
  }
}

/** A page may be as small as one event: what is searched has a bound, too. */
const MOST_PAGES = 64;
