import { expect, it } from '@jest/globals';
import { KnownStreams } from '../../src/event-store/eventstoredb/known-streams.js';

const facts = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({
    eventId: `e${from + i}`,
    revision: from + i,
    recordedAt: `t${from + i}`,
  }));

it('what follows is learnt; what does not, or is known, changes nothing', () => {
  const known = new KnownStreams();
  expect(known.learn('s', facts(5, 2))).toMatchObject({ head: -1 });
  known.learn('s', facts(0, 3));
  known.learn('s', facts(1, 4));
  known.learn('s', facts(7, 1));
  expect(known.get('s')).toMatchObject({ head: 4, recordedAt: 't4' });
  expect([...known.get('s').ids.values()]).toEqual([0, 1, 2, 3, 4]);
});

it('a stream larger than all that is remembered is remembered', () => {
  const known = new KnownStreams(10);
  known.learn('small', facts(0, 3));
  known.learn('large', facts(0, 8));
  known.learn('large', facts(8, 8));
  expect(known.get('large').head).toBe(15);
  expect(known.get('small').head).toBe(-1);
});

it('a reader in several steps goes on from where it was, though others took its place', () => {
  const known = new KnownStreams(10);
  const { epoch } = known;
  const first = known.learn('s', facts(0, 8));
  known.learn('other', facts(0, 8));
  expect(known.get('s').head).toBe(-1);
  expect(known.learn('s', facts(8, 2), first, epoch)).toMatchObject({ head: 9 });
  expect(known.get('s').head).toBe(9);
});

it('appends follow the last event’s stamp, be it earlier: one far ahead would be found so again at every append', () => {
  const known = new KnownStreams();
  const stamps = ['9999-12-31T23:59:59.999Z', '2026-01-01T00:00:00.000Z'];
  const all = stamps.map((recordedAt, revision) => ({ eventId: `e${revision}`, revision, recordedAt }));
  expect(known.learn('s', all).recordedAt).toBe(stamps[1]);
});

it('nothing from before a forgetting is remembered after it', () => {
  const known = new KnownStreams();
  const { epoch } = known;
  const first = known.learn('s', facts(0, 8));
  known.forget();
  known.learn('s', facts(8, 2), first, epoch);
  expect(known.get('s').head).toBe(-1);
  expect(known.learn('s', facts(0, 1))).toMatchObject({ head: 0 });
});
