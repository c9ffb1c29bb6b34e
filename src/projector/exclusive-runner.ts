import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { within } from '../closing.js';
import { dropSession } from '../postgres/session.js';
import { tryAcquireLock } from '../projection-tables/locks.js';

/** How long to wait before trying to lead again, in milliseconds. */
const RETRY_MS = 500;
/** How long what is under way may take once the lead is to end, in milliseconds; then its connection is let go of. */
const STOP_MS = 1_500;

/** What is done wherever this process leads. */
export interface ExclusiveTask {
  /** Tells locks of different leads apart. */
  readonly lockKey: number;
  /** Whether this process can do it now. One that cannot does not ask for the lead: another may be able to. */
  canRun?(client: pg.Client): Promise<boolean>;
  /**
   * One term, on the connection that holds the lead; ends early when the signal aborts. Ending or throwing ends the lead,
   * and it is sought again.
   */
  run(client: pg.Client, signal: AbortSignal): Promise<void>;
}

export interface ExclusiveRunnerOptions {
  /** A new connection, its own for as long as the lead is held. */
  readonly connect: () => Promise<pg.Client>;
  readonly onError: (error: unknown) => void;
  /** How long to wait before trying to lead again, in milliseconds. */
  readonly retryMs?: number;
}

/** Does something in one process at a time; another takes over when its connection dies. */
export class ExclusiveRunner {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private client: pg.Client | undefined;
  private readonly retryMs: number;

  constructor(
    private readonly task: ExclusiveTask,
    private readonly options: ExclusiveRunnerOptions,
  ) {
    this.retryMs = options.retryMs ?? RETRY_MS;
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Resolves when the term under way has ended; one that reads a store that stands still ends with the store's close. */
  async stop(): Promise<void> {
    this.stopping.abort();
    if (!this.running || (await within(this.running, STOP_MS))) return;
    if (this.client) dropSession(this.client);
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.lead().catch((error: unknown) => this.options.onError(error));
      await pause(this.retryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private isAble(client: pg.Client): Promise<boolean> | true {
    return this.task.canRun?.(client) ?? true;
  }

  /** One term: until somebody else leads, the connection is lost, what is done fails or it is stopped. */
  private async lead(): Promise<void> {
    const client = await this.options.connect();
    this.client = client;
    const lost = new AbortController();
    const signal = AbortSignal.any([this.stopping.signal, lost.signal]);
    client.once('end', () => lost.abort());
    try {
      while (!(await this.isAble(client)) || !(await tryAcquireLock(client, this.task.lockKey)))
        await pause(this.retryMs, undefined, { signal });
      await this.task.run(client, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.client = undefined;
      await client.end().catch(() => undefined);
    }
  }
}
