import { describe, expect, it } from '@jest/globals';
import type { StoredEvent } from '../../src/event-store/event-store.js';
import type { WrittenAppend } from '../../src/event-store/postgres/append-call.js';
import { LogTail } from '../../src/event-store/postgres/log-tail.js';
import { encodeAppend } from '../../src/event-store/postgres/queued-append.js';
import { pageOf } from '../../src/event-store/postgres/reader.js';
import { events } from '../contract/event-store.contract.js';

/** A log of so many events, one character each, read in pages of ten; how often it was read, and from where. */
function given(length: number, limits = { events: 10, size: 1_000 }) {
  const log = Array.from({ length }, (_, n) => ({ position: BigInt(n + 1) }) as StoredEvent);
  const reads: bigint[] = [];
  const tail = new LogTail(async (after) => {
    reads.push(after);
    const events = log.filter(({ position }) => position > after).slice(0, 10);
    return { events, size: events.length };
  }, limits);
  const positions = async (after: number) => (await tail.after(BigInt(after))).map(({ position }) => Number(position));
  const append = (): void => void log.push({ position: BigInt(log.length + 1) } as StoredEvent);
  return { tail, reads, positions, append };
}
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, n) => from + n);

describe('the tail of the log', () => {
  it('is read once for all who come to it, each event the same object for everybody', async () => {
    const { tail, reads, positions } = given(25);
    const [one, other] = await Promise.all([tail.after(0n), tail.after(0n)]);
    expect(one[3]).toBe(other[3]);
    for (const after of [0, 10, 20]) expect(await positions(after)).toEqual(range(after + 1, Math.min(after + 10, 25)));
    expect(await positions(4)).toEqual(range(5, 10)); // in the middle of a page: what is left of it
    expect((await tail.after(4n))[0]).toBe(one[4]);
    expect(reads).toEqual([0n, 10n, 20n]);
  });

  it('looks again at the head, and gives what came since', async () => {
    const { positions, append, reads } = given(3);
    expect(await positions(0)).toEqual([1, 2, 3]);
    expect(await positions(3)).toEqual([]);
    append();
    expect(await positions(3)).toEqual([4]);
    expect(await positions(0)).toEqual([1, 2, 3, 4]);
    expect(reads).toEqual([0n, 3n, 3n]);
  });

  it('is given in one piece to who comes later, up to its bounds, whatever the pieces it was read in', async () => {
    const { positions, append, reads } = given(3, { events: 12, size: 14 });
    await positions(3);
    for (let n = 3; n < 20; n++) {
      append();
      await positions(n);
    }
    expect(await positions(0)).toEqual(range(1, 10)); // the others began behind it: read for itself
    for (const [after, last] of [
      [6, 18],
      [10, 20],
      [18, 20],
    ] as const)
      expect(await positions(after)).toEqual(range(after + 1, last));
    expect(reads).toHaveLength(19);
  });

  it('leaves one who is behind to read for itself, and begins anew with one who is ahead', async () => {
    const { positions, reads } = given(100);
    expect(await positions(50)).toEqual(range(51, 60));
    expect(await positions(10)).toEqual(range(11, 20));
    expect(await positions(60)).toEqual(range(61, 70));
    expect(await positions(90)).toEqual(range(91, 100));
    for (const held of [95, 99]) expect(await positions(held)).toEqual(range(held + 1, 100));
    expect(reads).toEqual([50n, 10n, 60n, 90n]);
    expect(await positions(50)).toEqual(range(51, 60)); // let go
    expect(reads).toHaveLength(5);
  });

  it('holds no more than it may, but for its newest page', async () => {
    const { positions, reads } = given(100, { events: 10, size: 25 });
    for (const after of [0, 10, 20, 30]) await positions(after);
    for (const held of [20, 30]) await positions(held);
    expect(reads).toHaveLength(4);
    await positions(10);
    expect(reads).toHaveLength(5);
  });

  it('holds no more pages than can be searched at once, however small', async () => {
    const { positions, append, reads } = given(0, { events: 10, size: 1_000 });
    for (let n = 0; n < 70; n++) {
      append();
      await positions(n);
    }
    expect(await positions(6)).toEqual(range(7, 16));
    expect(reads).toHaveLength(70);
    await positions(5); // let go
    expect(reads).toHaveLength(71);
  });

  it('goes on with what was written here where it follows, and reads what is behind a gap', async () => {
    const { tail, positions, append, reads } = given(3);
    const write = (n: number): void => {
      append();
      tail.written(BigInt(n) - 1n, () => ({ events: [{ position: BigInt(n) } as StoredEvent], size: 1 }));
    };
    write(4);
    expect(await positions(3)).toEqual([4]); // nobody had come to its place: nothing was held that it follows
    for (const n of [5, 6]) write(n);
    expect([await positions(4), await positions(5)]).toEqual([[5, 6], [6]]);
    expect(reads).toEqual([3n]);
    append(); // by another process
    write(8);
    expect(await positions(6)).toEqual([7, 8]);
    write(9);
    expect(await positions(7)).toEqual([8, 9]);
    expect(reads).toEqual([3n, 6n]);
    expect([8, 9].map((after) => tail.next(BigInt(after))?.position)).toEqual([9n, undefined]);
    tail.forget();
    expect(tail.next(8n)).toBeUndefined();
  });

  it('tells all who wait for a page that it could not be read, and reads again for the next', async () => {
    let fails = true;
    const tail = new LogTail(
      async () => {
        if (fails) throw new Error('away');
        return { events: [{ position: 1n } as StoredEvent], size: 1 };
      },
      { events: 10, size: 10 },
    );
    const both = await Promise.allSettled([tail.after(0n), tail.after(0n)]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    fails = false;
    expect(await tail.after(0n)).toHaveLength(1);
  });
});

it('what a batch wrote is a page of the log where it is one piece of it', () => {
  const wrote = (last: bigint): WrittenAppend => ({
    append: encodeAppend(
      { stream: `execution-${last}`, events: events(2), expectedRevision: 'any' },
      0,
      () => undefined,
    ),
    outcome: { outcome: 'appended', revision: 1, position: last, recordedAt: '2030-01-01T00:00:00.000Z' },
  });
  expect(pageOf([wrote(2n), wrote(4n)])?.events.map(({ position }) => position)).toEqual([1n, 2n, 3n, 4n]);
  expect(pageOf([wrote(2n), wrote(5n)])).toBeUndefined(); // another process wrote in between: an earlier, lost call
});
