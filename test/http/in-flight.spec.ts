import { expect, it } from '@jest/globals';
import { InFlight, type Share } from '../../src/http/in-flight.js';

const LIMIT = 6_400;
/** What large ones may hold together. */
const FOR_LARGE = 5_600;
const SMALL = 100;
const WAITS = expect.any(Promise);
const REFUSED = expect.objectContaining({ details: expect.objectContaining({ status: 503 }), retryAfter: 1 });

const inFlight = (patienceMs = 60_000): InFlight => new InFlight(LIMIT, patienceMs);
const shares = (of: InFlight, ...bytes: number[]): Share[] =>
  bytes.map((some) => {
    const share = of.open();
    expect(share.hold(some)).toBeUndefined();
    return share;
  });

it('where there is no room one alone goes on, and the others when there is', async () => {
  const all = inFlight();
  const [first, beyond] = shares(all, FOR_LARGE - 500, 501);
  const [younger, youngest] = [all.open(), all.open()];
  const waiting = [younger.hold(2_000), youngest.hold(1_000)];
  expect(waiting).toEqual([WAITS, WAITS]);
  expect(beyond!.hold(100 * LIMIT)).toBeUndefined();
  first!.release();
  await Promise.all(waiting);
  expect(younger.hold(FOR_LARGE)).toEqual(WAITS);
  [younger, youngest, beyond!].forEach(({ release }) => release());
  expect(all.open().hold(FOR_LARGE)).toBeUndefined();
});

it('who has waited longest goes on beyond the room when nobody else does', async () => {
  const all = inFlight();
  const [, beyond] = shares(all, FOR_LARGE, 1_000);
  const [next, last] = [all.open(), all.open()];
  const waiting = [next.hold(900), last.hold(200)];
  beyond!.take(SMALL); // it is answered
  await waiting[0];
  next.release();
  await waiting[1];
});

it('small ones wait for no large ones', () => {
  const all = inFlight();
  shares(all, FOR_LARGE, 10 * LIMIT, ...Array<number>(8).fill(SMALL));
  expect(all.open().hold(SMALL)).toEqual(WAITS);
});

it('what grows waits with what it has, and what shrinks does not wait', () => {
  const all = inFlight();
  const [growing] = shares(all, 3_000, FOR_LARGE - 3_000, 1_000);
  expect(growing!.hold(3_001)).toEqual(WAITS);
  expect(growing!.hold(2_999)).toBeUndefined();
});

it('who waits too long is told to come again, and holds up nobody', async () => {
  const all = inFlight(1);
  const [first, beyond] = shares(all, FOR_LARGE, 1_000);
  await expect(all.open().hold(1_000)).rejects.toEqual(REFUSED);
  first!.release();
  beyond!.release();
  shares(all, FOR_LARGE);
});

it('what can be asked for again is refused at once, and what is there is held whatever there is room for', () => {
  const all = inFlight();
  const [first] = shares(all, FOR_LARGE, 1_000);
  const read = all.open();
  expect(() => read.claim(1_000)).toThrow(REFUSED);
  expect(all.hasRoom(LIMIT - FOR_LARGE + 1)).toBe(false);
  all.open().take(LIMIT);
  expect(all.hasRoom(1)).toBe(false);
  first!.release();
  expect(all.hasRoom(1)).toBe(false);
});

it('a piece that comes when its body was given up takes nothing, and waits for nothing', async () => {
  const all = inFlight();
  const [first, beyond] = shares(all, FOR_LARGE, 1_000);
  const gone = all.open();
  const waiting = gone.hold(1_000);
  gone.release();
  await waiting;
  expect(gone.hold(LIMIT)).toBeUndefined();
  first!.release();
  beyond!.release();
  shares(all, FOR_LARGE);
});
