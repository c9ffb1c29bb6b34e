import { setTimeout as pause } from 'node:timers/promises';
import { forEverybody } from '../../caller.js';
import type { LogReads } from '../../event-store/event-store.js';
import { START, type Position } from '../../event-store/position.js';
import type { ReadModel } from '../../read-model/read-model.js';
import { CHANGES_PAGE, ChangesInTable } from './changes-in-table.js';
import type { Runtime } from '../ports.js';
import { Slots } from './slots.js';
import type { Change, EndOfFeed, Subscriber } from './subscriber.js';

/** How long news are waited for before it is looked whether anybody still is, in milliseconds. */
const WAIT_MS = 5_000;
/** After news, how long more are gathered before they are passed on: many subscribers of a busy log cost many writes. */
const GATHER_MS = 100;
/** How long before a database that is away is asked again, in milliseconds. */
const RETRY_MS = 500;
/** How many changed executions, and characters of them, are remembered for subscribers that come back. */
const REMEMBERED = 10_000;
const REMEMBERED_CHARACTERS = 16 * 1024 * 1024;
/** How many subscribers that catch up have a page of their own in memory: thousands may come back at once, and read slowly. */
const CATCHING_UP = 128;

interface Place {
  at: Position;
}

/**
 * What changes, for any number of subscribers: one reader of the read model serves them all. What it read last is remembered,
 * so that those who come back after a moment are served from memory; those who were away for longer read the table.
 *
 * | a subscriber  | what happens                                  | and then it                                    |
 * | ------------- | --------------------------------------------- | ---------------------------------------------- |
 * | catches up    | it is behind the window                       | catches up; it is sent a page of the table     |
 * | catches up    | the window has changes that it has not seen   | catches up; it is sent a page of the window    |
 * | catches up    | the window has none                           | is live                                        |
 * | is live       | executions changed                            | is live; it is sent what it has not seen       |
 * | catches up    | the table cannot be read                      | has ended, `unavailable`                       |
 * | is live       | the table cannot be read                      | is live; it is read again after a moment       |
 * | either        | the table was restored                        | has ended, `unavailable`                       |
 * | either        | `close`; `leave`                              | has ended, `shutdown`; has gone                |
 *
 * The reader runs while there are subscribers; one that comes after it ended begins anew, at the checkpoint, with an empty
 * window. Held by test/application/followers.spec.ts, test/application/execution-feed.spec.ts and test/http/suite/stream.ts.
 */
export class ExecutionFeed {
  /** Each execution once, in the order of their positions. */
  private readonly window = new Map<string, Change>();
  private characters = 0;
  /** The window has all that changed after `start`, up to `last`. */
  private start: Position = START;
  private last: Position = START;
  private readonly live = new Map<Subscriber, Place>();
  private readonly all = new Set<Subscriber>();
  private running: Promise<void> | undefined;
  private ready: Promise<void> | undefined;
  private readonly table: ChangesInTable;
  private readonly pages = new Slots(CATCHING_UP);
  private closed = false;

  constructor(
    log: Pick<LogReads, 'readAll'>,
    private readonly readModel: Pick<ReadModel, 'changed' | 'checkpoint' | 'waitFor'>,
    runtime: Runtime,
  ) {
    this.table = new ChangesInTable(log, readModel, runtime);
  }

  /**
   * Sends what changed after `after`, each execution once as it is, and then what changes. Without it, from now on: `begin`
   * is told from where.
   */
  async subscribe(subscriber: Subscriber, after: Position | undefined, begin: (at: Position) => void): Promise<void> {
    this.all.add(subscriber);
    if (this.closed) return this.letGo(subscriber, 'shutdown');
    try {
      await (this.ready ??= forEverybody(() => this.begin()));
      const place = { at: after ?? this.last };
      begin(place.at);
      await this.catchUp(subscriber, place);
    } catch {
      this.letGo(subscriber, 'unavailable');
    }
  }

  /** It has gone, or is to be sent nothing more. */
  leave(subscriber: Subscriber): void {
    this.all.delete(subscriber);
    this.live.delete(subscriber);
  }

