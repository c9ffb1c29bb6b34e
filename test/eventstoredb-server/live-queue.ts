import { PAGE } from './filter.js';
import type { StoredEvent } from './log.js';
import type { NodeIndex } from './node-index.js';

/** Something that happened since the subscription stands: an event it wants, or the place of a checkpoint. */
export interface LiveEntry {
  readonly event: StoredEvent;
  readonly checkpoint: boolean;
  /** Whether entries before this one were lost: the subscriber must read on from where it was. */
  readonly gap: boolean;
}

export interface Wanted {
  wants(event: StoredEvent): boolean;
  /** Counts towards checkpoints; undefined when there are none. */
  readonly checkpointEvery?: number | undefined;
}

/** What is indexed while a subscriber is busy. It holds as much as the server's does; the oldest is lost first. */
export class LiveQueue {
  readonly #entries: LiveEntry[] = [];
  readonly #stop: () => void;
  #wake: () => void = () => undefined;
  #considered = 0;
  #lost = false;

  constructor(
    index: NodeIndex,
    private readonly wanted: Wanted,
    private readonly signal: AbortSignal,
  ) {
    signal.addEventListener('abort', () => this.#wake(), { once: true });
    this.#stop = index.listen((event) => this.#consider(event));
  }

  /** The next entry, or nothing once the subscription was cancelled. */
  async next(): Promise<LiveEntry | undefined> {
    while (this.#entries.length === 0 && !this.signal.aborted)
      await new Promise<void>((resolve) => (this.#wake = resolve));
    if (this.signal.aborted) return undefined;
    const entry = { ...this.#entries.shift()!, gap: this.#lost };
    this.#lost = false;
    return entry;
  }

  close(): void {
    this.#stop();
  }

  #consider(event: StoredEvent): void {
    if (this.wanted.wants(event)) this.#push(event, false);
    const every = this.wanted.checkpointEvery;
    if (every === undefined || ++this.#considered < every) return;
    this.#considered = 0;
    this.#push(event, true);
  }

  #push(event: StoredEvent, checkpoint: boolean): void {
    this.#entries.push({ event, checkpoint, gap: false });
    if (this.#entries.length > PAGE) {
      this.#entries.shift();
      this.#lost = true;
    }
    this.#wake();
  }
}
