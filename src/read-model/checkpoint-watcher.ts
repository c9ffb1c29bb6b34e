import type pg from 'pg';
import { forEverybody } from '../caller.js';
import { START, type Position } from '../event-store/position.js';
import { within } from '../closing.js';
import { listenOn } from '../postgres/listen.js';
import { PROJECTED } from '../projection-tables/checkpoint.js';
import { SharedReads } from './shared-reads.js';

/** How often the checkpoint is looked at while somebody waits, should a notification be lost, in milliseconds. */
const POLL_MS = 250;
/** How long a connection that is being made may hold up the end, in milliseconds. */
const CLOSE_MS = 2_000;

interface Waiter {
  readonly projection: string;
  readonly position: Position;
  readonly settle: (passed: boolean) => void;
}

/**
 * Waits for the checkpoints of projections on behalf of any number of readers: one session listens, one read serves them all.
 *
 * | the session is | what happens                | and then it is                                            |
 * | -------------- | --------------------------- | --------------------------------------------------------- |
 * | absent         | a reader begins to wait     | being opened; until it listens, the table is read         |
 * | being opened   | it listens                  | listening; the table is read once more for who waits      |
 * | being opened   | it cannot be opened         | absent; the poll serves who waits, the next reader tries  |
 * | listening      | a projection tells where it is | listening; readers of that position are answered `true` |
 * | listening      | it ends                     | absent; positions that it was told are forgotten          |
 * | any            | `release`, `close`          | closed; who waits is answered `false`                     |
 *
 * The poll runs while somebody waits. Its reads are `no`, `yes`, or `again` where a notification or the poll asked during one:
 * that read may have been too early, so another follows. Held by test/read-model/checkpoint-watcher.spec.ts.
 */
export class CheckpointWatcher {
  private readonly waiters = new Set<Waiter>();
  private session: Promise<pg.Client> | undefined;
  private poll: NodeJS.Timeout | undefined;
  /** `again`: something was told while a look was under way, which may have been too early to see it. */
  private looking: 'no' | 'yes' | 'again' = 'no';
  private closed = false;
  /** Whether the connection listens: what is told from then on is heard. */
  private listening = false;
  /** How far each projection was heard to be, by this connection: the next may lead to a database that is not as far. */
  private readonly heard = new Map<string, Position>();
  /** The first looks of those who come at once: a thousand of them would wait for the readers' connections in vain. */
  private readonly first = new SharedReads<ReadonlyMap<string, Position>>();

  constructor(
    private readonly connect: () => Promise<pg.Client>,
    /** Where each projection stands. */
    private readonly read: () => Promise<ReadonlyMap<string, Position>>,
    private readonly pollMs = POLL_MS,
  ) {}

  /** True once the projection's checkpoint is at `position` or beyond, false when the time is up first. */
  async until(projection: string, position: Position, ms: number): Promise<boolean> {
    if (hasPassed(this.heard, { projection, position })) return true;
    const { listening, session } = this;
    // Who listens and was told where it is will be told when it moves on.
    if (ms === 0 || !listening || !this.heard.has(projection)) {
      if (hasPassed(await this.look(), { projection, position })) return true;
    }
    if (ms === 0 || this.closed) return false;
    return new Promise((resolve) => {
      const waiter: Waiter = {
        projection,
        position,
        settle: (passed) => {
          clearTimeout(timer);
          this.waiters.delete(waiter);
          if (this.waiters.size === 0) this.rest();
          resolve(passed);
        },
      };
      const timer = setTimeout(() => waiter.settle(false), ms);
      this.waiters.add(waiter);
      this.watch();
      // What was told since that look is known; before there was a connection to hear it, another look has to find it.
      if (!listening || session !== this.session) this.session?.then(() => this.lookFor()).catch(() => undefined);
      else if (hasPassed(this.heard, waiter)) waiter.settle(true);
    });
  }

  /** Nobody waits from now on. */
  release(): void {
    this.closed = true;
    this.rest();
    for (const waiter of this.waiters) waiter.settle(false);
  }

  async close(): Promise<void> {
    this.release();
    const ended = this.session?.then((session) => session.end());
    if (ended) await within(ended, CLOSE_MS).catch(() => undefined);
  }

  private rest(): void {
    clearInterval(this.poll);
    this.poll = undefined;
  }

  private watch(): void {
    this.poll ??= setInterval(() => void this.lookFor(), this.pollMs);
    this.session ??= this.listen();
    this.session.catch(() => undefined); // the poll goes on without it, and the next waiter tries again
  }

  private async listen(): Promise<pg.Client> {
    try {
      const session = await listenOn(await this.connect(), PROJECTED, (payload = '') => this.hear(payload));
      session.once('end', () => this.lost());
      this.listening = true;
      return session;
    } catch (error) {
      this.lost();
      throw error;
    }
  }

  private lost(): void {
    this.session = undefined;
    this.listening = false;
    this.heard.clear();
  }

  /** A projection told where it is: `<projection> <position>`. It is read nowhere else: a look would cost its readers its time. */
  private hear(told: string): void {
    const [, projection, position] = /^(\S+) (\d+)$/.exec(told) ?? [];
    if (projection === undefined || position === undefined) return; // anybody may say anything on a channel
    this.heard.set(projection, BigInt(position));
    for (const waiter of this.waiters) if (hasPassed(this.heard, waiter)) waiter.settle(true);
  }

  private look(): Promise<ReadonlyMap<string, Position>> {
    return forEverybody(() => this.first.get('', this.read)).catch((error: unknown) => {
      if (this.closed) return new Map<string, Position>(); // let go of while it looked
      throw error;
    });
  }

  private async lookFor(): Promise<void> {
    if (this.looking !== 'no') this.looking = 'again';
    if (this.looking !== 'no' || this.waiters.size === 0) return;
    do {
      this.looking = 'yes';
      try {
        const checkpoints = await forEverybody(this.read);
        for (const waiter of this.waiters) if (hasPassed(checkpoints, waiter)) waiter.settle(true);
      } catch {
        // The database is away: the waiters' own time limits stand.
      }
    } while (this.wasToldMeanwhile());
    this.looking = 'no';
  }

  private wasToldMeanwhile(): boolean {
    return this.looking === 'again' && this.waiters.size > 0;
  }
}

const hasPassed = (
  checkpoints: ReadonlyMap<string, Position>,
  { projection, position }: Pick<Waiter, 'projection' | 'position'>,
): boolean => (checkpoints.get(projection) ?? START) >= position;
