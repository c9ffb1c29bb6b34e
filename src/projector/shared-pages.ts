import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { within } from '../closing.js';
import { Stint } from '../event-loop.js';
import type { EventStore, StoredEvent } from '../event-store/event-store.js';
import type { Position } from '../event-store/position.js';
import { isLastPage } from '../event-store/stream-pages.js';
import { inTransaction } from '../postgres/transaction.js';
import { dropSession } from '../postgres/session.js';
import { tableOf } from '../projection-tables/table.js';
import type { ExecutionStates } from './execution-states.js';
import { PageFold, requiredRevisions, type KnownState, type PageChanges } from './page-fold.js';
import { PageStatement, stepOver, type Step } from './page-statement.js';
import { isPoison } from './poison.js';
import type { ProjectionStore } from './projection-store.js';
import type { Projector } from './projector.js';

/** A page of fewer events, and not cut by its bytes, is followed by a short wait: a row that changes often is then written once for all of them. */
export const FULL = 500;
/** How long, in milliseconds: a part of what a reader waits until it sees what was written. */
const GATHER_MS = 4;
/** Under load, twice as long as the page took, for small pages cost the most; no longer than this, in milliseconds. */
const MOST_GATHER_MS = 20;
/** How long a page under way may take once somebody is to leave, in milliseconds; then its connection is let go of. */
const LEAVE_MS = 1_500;

export interface SharedPagesOptions {
  /** A new connection, its own for as long as anybody takes part. */
  readonly connect: () => Promise<pg.Client>;
  readonly onError: (error: unknown) => void;
  /** How long to wait after a small page at least, in milliseconds. */
  readonly gatherMs?: number;
}

/** A projector that takes part. */
interface Member {
  readonly projector: Projector;
  readonly signal: AbortSignal;
  readonly leave: () => void;
}

/**
 * The projectors of a process that stand at the end of the log go on together: one page, one fold, one statement for all of
 * their tables and checkpoints. A page that is more than that to any of them (an event that cannot be projected, an execution
 * that has stopped, a checkpoint that was moved or is held, a connection that is lost) is nobody's here: each leaves, does it
 * by itself, and joins again. So each projection has the guarantees that it has alone (docs/architecture.md).
 */
export class SharedPages {
  /** Some are ahead, and take part from their position on. */
  private readonly members = new Set<Member>();
  private position: Position = 0n;
  private running: Promise<void> | undefined;
  /** Ends the run when nobody is left. */
  private deserted = new AbortController();
  private client: pg.Client | undefined;
  private writing: Promise<void> | undefined;
  /** The last statement, which is mostly the next. */
  private last: { readonly names: string; readonly statement: PageStatement } | undefined;

  constructor(
    private readonly store: EventStore,
    private readonly states: ExecutionStates,
    private readonly options: SharedPagesOptions,
  ) {}

  /**
   * Has a projector take part that has come to the end of the log; resolves when it is to go on by itself: at once where the
   * others are further, else when the signal aborts, once the page under way is done, or at a page that is not for all.
   */
  join(projector: Projector, signal: AbortSignal): Promise<void> {
    if (signal.aborted || (this.members.size > 0 && projector.position < this.position)) return Promise.resolve();
    return new Promise((resolve) => {
      const aborted = (): void => void this.release(member);
      const leave = (): void => {
        signal.removeEventListener('abort', aborted);
        this.members.delete(member);
        if (this.members.size === 0) this.deserted.abort();
        resolve();
      };
      const member: Member = { projector, signal, leave };
      signal.addEventListener('abort', aborted);
      if (this.members.size === 0) this.position = projector.position;
      this.members.add(member);
      this.running ??= this.run();
    });
  }

  /** Lets somebody go once the page is done that is being written for all. */
  private async release(member: Member): Promise<void> {
    const { writing, client } = this;
    if (writing && client && !(await within(writing, LEAVE_MS).catch(() => true))) dropSession(client);
    member.leave();
  }

  private async run(): Promise<void> {
    while (this.members.size > 0) {
      this.deserted = new AbortController();
      const { signal } = this.deserted;
      await this.follow(signal).catch((error: unknown) => (signal.aborted ? undefined : this.options.onError(error)));
      // Who came meanwhile to those who had all left stays.
      if (!signal.aborted) for (const { leave } of [...this.members]) leave();
    }
    this.running = undefined;
  }

