import { numbers } from '../../src/cli/demo/deliveries.js';

/** Choices that are the same for the same seed. */
export class Random {
  private readonly next: () => number;

  constructor(seed: number) {
    this.next = numbers(seed);
  }

  /** Below `sides`. */
  whole(sides: number): number {
    return Math.floor(this.next() * sides);
  }

  /** True so often of 1. */
  chance(often: number): boolean {
    return this.next() < often;
  }

  pick<T>(things: readonly T[]): T {
    return things[this.whole(things.length)]!;
  }

  /** One of them, each as often as its weight says. */
  weighed<T>(things: readonly (readonly [weight: number, thing: T])[]): T {
    let left = this.next() * things.reduce((sum, [weight]) => sum + weight, 0);
    return things.find(([weight]) => (left -= weight) < 0)![1];
  }

  /** So many cards, of one shuffled deck after the other: each comes as often as it is in it. */
  dealt<T>(deck: readonly T[], count: number): T[] {
    const cards: T[] = [];
    while (cards.length < count) {
      const rest = [...deck];
      while (rest.length > 0) cards.push(...rest.splice(this.whole(rest.length), 1));
    }
    return cards.slice(0, count);
  }
}
