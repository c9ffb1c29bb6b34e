import { describe, expect, it } from '@jest/globals';
import { eventTypeFilter, streamNameFilter, type EventStoreDBClient, type Position } from '@eventstore/db-client';
import { event, events, fresh, heard } from './given.js';

/** What subscribing does. */
export function describeSubscriptions(client: () => EventStoreDBClient): void {
  const append = async (stream: string, ...types: string[]): Promise<Position> =>
    (
      await client().appendToStream(
        stream,
        types.map((type) => event(type)),
      )
    ).position!;
  const commits = (positions: readonly Position[]) => positions.map(({ commit }) => commit);

  describe('a subscription to $all', () => {
    it('goes on after a position, says that it caught up, and follows', async () => {
      const stream = fresh();
      const fromPosition = await append(stream, 'before');
      await append(stream, 'between');
      const said = await heard(
        client(),
        { fromPosition },
        ({ order }) => order.includes('live'),
        () => append(stream, 'live'),
      );
      expect(said.order.filter((what) => !what.startsWith('$'))).toEqual(['between', 'caught up', 'live']);
    });

    it('takes a position without its prepare part as one before the event there', async () => {
      const { commit } = await append(fresh(), 'there');
      const fromPosition = { commit, prepare: 0n };
      const said = await heard(client(), { fromPosition }, ({ caughtUp }) => caughtUp > 0);
      expect(said.order[0]).toBe('there');
    });

    it('fails at a position where no record begins', async () => {
      const { commit } = await append(fresh(), 'tested');
      await append(fresh(), 'tested');
      const fromPosition = { commit: commit + 1n, prepare: commit + 1n };
      const said = heard(client(), { fromPosition }, () => false);
      await expect(said).rejects.toMatchObject({ type: 'unknown', code: 3 });
    });

    it.each([
      ['a stream prefix', (stream: string) => streamNameFilter({ prefixes: ['nobody', stream.slice(0, 12)] })],
      ['a stream pattern', (stream: string) => streamNameFilter({ regex: `^${stream}$` })],
      ['a type prefix', (stream: string) => eventTypeFilter({ prefixes: [`${stream}!`] })],
      ['a type pattern', (stream: string) => eventTypeFilter({ regex: `^${stream}!(a|b)$` })],
    ])('sends only what matches %s', async (_name, filterFor) => {
      const stream = fresh('x'.repeat(3));
      const fromPosition = await append(fresh(), 'before');
      await append(stream, `${stream}!a`);
      await append(fresh(), 'other');
      const filter = filterFor(stream);
      const isLast = ({ events: received }: { events: { type: string }[] }) => received.at(-1)?.type === `${stream}!b`;
      const said = await heard(client(), { fromPosition, filter }, isLast, () => append(stream, `${stream}!b`));
      expect(said.events.map(({ type }) => type)).toEqual([`${stream}!a`, `${stream}!b`]);
    });

    it('says how far it looked, page by page, in positions without a prepare part', async () => {
      const start = await append(fresh(), 'before');
      const passed: Position[] = [];
      for (let n = 0; n < 3; n++) passed.push(await append(fresh(), 'passed'));
      const filter = streamNameFilter({ prefixes: [fresh()], maxSearchWindow: 1 });
      const said = await heard(client(), { fromPosition: start, filter }, ({ caughtUp }) => caughtUp > 0);
      const expectedCheckpoints = [start, ...commits(passed).map((commit) => ({ commit, prepare: 0n }))];
      expect(said.checkpoints).toEqual(expectedCheckpoints);
      expect(said.order.at(-1)).toBe('caught up');
    });

    it('says by itself how far it looked at every 32nd event it passes, and not before', async () => {
      const stream = fresh();
      const [first] = [await append(stream, 'first')];
      const filter = streamNameFilter({ prefixes: [fresh()] });
      const live = events(32).map(({ id }) => event('passed', id));
      const said = await heard(
        client(),
        { fromPosition: 'end', filter },
        ({ checkpoints }) => checkpoints.length > 0,
        async () => {
          for (const one of live) await client().appendToStream(stream, one);
        },
      );
      expect(said.order).toEqual(['caught up', 'checkpoint']);
      expect(said.checkpoints[0]!.commit > first!.commit).toBe(true);
      expect(said.checkpoints[0]!.commit).toBe(said.checkpoints[0]!.prepare);
    });

    it('names the largest number there is when it passed everything and sent nothing', async () => {
      const filter = streamNameFilter({ prefixes: [fresh()], maxSearchWindow: 1_000_000_000 });
      const said = await heard(client(), { filter }, ({ caughtUp }) => caughtUp > 0);
      expect(commits(said.checkpoints)).toEqual([18446744073709551615n]);
    });

    it('sends every event of a burst, though it cannot hold them all', async () => {
      const stream = fresh();
      const burst = Array.from({ length: 500 }, () => event());
      const filter = streamNameFilter({ prefixes: [stream] });
      const said = await heard(
        client(),
        { fromPosition: 'end', filter },
        ({ events: received }) => received.length >= 500,
        () => client().appendToStream(stream, burst),
      );
      expect(said.events.map(({ id }) => id)).toEqual(burst.map(({ id }) => id));
    });
  });

  describe('a subscription to a stream', () => {
    it('goes on after a revision, follows, and ends with the tombstone', async () => {
      const stream = fresh();
      await append(stream, 'first', 'second');
      const seen: string[] = [];
      const subscription = client().subscribeToStream(stream, { fromRevision: 0n });
      subscription.on('caughtUp', () => {
        seen.push('caught up');
        void append(stream, 'third').then(() => client().tombstoneStream(stream));
      });
      const read = async (): Promise<void> => {
        for await (const { event: received } of subscription) seen.push(received!.type);
      };
      await expect(read()).rejects.toMatchObject({ type: 'stream-deleted' });
      expect(seen).toEqual(['second', 'caught up', 'third', '$streamDeleted']);
    });

    it('waits for a stream that does not exist', async () => {
      const stream = fresh();
      const subscription = client().subscribeToStream(stream);
      subscription.on('caughtUp', () => void append(stream, 'first'));
      const [first] = await new Promise<{ type: string }[]>((resolve) =>
        subscription.on('data', (received) => resolve([received.event!])),
      );
      expect(first!.type).toBe('first');
      await subscription.unsubscribe();
    });
  });
}
