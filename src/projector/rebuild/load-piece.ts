import { setTimeout as pause } from 'node:timers/promises';
import type { StreamName } from '../../domain/stream.js';
import type { StoredEvent } from '../../event-store/event-store.js';
import { inTransaction } from '../../postgres/transaction.js';
import type { PageFold } from '../page.js';
import { isPoison } from '../poison.js';
import { newFold, written, writeStream, type Loading } from './write-folds.js';

/** For how long one statement is read, in milliseconds: the snapshot it holds keeps every busy table from being cleaned. */
const READ_MS = 60_000;

/**
 * Loads a piece of the log into a version's table, stream by stream: each execution is folded whole and its row written
 * once. What is written and how far it came are one transaction: killed, it goes on from there.
 */
export async function loadPiece(to: Loading, n: number): Promise<void> {
  const { store, record, signal } = to;
  const piece = record.pieces[n]!;
  let { after } = piece;
  for (let next: StreamName | undefined = after; next !== undefined; after = next ?? after) {
    next = await loadFrom(to, n, store.byStream.read({ ...piece, after, upTo: record.upTo }, signal), after);
  }
}

/** Loads what it is given; the last stream that is loaded, where it broke off because reading took too long. */
async function loadFrom(
  to: Loading,
  n: number,
  pages: AsyncIterable<readonly StoredEvent[]>,
  after: StreamName,
): Promise<StreamName | undefined> {
  const until = performance.now() + READ_MS;
  let batch = new Batch(to, n, after);
  for await (const page of pages) {
    for (const stored of page) {
      if (batch.isFullBefore(stored)) {
        await batch.write();
        if (performance.now() > until) return batch.last;
        batch = new Batch(to, n, batch.last);
      }
      batch.add(stored);
    }
  }
  await batch.write();
  return undefined;
}

/** Whole streams that are written together. */
class Batch {
  /** The last of its streams. */
  last: StreamName;
  private readonly fold: PageFold;
  private readonly since = performance.now();
  private readonly streams = new Set<StreamName>();
  private events = 0;
  /** The projection threw at an event: the streams are taken one by one. */
  private poisoned = false;

  constructor(
    private readonly to: Loading,
    private readonly n: number,
    private readonly after: StreamName,
  ) {
    this.fold = newFold(to);
    this.last = after;
  }

  isFullBefore({ stream }: StoredEvent): boolean {
    return this.events >= this.to.batch && stream !== this.last;
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

  async write(): Promise<void> {
    const { to, events, after, last } = this;
    if (events === 0) return;
    to.signal.throwIfAborted();
    const rate = await inTransaction(to.client, async () => {
      await this.writeFolds();
      const ms = (performance.now() - this.since) / to.hands;
      return to.records.advancePiece(to.client, this.n, after, last, { events, ms });
    });
    const least = rate === undefined ? 0 : (events * to.hands * 1_000) / rate - (performance.now() - this.since);
    if (least > 0) await pause(least, undefined, { signal: to.signal });
  }

  private async writeFolds(): Promise<void> {
    if (!this.poisoned && (await written(this.to, () => this.fold.changes()))) return;
    for (const stream of this.streams) await writeStream(this.to, stream);
  }
}
