import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { binaryEvent, type AppendToStreamOptions, type EventStoreDBClient } from '@eventstore/db-client';
import { all, event, events, fresh, ways } from './given.js';

const largest = 1024 * 1024;
const ofSize = (bytes: number, id: string = randomUUID()) =>
  binaryEvent({ id, type: 'large', data: new Uint8Array(bytes) });

/** What appending does, either way. */
export function describeAppends(client: () => EventStoreDBClient): void {
  describe.each(ways)('an append %s', (_way, way) => {
    const append = (
      stream: string,
      what: Parameters<EventStoreDBClient['appendToStream']>[1],
      options: AppendToStreamOptions = {},
    ) => client().appendToStream(stream, what, { ...way, ...options });

    it('answers the revision and the position of its last event', async () => {
      const stream = fresh();
      const first = await append(stream, events(2), { expectedRevision: 'no_stream' });
      const second = await append(stream, event(), { expectedRevision: 1n });
      expect([first.success, first.nextExpectedRevision, second.nextExpectedRevision]).toEqual([true, 1n, 2n]);
      const stored = (await all(client().readStream(stream))).map((one) => one.event!);
      expect([first.position, second.position]).toEqual([stored[1]!.position, stored[2]!.position]);
      for (const { position } of stored) expect(position!.commit).toBe(position!.prepare);
      expect(stored[0]!.position!.commit < stored[1]!.position!.commit).toBe(true);
    });

    it.each([
      ['behind', 0n, 1n],
      ['ahead', 7n, 1n],
      ['none', 'no_stream', 1n],
    ] as const)('at a revision %s conflicts, and says the true one', async (_name, expectedRevision, actualVersion) => {
      const stream = fresh();
      await append(stream, events(2));
      const conflict = append(stream, event(), { expectedRevision });
      await expect(conflict).rejects.toMatchObject({
        type: 'wrong-expected-version',
        streamName: stream,
        expectedVersion: expectedRevision,
        actualVersion,
        message: '',
      });
    });

    it.each([0n, 'stream_exists'] as const)('expecting %s of no stream conflicts', async (expectedRevision) => {
      const conflict = append(fresh(), event(), { expectedRevision });
      await expect(conflict).rejects.toMatchObject({ expectedVersion: expectedRevision, actualVersion: 'no_stream' });
    });

    it.each(['no_stream', 0n] as const)(
      'repeated at %s, with other bodies and after later events, is answered as it first was',
      async (expectedRevision) => {
        const stream = fresh();
        if (expectedRevision === 0n) await append(stream, event());
        const ids = [randomUUID(), randomUUID()];
        const first = await append(
          stream,
          ids.map((id) => event('a', id)),
          { expectedRevision },
        );
        await append(stream, event());
        const again = await append(
          stream,
          ids.map((id) => event('b', id, { other: true })),
          { expectedRevision },
        );
        expect(again).toEqual(first);
        const partly = append(stream, [event('a', ids[0]), event()], { expectedRevision });
        await expect(partly).rejects.toMatchObject({ type: 'wrong-expected-version' });
        const part = await append(stream, event('a', ids[0]), { expectedRevision });
        expect(part.nextExpectedRevision).toBe(first.nextExpectedRevision - 1n);
      },
    );

    it.each(['any', 'stream_exists'] as const)(
      'repeated with %s is known by its first id',
      async (expectedRevision) => {
        const stream = fresh();
        await append(stream, event());
        const [known, other] = [event(), event()];
        const first = await append(stream, [known, other], { expectedRevision });
        expect(await append(stream, [known, other], { expectedRevision })).toEqual(first);
        const knownFirst = append(stream, [known, event()], { expectedRevision });
        await expect(knownFirst).rejects.toMatchObject({ type: 'wrong-expected-version', actualVersion: 2n });
        const knownLast = await append(stream, [event(), known], { expectedRevision });
        expect(knownLast.nextExpectedRevision).toBe(4n);
      },
    );

    it('of an id another stream has is taken, and `any` does not know it there', async () => {
      const [one, two, shared] = [fresh(), fresh(), event()];
      await append(one, shared);
      await append(two, shared);
      expect((await append(two, shared)).nextExpectedRevision).toBe(1n);
      expect((await append(one, shared)).nextExpectedRevision).toBe(0n);
    });

    it('of nothing moves the log, and answers revision 0 for a stream that does not exist', async () => {
      const stream = fresh();
      const before = await append(fresh(), event());
      const nothing = await append(stream, [], { expectedRevision: 'no_stream' });
      expect(nothing.nextExpectedRevision).toBe(0n);
      expect(nothing.position!.commit > before.position!.commit).toBe(true);
      await expect(all(client().readStream(stream))).rejects.toMatchObject({ type: 'stream-not-found' });
      await append(stream, events(3), { expectedRevision: 'no_stream' });
      expect((await append(stream, [], { expectedRevision: 2n })).nextExpectedRevision).toBe(2n);
      await expect(append(stream, [], { expectedRevision: 0n })).rejects.toMatchObject({ actualVersion: 2n });
    });

    it('holds 1,048,576 bytes of data, types and metadata not counted', async () => {
      const half = largest / 2;
      const metadata = new Uint8Array(4096).fill(32);
      const most = [ofSize(half), { ...ofSize(half), metadata }];
      expect((await append(fresh(), most)).success).toBe(true);
      const tooMuch = append(fresh(), [ofSize(half), ofSize(half + 1)]);
      await expect(tooMuch).rejects.toMatchObject({ type: 'maximum-append-size-exceeded', maxAppendSize: largest });
    });

    it('holds 20,000 small events', async () => {
      expect((await append(fresh(), events(20_000), { deadline: 30_000 })).nextExpectedRevision).toBe(19_999n);
    }, 30_000);

    it('without a stream is an unknown error', async () => {
      await expect(append('', event())).rejects.toMatchObject({ type: 'unknown' });
    });

    it('wins alone among 32 at one revision', async () => {
      const stream = fresh();
      const tries = Array.from({ length: 32 }, () => append(stream, event(), { expectedRevision: 'no_stream' }));
      const outcomes = await Promise.allSettled(tries);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ actualVersion: 0n });
    });
  });

  it.each([
    ['no UUID', event('tested', 'no-uuid')],
    ['no type', event('')],
    ['a nil id', event('tested', '00000000-0000-0000-0000-000000000000')],
  ])('an event with %s is an unknown error', async (_name, bad) => {
    const [, way] = ways[1]!;
    await expect(client().appendToStream(fresh(), bad, way)).rejects.toMatchObject({ type: 'unknown', code: 2 });
  });
}
