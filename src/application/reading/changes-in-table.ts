import { LRUCache } from 'lru-cache';
import { forEverybody } from '../../caller.js';
import { showInShort } from '../../contract/execution.js';
import { stringifyJson } from '../../encoding/json.js';
import { parseStream } from '../../domain/stream.js';
import { PAGE_BYTES, type LogReads, type StoredEvent } from '../../event-store/event-store.js';
import type { Position } from '../../event-store/position.js';
import { isLastPage } from '../../event-store/stream-pages.js';
import type { ReadModel } from '../../read-model/read-model.js';
import { Pace } from '../../event-loop.js';
import { nowOf, type Runtime } from '../ports.js';
import type { Change } from './subscriber.js';

/** Events of the log, and so executions, read at a time. */
export const CHANGES_PAGE = 500;
/** How many pages are kept for others who come to the same place, and for how long, in milliseconds. */
const PAGES = 16;
const KEPT_MS = 1_000;

/** The executions that events are of, each once. */
function executionsOf(events: readonly StoredEvent[]): string[] {
  const streams = events.map(({ stream }) => parseStream(stream));
  return [...new Set(streams.flatMap((stream) => (stream?.kind === 'execution' ? [stream.executionId] : [])))];
}

/** What the table has behind a position: up to `through` there is no other. */
export interface TablePage {
  readonly changes: Change[];
  /** Whether there are others behind these. */
  readonly more: boolean;
  readonly through: Position;
  /** The table does not come up to where it was asked from. */
  readonly short: boolean;
}

/**
 * The changes as they stand in the read model's table, for those who were away for longer than the feed remembers. Which
 * executions changed, the log tells: an index of the table by position would have to be written with every event.
 */
export class ChangesInTable {
  /** Read one after the other: a thousand who come back at once must not take the readers' connections. */
  private queue: Promise<unknown> = Promise.resolve();
  /** Those who were let go together come back to the same place. */
  private readonly pages = new LRUCache<Position, Promise<TablePage>>({ max: PAGES, ttl: KEPT_MS, ttlAutopurge: true });

  constructor(
    private readonly log: Pick<LogReads, 'readAll'>,
    private readonly readModel: Pick<ReadModel, 'changed' | 'checkpoint'>,
    private readonly runtime: Runtime,
  ) {}

  /** The first changes after a position, as they are now. */
  async read(after: Position): Promise<TablePage> {
    // Asked before the log is read: what a last page of it does not have up to there, nobody wrote.
    const { position: projected } = await this.readModel.checkpoint();
    const page = await this.log.readAll(after, CHANGES_PAGE, PAGE_BYTES);
    const read = page.at(-1)?.position ?? after;
    const isLast = isLastPage(page, CHANGES_PAGE);
    const upTo = isLast && projected > read ? projected : read;
    const { rows, more, checkpoint } = await this.readModel.changed({ among: executionsOf(page), after, upTo });
    const now = nowOf(this.runtime);
    const changes: Change[] = [];
    const pace = new Pace();
    for (const row of rows) {
      const json = stringifyJson(showInShort(row, now));
      changes.push({ position: row.state.position, executionId: row.executionId, json });
      await pace.after(json.length);
    }
    // What is not projected yet comes with a later page, and so does an execution that has moved on since.
    const told = checkpoint.position < upTo ? checkpoint.position : upTo;
    const through = more ? changes.at(-1)!.position : told > after ? told : after;
    return { changes, more: more || (!isLast && through === upTo), through, short: checkpoint.position < after };
  }

  /** As {@link read}, or as somebody else read it a moment ago: what changed since is behind `through`. */
  shared(after: Position): Promise<TablePage> {
    const known = this.pages.get(after);
    if (known) return known;
    const reading = forEverybody(() => this.queue.then(() => this.read(after)));
    this.pages.set(after, reading);
    // What leads nobody on is read again: it would be given to the same caller over and over.
    const forget = (): void => void this.pages.delete(after);
    this.queue = reading.then(({ through }) => through === after && forget(), forget);
    return reading;
  }
}
