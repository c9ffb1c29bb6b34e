import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { EventStore } from '../event-store/event-store.js';
import { isLastPage } from '../event-store/stream-pages.js';
import type { ControlListener } from './control-listener.js';
import { ExclusiveRunner, type ExclusiveRunnerOptions } from './exclusive-runner.js';
import type { Projector } from './projector.js';
import { FULL, type SharedPages } from './shared-pages.js';

/** How often what is paused is looked at again, in milliseconds: it may not be told of whatever ends that. */
const IDLE_MS = 5_000;

export interface SubscriptionRunnerOptions extends ExclusiveRunnerOptions {
  /** What is asked of projections. */
  readonly control: ControlListener;
  /** With whom it goes on once it has come to the end of the log. */
  readonly shared: SharedPages;
}

/**
 * The one loop of a projector: lead, read the log page by page by itself, and at its end go on together with the others
 * (docs/architecture.md). One process leads at a time; another takes over when its connection dies. Stops between pages.
 */
export class SubscriptionRunner {
  private readonly runner: ExclusiveRunner;

  constructor(
    private readonly store: EventStore,
    private readonly projector: Projector,
    private readonly options: SubscriptionRunnerOptions,
  ) {
    const { lockKey } = projector;
    const canRun = (client: pg.Client): Promise<boolean> => projector.canRun(client);
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

  /** Follows the log until the projector is told that it is to begin anew, which is answered with true. */
  private async follow(client: pg.Client, term: AbortSignal): Promise<boolean> {
    const { control } = this.options;
    const told = new AbortController();
    const release = control.subscribe((projection) => {
      if (projection === undefined || projection === this.projector.name) told.abort();
    });
    try {
      await control.ready(); // asked before it begins, it is found in the table; after, it is heard
      const signal = AbortSignal.any([term, told.signal]);
      if (!(await this.projector.canRun(client))) return false; // the lead ends, for a program that can to have it
      const from = await this.projector.begin(client);
      if (from === undefined) await pause(IDLE_MS, undefined, { signal }).catch(() => undefined);
      else await this.pages(client, signal);
      return (from === undefined || told.signal.aborted) && !term.aborted;
    } finally {
      release();
    }
  }

  /** By itself and together with the others, by turns. */
  private async pages(client: pg.Client, signal: AbortSignal): Promise<void> {
    while (await this.alone(client, signal)) await this.options.shared.join(this.projector, signal);
  }

  /**
   * By itself to the end of the log, which it knows by a page that is not full: to ask for it may take long, in a log that others
   * write to (docs/operations.md). Answers false where it is to go on no further.
   */
  private async alone(client: pg.Client, signal: AbortSignal): Promise<boolean> {
    for await (const page of this.store.subscribe(this.projector.position, signal)) {
      await this.projector.handle(client, page);
      if (signal.aborted) return false;
      if (isLastPage(page, FULL)) return true;
    }
    return false;
  }
}
