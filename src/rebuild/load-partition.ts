import { setTimeout as pause } from 'node:timers/promises';
import type { StreamName } from '../domain/stream.js';
import type { LogPage, StoredEvent } from '../event-store/event-store.js';
import { inTransaction } from '../postgres/transaction.js';
import type { PageFold } from '../projector/page-fold.js';
import { isPoison } from '../projector/poison.js';
import { newFold, tryWrite, writeStream, type LoadContext } from './write-folds.js';

/**
 * For how long one statement is read, in milliseconds, from its first event on: the snapshot that it holds keeps every busy
 * table from being cleaned. Sorting took the server its time, and will again.
 */
const READ_MS = 60_000;
/** How much text a batch may be read from, in characters; a single stream may be more. */
const BATCH_TEXT = 32 * 1024 * 1024;

/**
 * Loads a partition of the log into a version's table, stream by stream: each execution is folded whole and its row written
 * once. What is written and how far it came are one transaction: killed, it goes on from there.
 */
export async function loadPartition(to: LoadContext, n: number): Promise<void> {
  const { store, record, signal } = to;
  const partition = record.partitions[n]!;
  for (let after: StreamName | undefined = partition.after; after !== undefined;) {
    const pages = store.streamScan.read({ ...partition, after, upTo: record.upTo }, signal);
    const { next, restMs }: ReadStop = await loadFrom(to, n, pages, after);
    await rest(to, restMs);
    after = next;
  }
}

/** Why reading stopped: at the end, or behind `next` because it took too long; and for how long to rest, if it is throttled. */
interface ReadStop {
  readonly next?: StreamName;
  readonly restMs: number;
}

const rest = async ({ signal }: LoadContext, ms: number): Promise<void> => {
  if (ms > 0) await pause(ms, undefined, { signal });
};

async function loadFrom(
  to: LoadContext,
  n: number,
  pages: AsyncIterable<LogPage>,
  after: StreamName,
): Promise<ReadStop> {
  let until = Infinity;
  let batch = new Batch(to, n, after);
  for await (const page of pages) {
    until = Math.min(until, performance.now() + READ_MS);
    batch.text += page.size;
    for (const stored of page.events) {
      if (batch.isFullBefore(stored)) {
        const restMs = await batch.write();
        if (performance.now() + restMs > until) return { next: batch.last, restMs };
        await rest(to, restMs);
        batch = new Batch(to, n, batch.last);
      }
      batch.add(stored);
    }
  }
  return { restMs: await batch.write() };
}

/** Whole streams that are written together. */
class Batch {
  /** The last of its streams. */
  last: StreamName;
  private readonly fold: PageFold;
  private readonly since = performance.now();
  private readonly streams = new Set<StreamName>();
  /** Of the pages that begin in it, in characters. */
  text = 0;
  private events = 0;
  /** The projection threw at an event: the streams are taken one by one. */
  private poisoned = false;

  constructor(
    private readonly to: LoadContext,
    private readonly n: number,
    private readonly after: StreamName,
  ) {
    this.fold = newFold(to);
    this.last = after;
  }

  isFullBefore({ stream }: StoredEvent): boolean {
    return (this.events >= this.to.batch || this.text >= BATCH_TEXT) && stream !== this.last;
  }

  add(stored: StoredEvent): void {
    if (stored.stream !== this.last) {
      this.last = stored.stream;
      this.streams.add(stored.stream);
    }
    this.events++;
    try {
      if (!this.poisoned) this.fold.add(stored);
    } catch (error) {
      if (!isPoison(error)) throw error;
      this.poisoned = true;
    }
  }

  /** Answers for how long to rest, in milliseconds. */
  async write(): Promise<number> {
    const { to, events, after, last } = this;
    if (events === 0) return 0;
    to.signal.throwIfAborted();
    const rate = await inTransaction(to.client, async () => {
      await this.writeFolds();
      const ms = (performance.now() - this.since) / to.workerCount;
      return to.rebuilds.advancePartition(to.client, [to.record.version, this.n], after, last, { events, ms });
    });
    const least = rate === undefined ? 0 : (events * to.workerCount * 1_000) / rate;
    return Math.max(0, least - (performance.now() - this.since));
  }

  private async writeFolds(): Promise<void> {
    if (!this.poisoned && (await tryWrite(this.to, () => this.fold.changes()))) return;
    for (const stream of this.streams) await writeStream(this.to, stream);
  }
}