  /** Everybody is let go now. */
  close(): void {
    this.closed = true;
    for (const subscriber of this.all) this.letGo(subscriber, 'shutdown');
  }

  private letGo(subscriber: Subscriber, reason: EndOfFeed): void {
    this.leave(subscriber);
    subscriber.end(reason);
  }

  /** From where the read model stands: what was before is in its table. */
  private async begin(): Promise<void> {
    try {
      this.window.clear();
      this.characters = 0;
      this.start = this.last = (await this.readModel.checkpoint()).position;
      this.running = this.run();
    } catch (error) {
      this.ready = undefined;
      throw error;
    }
  }

  private async run(): Promise<void> {
    while (this.all.size > 0 && !this.closed) {
      try {
        const { changes, more, through, short } = await this.table.read(this.last);
        if (short) {
          this.letAllGo();
          break;
        }
        this.take(changes, through);
        if (more) continue;
        if (changes.length > 0) await pause(GATHER_MS);
        await this.readModel.waitFor(this.last + 1n, WAIT_MS);
      } catch {
        await pause(RETRY_MS); // subscribers need not know: they miss nothing
      }
    }
    this.ready = this.running = undefined;
  }

  /**
   * The table was restored, or lost its last pages with the server: what comes now may have positions that were told before.
   * Whoever comes back is told whether the log still has his.
   */
  private letAllGo(): void {
    for (const subscriber of this.all) this.letGo(subscriber, 'unavailable');
  }

  private take(changes: readonly Change[], through: Position): void {
    for (const change of changes) {
      this.forget(change.executionId);
      this.window.set(change.executionId, change);
      this.characters += change.json.length;
    }
    this.last = through;
    for (const [executionId, { position }] of this.window) {
      if (this.window.size <= REMEMBERED && this.characters <= REMEMBERED_CHARACTERS) break;
      this.forget(executionId);
      this.start = position;
    }
    if (changes.length > 0) for (const [subscriber, place] of this.live) pass(subscriber, place, changes);
  }

  private forget(executionId: string): void {
    this.characters -= this.window.get(executionId)?.json.length ?? 0;
    this.window.delete(executionId);
  }

  private async catchUp(subscriber: Subscriber, place: Place): Promise<void> {
    for (let behind = true; behind && this.all.has(subscriber);)
      behind = await this.pages.run(() => this.onePage(subscriber, place));
  }

  /** Sends the next page, and waits until it has gone out; answers whether there may be more to catch up with. */
  private async onePage(subscriber: Subscriber, place: Place): Promise<boolean> {
    if (!this.all.has(subscriber)) return false;
    if (place.at < this.start) {
      await this.fromTable(subscriber, place);
      return true;
    }
    const unseen = this.remembered(place.at);
    if (unseen.length === 0) {
      // Nothing was waited for since: no change comes between the last that is remembered and the next.
      this.live.set(subscriber, place);
      return false;
    }
    pass(subscriber, place, unseen);
    await subscriber.drained();
    return true;
  }

  private async fromTable(subscriber: Subscriber, place: Place): Promise<void> {
    const { at } = place;
    const { changes, through } = await this.table.shared(at);
    if (this.all.has(subscriber)) pass(subscriber, place, changes);
    if (through > place.at) place.at = through;
    await subscriber.drained();
  }

  private remembered(after: Position): Change[] {
    const unseen: Change[] = [];
    for (const change of this.window.values()) {
      if (change.position > after) unseen.push(change);
      if (unseen.length === CHANGES_PAGE) break;
    }
    return unseen;
  }
}

/** Sends what it has not seen; where it is may be ahead of this process, for another served it before. */
function pass(subscriber: Subscriber, place: Place, changes: readonly Change[]): void {
  const unseen =
    changes.length > 0 && changes[0]!.position > place.at
      ? changes
      : changes.filter(({ position }) => position > place.at);
  if (unseen.length === 0) return;
  place.at = unseen.at(-1)!.position;
  subscriber.send(unseen);
}