  private async follow(signal: AbortSignal): Promise<void> {
    const client = (this.client = await this.options.connect());
    try {
      for await (const page of this.store.subscribe(this.position, signal)) {
        const since = performance.now();
        for (let rest = page; rest.length > 0 && !signal.aborted;) {
          const part = this.untilNextMember(rest);
          this.writing = this.write(client, part);
          await this.writing;
          rest = rest.slice(part.length);
        }
        const gatherMs = isLastPage(page, FULL) ? this.gatherMs(performance.now() - since) : 0;
        if (gatherMs > 0) await pause(gatherMs, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) return;
      }
    } finally {
      this.client = this.writing = undefined;
      await client.end().catch(() => undefined);
    }
  }

  /** A page up to where somebody stands who is ahead. */
  private untilNextMember(page: StoredEvent[]): StoredEvent[] {
    const ahead = [...this.members].map(({ projector }) => projector.position).filter((at) => at > this.position);
    const end = page.findIndex(({ position }) => ahead.includes(position));
    return end < 0 ? page : page.slice(0, end + 1);
  }

  private async write(client: pg.ClientBase, page: readonly StoredEvent[]): Promise<void> {
    const step = stepOver(page, this.position);
    const here = [...this.members].filter(
      ({ projector, signal }) => projector.position === step.from && !signal.aborted,
    );
    if (here.length > 0) await this.project(client, page, step, here.map(({ projector }) => projector).sort(byName));
    this.position = step.to;
    // Whoever is behind now: the page was not for all, or not for this one; or it joined while it was written.
    for (const { projector, leave } of [...this.members]) if (projector.position < step.to) leave();
  }

  /** Writes a page, or nothing of it for those for whom it takes more. */
  private async project(
    client: pg.ClientBase,
    page: readonly StoredEvent[],
    step: Step,
    projectors: readonly Projector[],
  ): Promise<void> {
    const wanted = requiredRevisions(page);
    const ids = [...wanted.keys()];
    for (const { tables } of projectors) if ((await tables.parked.stopped(client, ids)).length > 0) return;
    const before = await this.states.at(client, wanted);
    try {
      const changes = await foldFor(projectors, page, before, this.states);
      if (changes[0]!.parked.length > 0) return;
      const moved = await this.record(client, step, projectors, changes);
      for (const [id, state] of changes[0]!.states) this.states.keep(id, state);
      for (const [n, projector] of projectors.entries())
        if (moved.has(projector.name)) projector.passed(step.to, changes[n]!);
    } catch (error) {
      if (!isPoison(error)) throw error;
    }
  }

  /** Answers whose checkpoints were moved. */
  private async record(
    client: pg.ClientBase,
    step: Step,
    projectors: readonly Projector[],
    changes: readonly PageChanges[],
  ): Promise<ReadonlySet<string>> {
    const statement = this.statementOf(projectors.map(({ tables }) => tables));
    if (!projectors.some(({ tables }, n) => tables.hasMore(changes[n]!))) return statement.run(client, step, changes);
    return inTransaction(client, async () => {
      const moved = await statement.run(client, step, changes);
      for (const [n, { name, tables }] of projectors.entries())
        if (moved.has(name)) await tables.refusedCounts?.write(client, changes[n]!);
      return moved;
    });
  }

  private statementOf(tables: readonly ProjectionStore[]): PageStatement {
    const names = String(tables.map(({ projection, version }) => tableOf(projection, version)));
    if (names !== this.last?.names)
      this.last = { names, statement: new PageStatement(tables, 'for no key update skip locked') };
    return this.last.statement;
  }

  /** How long to wait after a small page that took so long, in milliseconds. */
  private gatherMs(tookMs: number): number {
    return Math.max(this.options.gatherMs ?? GATHER_MS, Math.min(2 * tookMs, MOST_GATHER_MS));
  }
}

/** Whoever joined first: it is one statement. */
const byName = (one: Projector, other: Projector): number => (one.name < other.name ? -1 : 1);

/** What a page changes for each of them. For all at once it would hold the event loop as many times as long as for one. */
async function foldFor(
  projectors: readonly Projector[],
  page: readonly StoredEvent[],
  before: ReadonlyMap<string, KnownState>,
  states: ExecutionStates,
): Promise<PageChanges[]> {
  const fold = new PageFold(
    projectors.map(({ tables }) => tables.projection),
    before,
    states.fold,
  );
  const stint = new Stint();
  for (const stored of page) {
    fold.add(stored);
    if (stint.isOver) await stint.next();
  }
  const outcome = fold.outcome();
  const changes: PageChanges[] = [];
  for (const n of projectors.keys()) {
    changes.push({ ...outcome, ...fold.contributed(n) });
    if (stint.isOver) await stint.next();
  }
  return changes;
}
