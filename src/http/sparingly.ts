import { LRUCache } from 'lru-cache';

/** How many names are told apart at once; beyond it the one that has been quiet for longest is forgotten. */
const MOST_NAMES = 10_000;

interface LastLine {
  readonly at: number;
  untold: number;
}

/** Has a thing told of once in a while, with how many there were that were not: whoever causes it again and again must not fill the log. */
export class Sparingly {
  private readonly told = new LRUCache<string, LastLine>({ max: MOST_NAMES });

  /** `apartMs`: how far apart the lines about one name are, in milliseconds. */
  constructor(
    private readonly apartMs: number,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** Whether to tell of this one: what its line says besides, or undefined where it is only counted. */
  next(name: string): { readonly untold?: number } | undefined {
    const last = this.told.get(name);
    const now = this.clock();
    if (last !== undefined && now - last.at < this.apartMs) return void last.untold++;
    this.told.set(name, { at: now, untold: 0 });
    return last !== undefined && last.untold > 0 ? { untold: last.untold } : {};
  }
}
