import { expect, it } from '@jest/globals';
import { digestOf, fingerprintOf, type ApiKey } from '../../src/api-keys/api-key.js';
import { KeyRing } from '../../src/api-keys/key-ring.js';

const key = (name: string, sent: string, more: Partial<ApiKey> = {}): ApiKey => ({
  name,
  digest: digestOf(sent),
  scopes: ['read'],
  ...more,
});

it('two keys of one name are taken while one replaces the other', () => {
  const ring = new KeyRing([key('ci', 'old'), key('ci', 'new', { scopes: ['report'] })]);
  expect(['old', 'new', 'none'].map((sent) => ring.find(sent)?.scopes)).toEqual([['read'], ['report'], undefined]);
});

it('a key is taken up to its end, and known by name beyond it', () => {
  let now = 999;
  const ring = new KeyRing([key('ci', 'sent', { until: 1_000 })], () => now);
  expect(ring.isTaken(ring.find('sent')!)).toBe(true);
  now = 1_000;
  expect(ring.find('sent')?.name).toBe('ci');
  expect(ring.isTaken(ring.find('sent')!)).toBe(false);
});

it('a caller whose key stays as it was notices no change of the keys; a key that changed is another key', () => {
  const ring = new KeyRing([key('stays', '1'), key('goes', '2'), key('narrows', '3')]);
  const [stays, goes, narrows] = ['1', '2', '3'].map((sent) => ring.find(sent)!);
  const narrowed = key('narrows', '3', { ids: 'ci/' });
  expect(ring.replace([key('stays', '1'), narrowed, key('comes', '4')])).toEqual({
    added: [narrowed, key('comes', '4')],
    removed: [key('goes', '2'), key('narrows', '3')],
  });
  expect([stays, goes, narrows].map((one) => ring.isTaken(one!))).toEqual([true, false, false]);
  expect(ring.replace([key('stays', '1'), narrowed, key('comes', '4')])).toBeUndefined();
  expect(ring.replace([key('stays', '1')])).toEqual({ added: [], removed: [narrowed, key('comes', '4')] });
});

it('notes when a key was last used, and not that an ended one was tried', () => {
  let now = 1;
  const [used, ended] = [key('used', '1'), key('ended', '2', { until: 1 })];
  const ring = new KeyRing([used, ended], () => now++);
  for (const sent of ['1', '1', '2', 'unknown']) ring.find(sent);
  expect(ring.takeUses()).toEqual(new Map([[fingerprintOf(used), 2]]));
  expect(ring.takeUses().size).toBe(0);
});
