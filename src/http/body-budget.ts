import { Problem } from '../contract/problem.js';

/** What a body holds of a budget. */
export interface Share {
  /** The body holds so many bytes now; resolves when it may read on. @throws Problem 503 where that takes too long */
  hold(bytes: number): Promise<void> | undefined;
  /** It holds nothing any more. */
  release(): void;
}

interface Holder {
  bytes: number;
  readOn?: (() => void) | undefined;
}

/**
 * How many bytes of bodies are held at once. Beyond that the oldest body alone is read on, so that one always comes to its
 * end; the others wait, each with what it has, and their senders with the rest.
 */
export class BodyBudget {
  private readonly holders = new Set<Holder>();
  private held = 0;

  constructor(
    private readonly limit: number,
    private readonly patienceMs: number,
  ) {}

  /** The share of a body that begins to arrive. */
  open(): Share {
    const holder: Holder = { bytes: 0 };
    this.holders.add(holder);
    return {
      hold: (bytes) => {
        if (!this.holders.has(holder)) return undefined; // its sender has gone while a piece waited for its turn
        this.held += bytes - holder.bytes;
        holder.bytes = bytes;
        return this.mayGoOn(holder) ? undefined : this.wait(holder);
      },
      release: () => {
        if (!this.holders.delete(holder)) return;
        this.held -= holder.bytes;
        for (const other of this.holders) if (this.mayGoOn(other)) other.readOn?.();
      },
    };
  }

  private mayGoOn(holder: Holder): boolean {
    return this.held <= this.limit || holder === this.holders.values().next().value;
  }

  private wait(holder: Holder): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        holder.readOn = undefined;
        reject(Problem.of('overloaded', 'too many bytes of other bodies are held at the moment; send the same again'));
      }, this.patienceMs);
      holder.readOn = () => {
        clearTimeout(timer);
        holder.readOn = undefined;
        resolve();
      };
    });
  }
}
