import { describe, expect, it } from '@jest/globals';
import { START } from '../../src/event-store/position.js';
import { event, events, fresh, given, idsOf, type Subject } from './event-store.contract.js';

export function concurrencyRules(subject: Subject): void {
  describe('races', () => {
    it('of 32 appends on one revision has exactly one winner', async () => {
      const { store } = subject;
      const stream = fresh();
      await given(store, stream, event());
      const appends = Array.from({ length: 32 }, () => ({ stream, events: [event()], expectedRevision: 0 }));
      const outcomes = await Promise.all(appends.map((append) => store.append(append)));
      const winners = outcomes.filter(({ outcome }) => outcome === 'appended');
      const losers = outcomes.filter(({ outcome }) => outcome === 'conflict');
      expect([winners.length, losers.length]).toEqual([1, 31]);
      for (const loser of losers) expect(loser).toMatchObject({ stream, actual: 1 });
      expect(await store.readStream(stream)).toHaveLength(2);
    });

    it('of an append and confirmations tells every confirmation the truth', async () => {
      const { store } = subject;
      const stream = fresh();
      await given(store, stream, event());
      const confirm = { stream, events: [], expectedRevision: 0 };
      const outcomes = await store.appendMany([
        confirm,
        { stream, events: [event()], expectedRevision: 0 },
        confirm,
        { stream, events: [], expectedRevision: 1 },
      ]);
      expect(outcomes).toMatchObject([
        { outcome: 'confirmed' },
        { outcome: 'appended', revision: 1 },
        { outcome: 'conflict', actual: 1 },
        { outcome: 'confirmed' },
      ]);
    });

    it('of an append and another that it guards lets one of them lose, or neither', async () => {
      const { store } = subject;
      for (let i = 0; i < 10; i++) {
        const [execution, refused] = [fresh(), fresh('refused')];
        await given(store, execution, event());
        const guard = { stream: execution, revision: 0 };
        const [kept, moved] = await Promise.all([
          store.append({ stream: refused, events: [event()], expectedRevision: 'any', guard }),
          store.append({ stream: execution, events: [event()], expectedRevision: 0 }),
        ]);
        expect(moved.outcome).toBe('appended');
        const [keptAt] = await store.readStream(refused);
        const movedAt = (await store.readStream(execution)).at(-1)!.position;
        expect(keptAt ? keptAt.position < movedAt : kept.outcome === 'conflict').toBe(true);
      }
    });

    it('of many writers on many streams loses nothing and keeps every order', async () => {
      const { store } = subject;
      const before = await store.head();
      const streams = Array.from({ length: 40 }, () => fresh());
      const written = await Promise.all(
        streams.map(async (stream) => {
          const mine = events(25);
          for (const one of mine) await given(store, stream, one);
          return idsOf(mine);
        }),
      );
      for (const [i, stream] of streams.entries()) expect(idsOf(await store.readStream(stream))).toEqual(written[i]);
      const all = await store.readAll(before, 2_000);
      expect(all.filter(({ stream }) => streams.includes(stream))).toHaveLength(1_000);
    });
  });

  describe('close', () => {
    it('finishes what was accepted, and refuses what comes later', async () => {
      const store = await subject.open();
      const [stream, other] = [fresh(), fresh()];
      const accepted = [stream, stream, other].map((one) => given(store, one, event()));
      await store.close();
      await expect(Promise.all(accepted)).resolves.toHaveLength(3);
      const unavailable = { kind: 'unavailable' };
      const append = { stream, events: [event()], expectedRevision: 'any' as const };
      await expect(store.append(append)).rejects.toMatchObject(unavailable);
      expect(await store.appendMany([append])).toMatchObject([unavailable]);
      await expect(store.readStream(stream)).rejects.toMatchObject(unavailable);
      await expect(store.readAll(START, 1)).rejects.toMatchObject(unavailable);
      await expect(store.findEvent(stream, 'x')).rejects.toMatchObject(unavailable);
      await expect(store.head()).rejects.toMatchObject(unavailable);
      await store.close();
    });

    it('ends subscriptions', async () => {
      const store = await subject.open();
      const pages = store.subscribe(await store.head(), new AbortController().signal)[Symbol.asyncIterator]();
      const next = pages.next();
      await store.close();
      expect((await next).done).toBe(true);
    });
  });
}
