/** Notified when the log may have grown. A version taken before a look makes sure that no notification during it is missed. */
export class WakeSignal {
  private current = 0;
  private readonly sleepers = new Set<() => void>();

  version(): number {
    return this.current;
  }

  notify(): void {
    this.current++;
    for (const wake of [...this.sleepers]) wake();
  }

  /** Until a notification after that version, `ms`, or the signal, whichever is first. */
  async wait(since: number, ms: number, signal: AbortSignal): Promise<void> {
    if (this.current !== since || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.sleepers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.sleepers.add(wake);
      signal.addEventListener('abort', wake);
    });
  }
}
