import { forEverybody } from '../../caller.js';
import type { StreamName } from '../../domain/stream.js';
import type { LogReads } from '../../event-store/event-store.js';
import { headSoFar } from './lag.js';

/** Wakes on any event of the log. */
export const ANY_STREAM = '*';
/** How long the shared subscription outlives its last waiter, so that a busy history does not restart it all the time. */
const LINGER_MS = 2_000;

/**
 * Holds reads until something is there. However many wait, one subscription serves them all, and each looks again only
 * when its own stream has grown.
 */
export class StreamWaiters {
  private readonly sleepers = new Map<StreamName, Set<() => void>>();
  private following: { ready: Promise<void>; stop: AbortController } | undefined;
  private idle: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly store: LogReads) {}

  /**
   * `look()` until it finds something, `ms` are over or the caller is gone; then its last answer. Looks once at least.
   */
  async until<T>(
    stream: StreamName,
    ms: number,
    signal: AbortSignal,
    look: () => Promise<{ found: boolean; value: T }>,
  ): Promise<T> {
    const over = new AbortController();
    const stop = (): void => over.abort();
    // Held by this timer and the caller's signal alone: a composed signal may be collected before it fires.
    const timer = setTimeout(stop, ms);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    try {
      return await this.lookUntil(stream, ms > 0, over.signal, look);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
  }

  private async lookUntil<T>(
    stream: StreamName,
    wait: boolean,
    over: AbortSignal,
    look: () => Promise<{ found: boolean; value: T }>,
  ): Promise<T> {
    for (;;) {
      if (wait) await this.follow();
      const bed = this.lieDown(stream); // before the look: what comes during it must wake us
      try {
        const { found, value } = await look();
        if (found || !wait || over.aborted || this.closed) return value;
        await bed.woken(over);
      } finally {
        bed.leave();
      }
    }
  }

  /** Every waiter gets its answer now. */
  close(): void {
    this.closed = true;
    for (const stream of this.sleepers.keys()) this.wake(stream);
    this.stop();
  }

  private lieDown(stream: StreamName) {
    const sleepers = this.sleepers.get(stream) ?? new Set();
    this.sleepers.set(stream, sleepers);
    let wake: () => void = () => undefined;
    const woken = new Promise<void>((resolve) => (wake = resolve));
    sleepers.add(wake);
    return {
      woken: async (signal: AbortSignal): Promise<void> => {
        signal.addEventListener('abort', wake, { once: true });
        await woken;
        signal.removeEventListener('abort', wake);
      },
      leave: (): void => {
        sleepers.delete(wake);
        if (sleepers.size === 0 && this.sleepers.get(stream) === sleepers) this.sleepers.delete(stream);
        if (this.sleepers.size === 0) this.linger();
      },
    };
  }

  private wake(stream: StreamName): void {
    for (const wake of this.sleepers.get(stream) ?? []) wake();
  }

  private follow(): Promise<void> {
    clearTimeout(this.idle);
    if (this.following) return this.following.ready;
    const stop = new AbortController();
    const ready = forEverybody(() => headSoFar(this.store)).then((head) => void this.run(head, stop));
    this.following = { ready, stop };
    ready.catch(() => (this.following = undefined));
    return ready;
  }

  private async run(head: bigint, stop: AbortController): Promise<void> {
    try {
      for await (const page of this.store.subscribe(head, stop.signal)) {
        for (const stream of new Set(page.map((event) => event.stream))) this.wake(stream);
        this.wake(ANY_STREAM);
      }
    } catch {
      // A store that lets nobody follow says so again to whoever looks.
    } finally {
      if (this.following?.stop === stop) this.following = undefined;
      if (!stop.signal.aborted) for (const stream of this.sleepers.keys()) this.wake(stream);
    }
  }

  private linger(): void {
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.sleepers.size === 0 && this.stop(), LINGER_MS).unref();
  }

  private stop(): void {
    clearTimeout(this.idle);
    this.following?.stop.abort();
    this.following = undefined;
  }
}
