import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { binaryEvent, streamNameFilter, type EventStoreDBClient } from '@eventstore/db-client';
import { all, event, events, fresh, insist } from './given.js';

/** What reading does, of streams and of `$all`. */
export function describeReads(client: () => EventStoreDBClient): void {
  const revisions = async (...read: Parameters<EventStoreDBClient['readStream']>) =>
    (await all(client().readStream(...read))).map((one) => Number(one.event!.revision));
  const stored = async (count: number): Promise<string> => {
    const stream = fresh();
    await client().appendToStream(stream, events(count));
    return stream;
  };

  describe('a read of a stream', () => {
    it('goes either way from a revision, which is included', async () => {
      const stream = await stored(70);
      expect(await revisions(stream)).toEqual(Array.from({ length: 70 }, (_, n) => n));
      expect(await revisions(stream, { fromRevision: 68n })).toEqual([68, 69]);
      expect(await revisions(stream, { fromRevision: 70n })).toEqual([]);
      const backwards = { direction: 'backwards', maxCount: 2 } as const;
      expect(await revisions(stream, { ...backwards, fromRevision: 'end' })).toEqual([69, 68]);
      expect(await revisions(stream, { ...backwards, fromRevision: 40n })).toEqual([40, 39]);
      expect(await revisions(stream, { ...backwards, fromRevision: 500n })).toEqual([69, 68]);
      expect((await revisions(stream, { direction: 'backwards', fromRevision: 'end' })).length).toBe(70);
    });

    it('of no stream says so, and of no events at all is an error', async () => {
      const missing = fresh();
      await expect(all(client().readStream(missing))).rejects.toMatchObject({
        type: 'stream-not-found',
        streamName: missing,
      });
      const none = all(client().readStream(await stored(1), { maxCount: 0 }));
      await expect(none).rejects.toMatchObject({ type: 'unknown', code: 2 });
    });

    it('gives bytes, texts and ids as they were stored, ids in lower case', async () => {
      const [stream, id] = [fresh(), randomUUID().toUpperCase()];
      const text = { nul: '\u0000', lone: '\ud800', emoji: '😀' };
      const bytes = Uint8Array.from([0, 255, 123]);
      const json = { ...event('json', id, text), metadata: { by: 'me' } };
      const binary = binaryEvent({ type: 'binary', data: bytes, metadata: Buffer.from('{"a":1}') });
      const before = Date.now();
      await client().appendToStream(stream, [json, { ...binary, metadata: Uint8Array.from(Buffer.from('{"a":1}')) }]);
      const [first, second] = (await all(client().readStream(stream))).map((one) => one.event!);
      expect(first).toMatchObject({
        id: id.toLowerCase(),
        type: 'json',
        isJson: true,
        data: text,
        metadata: { by: 'me' },
      });
      expect(Math.abs(first!.created.getTime() - before)).toBeLessThan(60_000);
      expect(second).toMatchObject({ isJson: false, metadata: { a: 1 } });
      expect(Buffer.from(second!.data as Uint8Array)).toEqual(Buffer.from(bytes));
    });

    it('leaves out what metadata truncates', async () => {
      const stream = await stored(10);
      await client().setStreamMetadata(stream, { truncateBefore: 4 });
      expect((await revisions(stream))[0]).toBe(4);
      expect(await revisions(stream, { fromRevision: 0n, maxCount: 1 })).toEqual([4]);
      await client().setStreamMetadata(stream, { truncateBefore: 4, maxCount: 2 });
      expect(await revisions(stream)).toEqual([8, 9]);
      expect(await revisions(stream, { direction: 'backwards', fromRevision: 'end' })).toEqual([9, 8]);
      expect(await revisions(`$$${stream}`)).toEqual([1]);
      expect((await client().getStreamMetadata(stream)).metadata).toEqual({ truncateBefore: 4, maxCount: 2 });
    });
  });

  describe('a deleted stream', () => {
    it('reads as missing, and goes on counting', async () => {
      const stream = await stored(3);
      await client().deleteStream(stream, { expectedRevision: 2n });
      await expect(all(client().readStream(stream))).rejects.toMatchObject({ type: 'stream-not-found' });
      const exists = client().appendToStream(stream, event(), { expectedRevision: 'stream_exists' });
      await expect(exists).rejects.toMatchObject({ type: 'stream-deleted' });
      const next = await client().appendToStream(stream, event(), { expectedRevision: 'no_stream' });
      expect(next.nextExpectedRevision).toBe(3n);
      // The server brings the stream back behind the append's answer.
      expect(await insist(() => revisions(stream), 200)).toEqual([3]);
      expect((await client().getStreamMetadata(stream)).metadata).toEqual({ truncateBefore: 3 });
    });

    it('conflicts when it never was, or is elsewhere', async () => {
      const never = client().deleteStream(fresh());
      await expect(never).rejects.toMatchObject({ type: 'wrong-expected-version', actualVersion: -1n });
      const elsewhere = client().deleteStream(await stored(3), { expectedRevision: 1n });
      await expect(elsewhere).rejects.toMatchObject({ type: 'wrong-expected-version', actualVersion: 2n });
    });

    it('is gone for good once it has a tombstone, with what was kept about it', async () => {
      const stream = await stored(3);
      const { position } = await client().tombstoneStream(stream);
      const gone = { type: 'stream-deleted', streamName: stream };
      await expect(all(client().readStream(stream))).rejects.toMatchObject(gone);
      await expect(client().appendToStream(stream, event())).rejects.toMatchObject(gone);
      await expect(client().deleteStream(stream)).rejects.toMatchObject(gone);
      const about = { type: 'stream-deleted', streamName: `$$${stream}` };
      await expect(all(client().readStream(`$$${stream}`))).rejects.toMatchObject(about);
      await expect(client().setStreamMetadata(stream, { maxCount: 2 })).rejects.toMatchObject(about);
      const [last] = await all(client().readAll({ fromPosition: position!, maxCount: 1 }));
      expect(last!.event).toMatchObject({ type: '$streamDeleted', streamId: stream, revision: 9223372036854775807n });
    });
  });

  describe('a read of $all', () => {
    it('includes the position forwards, and excludes it backwards', async () => {
      const stream = fresh();
      const { position } = await client().appendToStream(stream, event('first'));
      await client().appendToStream(stream, event('second'));
      const types = async (options: Parameters<EventStoreDBClient['readAll']>[0]) =>
        (await all(client().readAll(options))).flatMap((one) =>
          one.event!.streamId === stream ? [one.event!.type] : [],
        );
      expect(await types({ fromPosition: position! })).toEqual(['first', 'second']);
      expect(await types({ fromPosition: position!, maxCount: 1 })).toEqual(['first']);
      expect(await types({ fromPosition: { commit: position!.commit, prepare: 0n }, maxCount: 1 })).toEqual(['first']);
      const before = await types({ fromPosition: position!, direction: 'backwards', maxCount: 50 });
      expect(before).not.toContain('first');
      expect(await types({ fromPosition: 'end', direction: 'backwards', maxCount: 20 })).toEqual(['second', 'first']);
    });

    it('fails at a position where no record begins, and ends at one beyond the last', async () => {
      const { position } = await client().appendToStream(fresh(), event());
      await client().appendToStream(fresh(), event());
      const commit = position!.commit + 1n;
      const between = all(client().readAll({ fromPosition: { commit, prepare: commit } }));
      await expect(between).rejects.toMatchObject({ type: 'unknown', code: 2 });
      const far = { commit: commit + 1_000_000_000n, prepare: commit };
      expect(await all(client().readAll({ fromPosition: far }))).toEqual([]);
    });

    it('holds what others wrote, and what was deleted', async () => {
      const stream = await stored(2);
      const [first] = await all(client().readStream(stream, { maxCount: 1 }));
      await client().deleteStream(stream);
      const after = (await all(client().readAll({ fromPosition: first!.event!.position! }))).map((one) => one.event!);
      expect(after.filter(({ streamId }) => streamId === stream)).toHaveLength(2);
      const metadata = after.find(({ streamId }) => streamId === `$$${stream}`);
      expect(metadata).toMatchObject({ type: '$metadata' });
      const [origin] = await all(client().readAll({ maxCount: 1 }));
      expect(origin!.event!.streamId.startsWith('$')).toBe(true);
      expect(origin!.event!.streamId).not.toBe('$epoch-information');
    });

    it('knows no filter', async () => {
      const { position } = await client().appendToStream(fresh('unwanted'), event());
      const filter = streamNameFilter({ prefixes: ['wanted'] });
      const read = client().readAll({ fromPosition: position!, maxCount: 1, filter } as object);
      expect((await all(read))[0]!.event!.streamId).toContain('unwanted');
    });
  });
}
