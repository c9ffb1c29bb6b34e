import { expect, it } from '@jest/globals';
import { StreamHeads } from '../../src/event-store/eventstoredb/stream-heads.js';

const facts = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({
    eventId: `e${from + i}`,
    revision: from + i,
    recordedAt: `t${from + i}`,
  }));

it('an event that follows the known head is learnt; any other changes nothing', () => {
  const heads = new StreamHeads();
  expect(heads.learn('s', facts(5, 2))).toMatchObject({ head: -1 });
  heads.learn('s', facts(0, 3));
  heads.learn('s', facts(1, 4));
  heads.learn('s', facts(7, 1));
  expect(heads.get('s')).toMatchObject({ head: 4, recordedAt: 't4' });
  expect([...heads.get('s').ids.values()]).toEqual([0, 1, 2, 3, 4]);
});

it('a stream larger than all that is remembered is remembered', () => {
  const heads = new StreamHeads(10);
  heads.learn('small', facts(0, 3));
  heads.learn('large', facts(0, 8));
  heads.learn('large', facts(8, 8));
  expect(heads.get('large').head).toBe(15);
  expect(heads.get('small').head).toBe(-1);
});

it('a reader in several steps goes on from where it was, though others took its place', () => {
  const heads = new StreamHeads(10);
  const { epoch } = heads;
  const first = heads.learn('s', facts(0, 8));
  heads.learn('other', facts(0, 8));
  expect(heads.get('s').head).toBe(-1);
  expect(heads.learn('s', facts(8, 2), first, epoch)).toMatchObject({ head: 9 });
  expect(heads.get('s').head).toBe(9);
});

it('appends follow the last event’s stamp, be it earlier: one far ahead would be found so again at every append', () => {
  const heads = new StreamHeads();
  const stamps = ['9999-12-31T23:59:59.999Z', '2026-01-01T00:00:00.000Z'];
  const all = stamps.map((recordedAt, revision) => ({ eventId: `e${revision}`, revision, recordedAt }));
  expect(heads.learn('s', all).recordedAt).toBe(stamps[1]);
});

it('after everything was forgotten nothing from before is remembered', () => {
  const heads = new StreamHeads();
  const { epoch } = heads;
  const first = heads.learn('s', facts(0, 8));
  heads.forget();
  heads.learn('s', facts(8, 2), first, epoch);
  expect(heads.get('s').head).toBe(-1);
  expect(heads.learn('s', facts(0, 1))).toMatchObject({ head: 0 });
});
