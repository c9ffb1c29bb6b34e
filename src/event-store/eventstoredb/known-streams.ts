import { LRUCache } from 'lru-cache';
import type { Instant } from '../../domain/events.js';
import { NO_STREAM, type StreamName } from '../../domain/stream.js';
import type { StoredEvent } from '../event-store.js';

/** What is known of a stream, from its first event to `head` without a hole. */
export interface KnownStream {
  readonly head: number;
  /** Event ids and the revisions of their first events. */
  readonly ids: ReadonlyMap<string, number>;
  /** When its last event was recorded. */
  readonly recordedAt: Instant;
}

const NOTHING: KnownStream = { head: NO_STREAM, ids: new Map(), recordedAt: '' };
/** How many ids are remembered, of all streams together: some 100 bytes each. */
const REMEMBERED_IDS = 500_000;

/**
 * The ids that stand in streams. The store looks for an id only where an append with that id would lie, so whether an id
 * is taken anywhere in its stream has to be known here: read once, then learnt from what is appended and read anyway.
 */
export class KnownStreams {
  private readonly streams = new LRUCache<StreamName, { head: number; ids: Map<string, number>; recordedAt: Instant }>({
    maxSize: REMEMBERED_IDS,
    sizeCalculation: ({ ids }) => 1 + ids.size,
  });

  get(stream: StreamName): KnownStream {
    return this.streams.get(stream) ?? NOTHING;
  }

  /** Takes in events that follow what is known; others are passed over. */
  learn(stream: StreamName, events: readonly Pick<StoredEvent, 'eventId' | 'revision' | 'recordedAt'>[]): KnownStream {
    const { head, ids, recordedAt } = this.streams.get(stream) ?? { ...NOTHING, ids: new Map<string, number>() };
    const known = { head, ids, recordedAt };
    for (const { eventId, revision, recordedAt: at } of events) {
      if (revision !== known.head + 1) continue;
      known.head = revision;
      if (!ids.has(eventId)) ids.set(eventId, revision);
      if (at > known.recordedAt) known.recordedAt = at;
    }
    if (known.head !== head) this.streams.set(stream, known);
    return known;
  }

  forget(): void {
    this.streams.clear();
  }
}
