import { onStop } from '../../on-stop.js';

/** How long heeding a wish to stop may take, in milliseconds: a database that stands still would keep it waiting. */
const LIMIT_MS = 20_000;

/** A person's wish to stop: the first asks, a second one while the first is heeded ends the program, and so does time. */
export class Interrupt {
  private readonly controller = new AbortController();
  private readonly heeds: (() => Promise<void>)[] = [];

  constructor(private readonly exit: () => never) {
    onStop(() => this.come(), exit);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get came(): boolean {
    return this.signal.aborted;
  }

  /** What is done before work is stopped, for as long as that work goes on. */
  async during<T>(heed: () => Promise<void>, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const stop = new AbortController();
    const heeding = (): Promise<void> =>
      heed()
        .catch(() => undefined)
        .then(() => stop.abort());
    this.heeds.push(heeding);
    if (this.came) void heeding();
    try {
      return await work(stop.signal);
    } finally {
      this.heeds.pop();
    }
  }

  private come(): void {
    setTimeout(this.exit, LIMIT_MS).unref();
    this.controller.abort();
    void this.heeds.at(-1)?.();
  }
}
