import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { EventStore, StoredEvent } from '../event-store/event-store.js';
import type { Position } from '../event-store/position.js';
import { isLastPage } from '../event-store/stream-pages.js';
import type { ControlListener } from './control-listener.js';
import { ExclusiveRunner, type ExclusiveRunnerOptions } from './exclusive-runner.js';

/** A page of fewer events, and not cut by its bytes, is followed by a short wait: a row that changes often is then written once for all of them. */
const FULL = 500;
/** How long, in milliseconds: a part of what a reader waits until it sees what was written. */
const GATHER_MS = 4;
/** Under load, twice as long as the page took, for small pages cost the most; no longer than this, in milliseconds. */
const MOST_GATHER_MS = 12;

/** How often what is paused is looked at again, in milliseconds: it may not be told of whatever ends that. */
const IDLE_MS = 5_000;

/** What is done with the log, page by page. */
export interface SubscriptionHandler {
  /** By which it is told that somebody wants something else of it. */
  readonly name: string;
  /** Tells locks of different followers apart. */
  readonly lockKey: number;
  /** Whether this program can do it now; while it cannot, the lead is left to one that can. */
  canRun(client: pg.ClientBase): Promise<boolean>;
  /** Where to go on from, undefined while it is paused or cannot go on; called whenever the lead is won, and whenever it is told. */
  begin(client: pg.ClientBase): Promise<Position | undefined>;
  /** Handles the page and moves the checkpoint, in one transaction. Throwing ends the lead. */
  handle(client: pg.ClientBase, page: readonly StoredEvent[]): Promise<void>;
}

export interface SubscriptionRunnerOptions extends ExclusiveRunnerOptions {
  /** What is asked of projections. */
  readonly control: ControlListener;
  /** How long to wait after a small page at least, in milliseconds. */
  readonly gatherMs?: number;
}

/**
 * The one loop of everything that follows the log: lead, read a page, handle it, move the checkpoint (docs/architecture.md).
 * One process leads at a time; another takes over when its connection dies. Stops between pages.
 */
export class SubscriptionRunner {
  private readonly runner: ExclusiveRunner;

  constructor(
    private readonly store: EventStore,
    private readonly handler: SubscriptionHandler,
    private readonly options: SubscriptionRunnerOptions,
  ) {
    const { lockKey } = handler;
    const canRun = (client: pg.Client): Promise<boolean> => handler.canRun(client);
    this.runner = new ExclusiveRunner({ lockKey, canRun, run: (client, signal) => this.term(client, signal) }, options);
  }

  start(): void {
    this.runner.start();
  }

  /** Resolves when the page under way is done. */
  stop(): Promise<void> {
    return this.runner.stop();
  }

  private async term(client: pg.Client, signal: AbortSignal): Promise<void> {
    while (await this.follow(client, signal));
  }

  /** Follows the log until the handler is told that it is to begin anew, which is answered with true. */
  private async follow(client: pg.Client, term: AbortSignal): Promise<boolean> {
    const { control } = this.options;
    const told = new AbortController();
    const release = control.subscribe((projection) => {
      if (projection === undefined || projection === this.handler.name) told.abort();
    });
    try {
      await control.ready(); // asked before it begins, it is found in the table; after, it is heard
      const signal = AbortSignal.any([term, told.signal]);
      if (!(await this.handler.canRun(client))) return false; // the lead ends, for a program that can to have it
      const from = await this.handler.begin(client);
      if (from === undefined) await pause(IDLE_MS, undefined, { signal }).catch(() => undefined);
      else await this.pages(client, from, signal);
      return (from === undefined || told.signal.aborted) && !term.aborted;
    } finally {
      release();
    }
  }

  private async pages(client: pg.Client, from: Position, signal: AbortSignal): Promise<void> {
    for await (const page of this.store.subscribe(from, signal)) {
      const since = performance.now();
      await this.handler.handle(client, page);
      const gatherMs = isLastPage(page, FULL) ? this.gatherMs(performance.now() - since) : 0;
      if (gatherMs > 0) await pause(gatherMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
    }
  }

  /** How long to wait after a small page that took so long, in milliseconds. */
  private gatherMs(tookMs: number): number {
    return Math.max(this.options.gatherMs ?? GATHER_MS, Math.min(2 * tookMs, MOST_GATHER_MS));
  }
}
