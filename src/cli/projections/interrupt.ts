import { onStop } from '../../on-stop.js';
import { EXIT, CommandError } from '../exit-codes.js';

/** How long heeding a wish to stop may take, in milliseconds: a database that stands still would keep it waiting. */
const LIMIT_MS = 20_000;

/** A person's wish to stop: the first asks, a second one while the first is heeded ends the program, and so does time. */
export class Interrupt {
  private readonly controller = new AbortController();
  private readonly heeds: (() => Promise<void>)[] = [];

  constructor(private readonly exit: () => never = () => process.exit(EXIT.interrupted)) {
    onStop(() => this.come(), exit);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get came(): boolean {
    return this.signal.aborted;
  }

  /** @throws CommandError if the wish came: what was begun is to be closed, and nothing else begun */
  throwIfCame(): void {
    if (this.came) throw new CommandError(EXIT.interrupted, 'stopped');
  }

  /** Waits for work that cannot be stopped, no longer than until the wish comes. @throws Error when it came first */
  async unlessCame<T>(work: Promise<T>): Promise<T> {
    const came = new Promise<never>((_, reject) => {
      const stop = (): void => reject(new Error('stopped'));
      if (this.came) stop();
      this.signal.addEventListener('abort', stop);
    });
    return Promise.race([work, came]);
  }

  /** What is done before work is stopped, for as long as that work goes on. */
  async whileRunning<T>(heed: () => Promise<void>, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
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
