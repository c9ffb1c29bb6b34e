/** Rings when the log may have grown. A ticket taken before a look makes sure that no ring during the look is missed. */
export class Bell {
  private rings = 0;
  private readonly sleepers = new Set<() => void>();

  ticket(): number {
    return this.rings;
  }

  ring(): void {
    this.rings++;
    for (const wake of [...this.sleepers]) wake();
  }

  /** Until a ring after the ticket, `ms`, or the signal, whichever is first. */
  async rung(ticket: number, ms: number, signal: AbortSignal): Promise<void> {
    if (this.rings !== ticket || signal.aborted) return;
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
