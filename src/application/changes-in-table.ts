import { LRUCache } from 'lru-cache';
import { forEverybody } from '../caller.js';
import { showInShort } from '../contract/execution.js';
import { stringifyJson } from '../contract/json.js';
import type { Position } from '../event-store/position.js';
import type { ReadModel } from '../read-model/read-model.js';
import { Pace } from '../event-loop.js';
import { nowOf, type Runtime } from './ports.js';
import type { Change } from './subscriber.js';

/** Executions read at a time. */
export const CHANGES_PAGE = 500;
/** How many pages are kept for others who come to the same place, and for how long, in milliseconds. */
const PAGES = 16;
const KEPT_MS = 1_000;

/** What the table has behind a position: up to `through` there is no other. */
export interface TablePage {
  readonly changes: Change[];
  /** Whether there are others behind these. */
  readonly more: boolean;
  readonly through: Position;
  /** The table does not come up to where it was asked from. */
  readonly short: boolean;
}

/** The changes as they stand in the read model's table, for those who were away for longer than the feed remembers. */
export class ChangesInTable {
  /** Read one after the other: a thousand who come back at once must not take the readers' connections. */
  private queue: Promise<unknown> = Promise.resolve();
  /** Those who were let go together come back to the same place. */
  private readonly pages = new LRUCache<Position, Promise<TablePage>>({ max: PAGES, ttl: KEPT_MS, ttlAutopurge: true });

  constructor(
    private readonly readModel: Pick<ReadModel, 'changed'>,
    private readonly runtime: Runtime,
  ) {}

  /** The first changes after a position, as they are now. */
  async read(after: Position): Promise<TablePage> {
    const { rows, more, checkpoint } = await this.readModel.changed(after, CHANGES_PAGE);
    const now = nowOf(this.runtime);
    const changes: Change[] = [];
    const pace = new Pace();
    for (const row of rows) {
      const json = stringifyJson(showInShort(row, now));
      changes.push({ position: row.state.position, executionId: row.executionId, json });
      await pace.after(json.length);
    }
    const end = more ? changes.at(-1)!.position : checkpoint.position;
    return { changes, more, through: end > after ? end : after, short: checkpoint.position < after };
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
