import { LRUCache } from 'lru-cache';
import type { Instant } from '../../domain/events.js';
import { NO_STREAM, type StreamName } from '../../domain/stream.js';
import type { StoredEvent } from '../event-store.js';

/** What is known of a stream, from its first event to `head` without a hole. */
export interface StreamHead {
  readonly head: number;
  /** Event ids and the revisions of their first events. */
  readonly ids: ReadonlyMap<string, number>;
  /** When its last event was recorded; none without one. */
  readonly recordedAt: Instant | undefined;
}

const NOTHING: StreamHead = { head: NO_STREAM, ids: new Map(), recordedAt: undefined };
/** Of how many streams it is remembered when they were found to be whole. */
const REMEMBERED_WHOLE = 100_000;
/** How many ids are remembered, of all streams together: some 100 bytes each. */
const REMEMBERED_IDS = 500_000;

type Fact = Pick<StoredEvent, 'eventId' | 'revision' | 'recordedAt'>;

/** What is known with these events as well, as far as they follow it; others are passed over. */
function extended(base: StreamHead, events: readonly Fact[]): StreamHead {
  const ids = base.head === NO_STREAM ? new Map<string, number>() : (base.ids as Map<string, number>);
  let { head, recordedAt } = base;
  for (const { eventId, revision, recordedAt: at } of events) {
    if (revision !== head + 1) continue;
    head = revision;
    if (!ids.has(eventId)) ids.set(eventId, revision);
    recordedAt = at; // the last, not the latest: one far ahead would be found not to be followed at every append
  }
  return head === base.head ? base : { head, ids, recordedAt };
}

/**
 * The ids that stand in streams. The store looks for an id only where an append with that id would lie, so whether an id
 * is taken anywhere in its stream has to be known here: read once, then learnt from what is appended and read anyway.
 */
export class StreamHeads {
  private readonly streams: LRUCache<StreamName, StreamHead>;
  /** Until when each counts as there from its first event on. By size, for a cache of so many entries makes room for all at once. */
  private readonly whole = new LRUCache<StreamName, number>({ maxSize: REMEMBERED_WHOLE, sizeCalculation: () => 1 });
  /** Another one, whenever all was forgotten. */
  epoch = 0;
  /** Another one, whenever something was told that may have shortened a stream, or may have been missed. */
  news = 0;
  private listening = false;

  constructor(remembered = REMEMBERED_IDS) {
    // A stream larger than all that is remembered is kept alone: else each append to it would read the whole of it.
    const sizeCalculation = ({ ids }: StreamHead): number => Math.min(1 + ids.size, remembered);
    this.streams = new LRUCache({ maxSize: remembered, sizeCalculation });
  }

  get(stream: StreamName): StreamHead {
    return this.streams.get(stream) ?? NOTHING;
  }

  /**
   * Takes in what was read or appended.
   * @param base what is known already, by a reader in several steps: meanwhile it may have been forgotten here
   * @param epoch when that reader began; what it knows from before a forgetting is not remembered
   */
  learn(stream: StreamName, events: readonly Fact[], base = this.get(stream), epoch = this.epoch): StreamHead {
    const known = extended(base, events);
    if (epoch === this.epoch && known.head > this.get(stream).head) this.streams.set(stream, known);
    return known;
  }

  /** Whether a stream is known to be whole: an append alone does not tell, it goes on where an end was. */
  isWhole(stream: StreamName, now: number): boolean {
    return (this.whole.get(stream) ?? -Infinity) > now;
  }

  /**
   * Remembered only while this process is told what becomes of streams.
   * @param news when the look began: what was told since may be about this stream
   */
  foundWhole(stream: StreamName, until: number, news: number): void {
    if (this.listening && news === this.news) this.whole.set(stream, until);
  }

  /** Something is kept about a stream now that may have shortened it. */
  changed(stream: StreamName): void {
    this.news++;
    this.whole.delete(stream);
  }

  /** From now on this process is told whatever becomes of a stream. */
  listens(): void {
    this.news++;
    this.listening = true;
  }

  /** Until it listens again nothing is found whole but for the moment. */
  missesNews(): void {
    this.news++;
    this.listening = false;
    this.whole.clear();
  }

  forget(): void {
    this.epoch++;
    this.missesNews();
    this.streams.clear();
  }
}
