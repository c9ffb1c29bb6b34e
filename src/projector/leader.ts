import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { tryToLead } from './leadership.js';

/** How long to wait before trying to lead again, in milliseconds. */
const RETRY_MS = 500;

/** What is done wherever this process leads. */
export interface Led {
  /** Tells locks of different leads apart. */
  readonly purpose: number;
  /**
   * One term, on the connection that holds the lead; ends early when the signal aborts. Ending or throwing ends the lead,
   * and it is sought again.
   */
  term(client: pg.Client, signal: AbortSignal): Promise<void>;
}

export interface LeaderOptions {
  /** A new connection, its own for as long as the lead is held. */
  readonly connect: () => Promise<pg.Client>;
  readonly onError: (error: unknown) => void;
  /** How long to wait before trying to lead again, in milliseconds. */
  readonly retryMs?: number;
}

/** Does something in one process at a time; another takes over when its connection dies. */
export class Leader {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private readonly retryMs: number;

  constructor(
    private readonly led: Led,
    private readonly options: LeaderOptions,
  ) {
    this.retryMs = options.retryMs ?? RETRY_MS;
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Resolves when the term under way has ended. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.lead().catch((error: unknown) => this.options.onError(error));
      await pause(this.retryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** One term: until somebody else leads, the connection is lost, what is done fails or the leader is stopped. */
  private async lead(): Promise<void> {
    const client = await this.options.connect();
    const lost = new AbortController();
    const signal = AbortSignal.any([this.stopping.signal, lost.signal]);
    client.once('end', () => lost.abort());
    try {
      while (!(await tryToLead(client, this.led.purpose))) await pause(this.retryMs, undefined, { signal });
      await this.led.term(client, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
