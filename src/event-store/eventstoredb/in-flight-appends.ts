import { StoreError } from '../../errors.js';

/** The appends that were accepted and are not answered: bounded, for they wait in memory, and waited for at the end. */
export class InFlightAppends {
  private readonly running = new Set<Promise<unknown>>();
  private bytes = 0;

  constructor(
    private readonly maxLength: number,
    private readonly maxBytes: number,
  ) {}

  /** @throws StoreError `overloaded` */
  during<T>(bytes: number, use: () => Promise<T>): Promise<T> {
    if (this.running.size >= this.maxLength || (this.bytes > 0 && this.bytes + bytes > this.maxBytes)) {
      throw new StoreError('overloaded', `${this.running.size} appends wait for the event store`);
    }
    const done = use();
    this.running.add(done);
    this.bytes += bytes;
    const leave = (): void => {
      this.running.delete(done);
      this.bytes -= bytes;
    };
    void done.then(leave, leave);
    return done;
  }

  /** When all of them are answered. */
  async done(): Promise<void> {
    await Promise.allSettled(this.running);
  }
}
