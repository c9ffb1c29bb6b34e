import { numbers } from '../deliveries.js';

/** What happens by chance, the same for the same seed. */
export class Chance {
  private readonly next: () => number;

  constructor(seed: number) {
    this.next = numbers(seed);
  }

  /** Whether something of this probability happens. */
  happens(probability: number): boolean {
    return this.next() < probability;
  }

  between(least: number, most: number): number {
    return least + this.next() * (most - least);
  }

  /** A whole number, both bounds included. */
  whole(least: number, most: number): number {
    return Math.floor(this.between(least, most + 1));
  }

  of<Item>(items: readonly Item[]): Item {
    return items[this.whole(0, items.length - 1)]!;
  }

  /** Mostly near `typical`, now and then a multiple of it, as durations are. */
  around(typical: number): number {
    return typical * Math.exp(this.between(-0.5, 0.5) + (this.happens(0.05) ? this.between(0.7, 1.6) : 0));
  }
}
