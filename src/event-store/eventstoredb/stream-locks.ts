import type { StreamName } from '../../domain/stream.js';

/** Lets one append at a time through per stream, in the order of their coming: a retry never races what it repeats. */
export class StreamLocks {
  private readonly last = new Map<StreamName, Promise<unknown>>();

  /** Waits for all of the streams at once, so that two appends on the same pair cannot wait for each other. */
  async hold<T>(streams: readonly StreamName[], use: () => Promise<T>): Promise<T> {
    const before = streams.flatMap((stream) => this.last.get(stream) ?? []);
    const done = before.length === 0 ? use() : Promise.all(before).then(use);
    const settled = done.catch(() => undefined);
    for (const stream of streams) this.last.set(stream, settled);
    try {
      return await done;
    } finally {
      for (const stream of streams) if (this.last.get(stream) === settled) this.last.delete(stream);
    }
  }
}
