import { LRUCache } from 'lru-cache';
import type pg from 'pg';
import type { Projection } from '../../projections/projection.js';
import { weigh } from '../contract/json.js';
import { parseStream } from '../domain/stream.js';
import type { StoredEvent } from '../event-store/event-store.js';
import type { Position } from '../event-store/position.js';
import type { Handler } from './follower.js';
import { foldPage, needed, park, type Known, type PageChanges } from './page.js';
import { CheckpointLost, ProjectionStore } from './projection-store.js';

/** How much memory the folds may take that are kept from page to page, so that a busy execution is not read back each time. */
const REMEMBERED_BYTES = 64 * 1024 * 1024;

/** What a projector tells whoever runs it. */
export interface ProjectorWatch {
  /** An event could not be read, or its row not be written, and was passed over. */
  parked(event: { readonly position: string; readonly error: string }): void;
  /** So many events were of types that are not ours. */
  skipped(events: number): void;
  /** The tables have doubled since the planner was last told: time to {@link ProjectionStore.analyze} them. */
  grown(tables: ProjectionStore): void;
}

/** How many rows are written before the planner is told for the first time. */
const FIRST_ANALYZED = 1_000;

/** Follows the log for one projection: a page is folded to one row per execution it touches (house.md, floor 4). */
export class Projector implements Handler {
  private readonly tables: ProjectionStore;
  private readonly known = new LRUCache<string, Known>({ maxSize: REMEMBERED_BYTES, sizeCalculation: weigh });
  private checkpoint: Position = 0n;
  private written = 0;
  private analyzeAt = FIRST_ANALYZED;

  constructor(
    projection: Projection,
    readonly purpose: number,
    private readonly watch: ProjectorWatch,
  ) {
    this.tables = new ProjectionStore(projection);
  }

  /** Forgets what an earlier lead folded: another process may have led since. */
  async begin(client: pg.ClientBase): Promise<Position> {
    this.known.clear();
    this.checkpoint = await this.tables.begin(client);
    return this.checkpoint;
  }

  async handle(client: pg.ClientBase, page: readonly StoredEvent[]): Promise<void> {
    const unread = page.filter(({ position }) => position > this.checkpoint);
    if (unread.length > 0) await this.project(client, unread);
  }

  /** A page that the database will not take is halved until the event that it will not take is alone. */
  private async project(client: pg.ClientBase, page: readonly StoredEvent[]): Promise<void> {
    const before = await this.before(client, page);
    try {
      await this.write(client, page, foldPage(this.tables.projection, page, before));
    } catch (error) {
      if (error instanceof CheckpointLost || !isDataError(error)) throw error;
      this.known.clear();
      if (page.length === 1) return this.parkAlone(client, page[0]!, error as Error);
      const middle = page.length >> 1;
      await this.project(client, page.slice(0, middle));
      await this.project(client, page.slice(middle));
    }
  }

  private async before(client: pg.ClientBase, page: readonly StoredEvent[]): Promise<Map<string, Known>> {
    const ids = [...needed(page)];
    const remembered = new Map(ids.flatMap((id) => (this.known.has(id) ? [[id, this.known.get(id)!] as const] : [])));
    const missing = ids.filter((id) => !remembered.has(id));
    for (const [id, known] of await this.tables.known(client, missing)) remembered.set(id, known);
    return remembered;
  }

  private async write(client: pg.ClientBase, page: readonly StoredEvent[], changes: PageChanges): Promise<void> {
    const last = page.at(-1)!;
    await this.tables.write(client, this.checkpoint, last.position, last.recordedAt, changes);
    this.checkpoint = last.position;
    for (const [id, known] of changes.known) this.known.set(id, known);
    for (const event of changes.parked) this.watch.parked(event);
    if (changes.foreign > 0) this.watch.skipped(changes.foreign);
    this.written += changes.rowCount;
    if (this.written < this.analyzeAt) return;
    this.analyzeAt *= 2;
    this.watch.grown(this.tables);
  }

  /** The row cannot be written: its execution stays as it was, and the log goes on. */
  private async parkAlone(client: pg.ClientBase, stored: StoredEvent, error: Error): Promise<void> {
    const empty = foldPage(this.tables.projection, [], new Map());
    const parked = [park(parseStream(stored.stream)?.executionId ?? stored.stream, stored, error.message)];
    await this.write(client, [stored], { ...empty, parked });
  }
}

/** Classes 22 (data), 23 (constraint), 54 (limits), or more text than a string holds: it will fail however often it is tried. */
const isDataError = (error: unknown): boolean =>
  error instanceof RangeError || /^(22|23|54)/.test(String((error as { code?: unknown }).code ?? ''));
