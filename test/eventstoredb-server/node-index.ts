import { DELETED, NO_STREAM, type Log, type StoredEvent } from './log.js';
import { isMetastream, metastreamOf, parseStreamMetadata, subjectOf, type StreamMetadata } from './stream-metadata.js';

type Listener = (event: StoredEvent) => void;

/** What of a stream can be read, and its last revision, whether that can be read or not. */
export interface ReadableStream {
  readonly events: readonly StoredEvent[];
  readonly last: bigint;
}

const ticksPerSecond = 10_000_000n;
const ofMetastreams: StreamMetadata = { maxCount: 1n };

/**
 * What one node has indexed of the shared log. Nothing beyond is read, subscribed to or acknowledged:
 * a held index is a leader that cannot commit, or a follower that lags.
 */
export class NodeIndex {
  readonly #listeners = new Set<Listener>();
  readonly #waiting: (() => void)[] = [];
  /** How many events of `$all` its readers made it look at, whether they wanted them or not. */
  considered = 0;
  #held = false;
  #next = 0;
  #last = -1n;

  constructor(
    readonly log: Log,
    private readonly now: () => number,
  ) {
    log.onFlush(() => this.#advance());
    this.#advance();
  }

  /** The position of the last event indexed. */
  get last(): bigint {
    return this.#last;
  }

  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    this.#advance();
  }

  /** Every event from here on, as it is indexed. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Settles once what was written at a position is indexed. */
  async reached(position: bigint): Promise<void> {
    const end = this.log.at(this.#next)?.position ?? this.log.end;
    if (position < end) return;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** The last revision, whatever of the stream may still be read. */
  lastRevision(stream: string): bigint {
    return this.#indexed(stream).at(-1)?.revision ?? NO_STREAM;
  }

  metadata(stream: string): StreamMetadata {
    if (isMetastream(stream)) return ofMetastreams;
    const last = this.#indexed(metastreamOf(stream)).at(-1);
    return last ? parseStreamMetadata(last.data) : {};
  }

  view(stream: string): 'missing' | 'deleted' | ReadableStream {
    const indexed = this.#indexed(stream);
    const last = indexed.at(-1)?.revision ?? NO_STREAM;
    const metadata = this.metadata(stream);
    if (this.lastRevision(subjectOf(stream)) === DELETED) return 'deleted';
    if (last === NO_STREAM || metadata.truncateBefore === DELETED) return 'missing';
    return { events: this.#readable(indexed, last, metadata), last };
  }

  #readable(events: readonly StoredEvent[], last: bigint, metadata: StreamMetadata): readonly StoredEvent[] {
    const { maxCount, maxAgeSeconds, truncateBefore = 0n } = metadata;
    const counted = maxCount === undefined ? 0n : last - maxCount + 1n;
    const first = counted > truncateBefore ? counted : truncateBefore;
    const oldest = maxAgeSeconds === undefined ? 0n : BigInt(this.now()) * 10_000n - maxAgeSeconds * ticksPerSecond;
    if (first <= 0n && oldest <= 0n) return events;
    return events.filter(({ revision, created }) => revision >= first && created >= oldest);
  }

  #indexed(stream: string): readonly StoredEvent[] {
    const events = this.log.events(stream);
    const behind = events.length > 0 && events[events.length - 1]!.position > this.#last;
    return behind ? events.filter(({ position }) => position <= this.#last) : events;
  }

  #advance(): void {
    if (this.#held) return;
    const first = this.#next;
    this.#next = this.log.size;
    this.#last = this.#lastSince(first) ?? this.#last;
    if (this.#listeners.size > 0) this.#tell(first, this.#next);
    this.#acknowledge();
  }

  #lastSince(first: number): bigint | undefined {
    for (let i = this.#next - 1; i >= first; i--) if (this.log.at(i)!.event) return this.log.at(i)!.position;
    return undefined;
  }

  #tell(first: number, end: number): void {
    for (let i = first; i < end; i++) {
      const { event } = this.log.at(i)!;
      if (event) for (const listener of this.#listeners) listener(event);
    }
  }

  /** Only after the listeners: who waits for an append to be committed may already ask what subscribers saw. */
  #acknowledge(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
