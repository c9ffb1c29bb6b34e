import { describe, expect, it } from '@jest/globals';
import { NO_STREAM } from '../../src/domain/stream.js';
import { PAGE_BYTES, type ReadStreamOptions, type StoredEvent } from '../../src/event-store/event-store.js';
import { streamPages } from '../../src/event-store/stream-pages.js';
import { START } from '../../src/event-store/position.js';
import { event, events, fresh, given, idsOf, revisionsOf, type Subject } from './event-store.contract.js';

export function readRules(subject: Subject): void {
  describe('readStream', () => {
    const cases: [ReadStreamOptions, number[]][] = [
      [{}, [0, 1, 2, 3, 4]],
      [{ limit: 2 }, [0, 1]],
      [{ limit: 0 }, []],
      [{ fromRevision: 3 }, [3, 4]],
      [{ fromRevision: 1, limit: 2 }, [1, 2]],
      [{ fromRevision: 4 }, [4]],
      [{ fromRevision: 5 }, []],
      [{ direction: 'backwards' }, [4, 3, 2, 1, 0]],
      [{ direction: 'backwards', limit: 1 }, [4]],
      [{ direction: 'backwards', fromRevision: 2 }, [2, 1, 0]],
      [{ direction: 'backwards', fromRevision: 2, limit: 2 }, [2, 1]],
      [{ direction: 'backwards', fromRevision: 99, limit: 1 }, [4]],
      [{ direction: 'backwards', fromRevision: 0 }, [0]],
    ];
    it.each(cases)('%j of five events', async (options, revisions) => {
      const stream = fresh();
      await given(subject.store, stream, ...events(5));
      expect(revisionsOf(await subject.store.readStream(stream, options))).toEqual(revisions);
    });

    it.each<ReadStreamOptions>([{}, { direction: 'backwards' }, { fromRevision: 3 }])(
      '%j of no stream is empty',
      async (options) => {
        expect(await subject.store.readStream(fresh(), options)).toEqual([]);
      },
    );

    it('a stream ends at its last event, whichever streams are asked about beside it', async () => {
      const streams = Array.from({ length: 600 }, () => fresh());
      await Promise.all([0, 300, 599].map((at, n) => given(subject.store, streams[at]!, ...events(n + 1))));
      const ends = await Promise.all(streams.map((stream) => subject.store.lastRevision(stream)));
      expect(ends).toEqual(streams.map((_, at) => ({ 0: 0, 300: 1, 599: 2 })[at] ?? NO_STREAM));
    });

    it('gives a thousand at a time unless asked otherwise', async () => {
      const stream = fresh();
      await given(subject.store, stream, ...events(1_001));
      expect(await subject.store.readStream(stream)).toHaveLength(1_000);
      expect(await subject.store.readStream(stream, { limit: 2_000 })).toHaveLength(1_001);
    });

    it.each(['forwards', 'backwards'] as const)(
      'gives no more bytes at once than a page may have, %s',
      async (direction) => {
        const stream = fresh();
        // Three and a bit fill a page; control characters are six times as long in JSON as they are.
        const data = '\u0001'.repeat(PAGE_BYTES / 6 / 3.5);
        for (let n = 0; n < 3; n++) await given(subject.store, stream, ...events(3).map((one) => ({ ...one, data })));
        await given(subject.store, stream, event());
        const pages: number[][] = [];
        for await (const page of streamPages(subject.store, stream, { direction })) pages.push(revisionsOf(page));
        expect(pages.map((page) => page.length)).toEqual(direction === 'forwards' ? [4, 4, 2] : [5, 4, 1]);
        const all = Array.from({ length: 10 }, (_, n) => n);
        expect(pages.flat()).toEqual(direction === 'forwards' ? all : all.reverse());
      },
    );

    it('gives nobody an object that somebody else holds', async () => {
      const [stream, data] = [fresh(), { list: [1] }];
      await given(subject.store, stream, event({ data }));
      data.list.push(2);
      const read = async () => (await subject.store.readStream(stream))[0]!.data as { list: number[] };
      (await read()).list.push(3);
      expect(await read()).toEqual({ list: [1] });
    });
  });

  describe('readAll', () => {
    it('gives the log in commit order, after a position, up to a limit', async () => {
      const { store } = subject;
      const before = await store.head();
      const [a, b] = [fresh(), fresh()];
      const [one, two, three] = events(3) as [
        ReturnType<typeof event>,
        ReturnType<typeof event>,
        ReturnType<typeof event>,
      ];
      const first = await given(store, a, one);
      await given(store, b, two);
      await given(store, a, three);
      const all = await store.readAll(before, 10);
      expect(all.map(({ stream, eventId, revision }) => [stream, eventId, revision])).toEqual([
        [a, one.eventId, 0],
        [b, two.eventId, 0],
        [a, three.eventId, 1],
      ]);
      expect(idsOf(await store.readAll(before, 1))).toEqual([one.eventId]);
      expect(idsOf(await store.readAll(first.position, 10))).toEqual([two.eventId, three.eventId]);
      expect(await store.readAll(all[2]!.position, 10)).toEqual([]);
      expect(await store.head()).toBe(all[2]!.position);
      expect((await store.readAll(START, 1))[0]!.position).toBeLessThanOrEqual(all[0]!.position);
    });

    it('says when an event was recorded by its very position, and of no other', async () => {
      const { store } = subject;
      const before = await store.head();
      await given(store, fresh(), ...events(2));
      for (const { position, recordedAt } of await store.readAll(before, 2))
        expect(await store.recordedAt(position)).toBe(recordedAt);
      for (const none of [START, (await store.head()) + 1n, 2n ** 62n])
        expect(await store.recordedAt(none)).toBe(undefined);
    });

    it('never has the recording clock run backwards in a stream, nor along the log where one writer orders it', async () => {
      const { store } = subject;
      const before = await store.head();
      const streams = Array.from({ length: 20 }, () => fresh());
      for (const stream of [...streams, ...streams]) await given(store, stream, event());
      const times = (list: readonly StoredEvent[]): string[] => list.map(({ recordedAt }) => recordedAt);
      const all = await store.readAll(before, 1_000);
      const orders = [
        ...streams.map((stream) => times(all.filter((one) => one.stream === stream))),
        ...(store.densePositions ? [times(all)] : []),
      ];
      for (const order of orders) expect(order).toEqual([...order].sort());
    });

    it('has positions without gaps where the store says so', async () => {
      const { store } = subject;
      const before = await store.head();
      await given(store, fresh(), ...events(20));
      const positions = (await store.readAll(before, 100)).map(({ position }) => position);
      const dense = positions.map((_, i) => before + BigInt(i + 1));
      const increasing = positions.every((position, i) => i === 0 || position > positions[i - 1]!);
      expect([increasing, !store.densePositions || positions.join() === dense.join()]).toEqual([true, true]);
    });
  });

  it('readAll gives no more payload at once than it is asked for, and one event, and comes to the end', async () => {
    const { store } = subject;
    const [stream, before] = [fresh(), await store.head()];
    await given(store, stream, ...Array.from({ length: 10 }, () => event({ data: 'x'.repeat(10_000) })));
    const lengths: number[] = [];
    for (let after = before; ;) {
      const page = await store.readAll(after, 100, 25_000);
      if (page.length === 0) break;
      lengths.push(page.length);
      after = page.at(-1)!.position;
    }
    expect(lengths).toEqual([3, 3, 3, 1]);
    expect(await store.readAll(before, 2, 25_000)).toHaveLength(2);
  });

  describe('subscribe', () => {
    it('catches up, then follows, without a hole, and ends when it is told to', async () => {
      const { store } = subject;
      const stop = new AbortController();
      const [stream, before] = [fresh(), await store.head()];
      await given(store, stream, ...events(1_500));
      const seen: number[] = [];
      let asked = 0;
      for await (const page of store.subscribe(before, stop.signal)) {
        expect(page.length).toBeGreaterThan(0);
        seen.push(...revisionsOf(page.filter((one) => one.stream === stream)));
        if (seen.length >= 1_500 && asked++ < 5) void given(store, stream, event());
        if (seen.length === 1_505) stop.abort();
      }
      expect(seen).toEqual(Array.from({ length: 1_505 }, (_, revision) => revision));
    });

    it('gives no page of more than 8 MiB and one event, however many events there are', async () => {
      const { store } = subject;
      const [stream, before] = [fresh(), await store.head()];
      const data = 'x'.repeat(500_000);
      for (let n = 0; n < 20; n++) await given(store, stream, event({ data }));
      const stop = new AbortController();
      const sizes: number[] = [];
      for await (const page of store.subscribe(before, stop.signal)) {
        sizes.push(page.reduce((sum, one) => sum + (one.data === data ? data.length : 0), 0));
        if (page.some((one) => one.stream === stream && one.revision === 19)) stop.abort();
      }
      expect(sizes.reduce((a, b) => a + b)).toBe(20 * data.length);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(8 * 1024 * 1024 + data.length);
    }, 30_000);

    it('wakes up for an event that comes while it waits at the end', async () => {
      const { store } = subject;
      const stop = new AbortController();
      const pages = store.subscribe(await store.head(), stop.signal)[Symbol.asyncIterator]();
      const next = pages.next();
      const [stream, one] = [fresh(), event()];
      await given(store, stream, one);
      expect(idsOf((await next).value)).toEqual([one.eventId]);
      stop.abort();
      expect((await pages.next()).done).toBe(true);
    });

    it('ends while it waits for an event that never comes', async () => {
      const stop = new AbortController();
      const pages = subject.store.subscribe(await subject.store.head(), stop.signal)[Symbol.asyncIterator]();
      const next = pages.next();
      stop.abort();
      expect((await next).done).toBe(true);
    });
  });
}
