interface QueuedItem<T> {
  readonly one: T;
  readonly weight: number;
}

/** What waits under one name, first come first. Taken from the front without moving the rest: it can be thousands. */
class Lane<T> {
  weight = 0;
  private items: (QueuedItem<T> | undefined)[] = [];
  private front = 0;

  get length(): number {
    return this.items.length - this.front;
  }

  push(waiting: QueuedItem<T>): void {
    this.items.push(waiting);
    this.weight += waiting.weight;
  }

  shift(): T {
    const { one, weight } = this.items[this.front]!;
    this.items[this.front++] = undefined; // or it would be held until the lane is empty
    if (this.front > 1_000 && 2 * this.front > this.items.length) {
      this.items = this.items.slice(this.front);
      this.front = 0;
    }
    this.weight -= weight;
    return one;
  }

  unshift(waiting: QueuedItem<T>): void {
    if (this.front > 0) this.items[--this.front] = waiting;
    else this.items.unshift(waiting);
    this.weight += waiting.weight;
  }

  remove(one: T): void {
    const at = this.items.findIndex((waiting) => waiting?.one === one);
    this.weight -= this.items.splice(at, 1)[0]!.weight;
  }

  pop(): T {
    const { one, weight } = this.items.pop()!;
    this.weight -= weight;
    return one;
  }
}

/**
 * Where those wait who come under names, such as those of API keys: the names take turns, and under one name whoever came
 * first goes first. However many come under one name, the next under another goes right after the one that is under way.
 */
export class Lanes<T> {
  /** The name whose turn it is comes first. */
  private lanes = new Map<string, Lane<T>>();
  private waiting = 0;

  get size(): number {
    return this.waiting;
  }

  /** `weight`: of whatever there is not enough of. */
  put(name: string, one: T, weight = 1): void {
    const lane = this.lanes.get(name) ?? new Lane<T>();
    this.lanes.set(name, lane);
    lane.push({ one, weight });
    this.waiting++;
  }

  /** Takes out the one whose turn it is. */
  next(): T | undefined {
    for (const [name, lane] of this.lanes) {
      const one = lane.shift();
      this.waiting--;
      // Alone it has the next turn too. Put behind itself each time, it would leave a hole in the map, and each turn pass over all of them.
      if (this.lanes.size === 1 && lane.length > 0) return one;
      this.lanes.delete(name);
      if (lane.length > 0) this.lanes.set(name, lane);
      return one;
    }
    return undefined;
  }

  /** Takes out one of those that wait, whose turn it may not be yet. */
  remove(name: string, one: T): void {
    const lane = this.lanes.get(name)!;
    lane.remove(one);
    this.waiting--;
    if (lane.length === 0) this.lanes.delete(name);
  }

  /** One that was taken out, and could not be seen to: it goes first again. */
  putBack(name: string, one: T, weight = 1): void {
    const lane = this.lanes.get(name) ?? new Lane<T>();
    this.lanes.delete(name);
    this.lanes = new Map([[name, lane], ...this.lanes]);
    lane.unshift({ one, weight });
    this.waiting++;
  }

  /**
   * Where there is no room for one more under a name: takes out the newest under the name that has most, if that has more
   * than this one would have with it. So nobody finds the room taken by one who came before.
   */
  displaceFor(name: string, weight = 1): T | undefined {
    const own = (this.lanes.get(name)?.weight ?? 0) + weight;
    let heaviest: [string, Lane<T>] | undefined;
    for (const one of this.lanes) if (one[1].weight > (heaviest?.[1].weight ?? own)) heaviest = one;
    if (heaviest === undefined) return undefined;
    const [other, lane] = heaviest;
    const one = lane.pop();
    this.waiting--;
    if (lane.length === 0) this.lanes.delete(other);
    return one;
  }
}

/** The same in the order of their turns; under one name the order stays. */
export function inTurns<T>(waiting: readonly T[], nameOf: (one: T) => string): readonly T[] {
  const first = waiting[0] && nameOf(waiting[0]);
  if (waiting.every((one) => nameOf(one) === first)) return waiting;
  const lanes = new Lanes<T>();
  for (const one of waiting) lanes.put(nameOf(one), one);
  return waiting.map(() => lanes.next()!);
}
