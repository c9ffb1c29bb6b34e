import { callerName } from '../caller.js';

interface SharedRead<T> {
  readonly now: Promise<T>;
  /** Of those who asked while it ran. */
  next?: Promise<T>;
}

/**
 * One read for all who want the same at once in one name, so that waking a thousand waiters asks the database once or twice.
 * Another name's read may be waiting behind thousands of its own.
 * Whoever asks while a read runs gets the next one: no answer is older than its question.
 */
export class SharedReads<T> {
  private readonly reads = new Map<string, SharedRead<T>>();

  /** @param wanted the same text, the same `read` */
  get(wanted: string, read: () => Promise<T>): Promise<T> {
    const key = `${callerName()} ${wanted}`;
    const running = this.reads.get(key);
    if (!running) return this.start(key, read);
    const start = (): Promise<T> => this.start(key, read);
    return (running.next ??= running.now.then(start, start));
  }

  private start(key: string, read: () => Promise<T>): Promise<T> {
    const started: SharedRead<T> = { now: read() };
    this.reads.set(key, started);
    const forget = (): void => {
      if (this.reads.get(key) === started) this.reads.delete(key);
    };
    started.now.then(forget, forget);
    return started.now;
  }
}
