import { describe, expect, it } from '@jest/globals';
import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { identifierOf } from './append-answers.js';
import { all, event, events, fresh, ways } from './given.js';
import { withDouble } from './with-double.js';

let now = Date.now();
const given = withDouble({ now: () => now });

const types = async (stream: string): Promise<string[]> =>
  (await all(given.client.readStream(stream))).map((one) => one.event!.type);

describe('a read', () => {
  it('is cut where asked, and refused as asked', async () => {
    const stream = fresh();
    await given.client.appendToStream(stream, events(5));
    given.double.next({ on: 'readStream', fault: 'cut', afterEvents: 3 });
    const seen: bigint[] = [];
    const read = async (): Promise<void> => {
      for await (const { event: one } of given.client.readStream(stream)) seen.push(one!.revision);
    };
    await expect(read()).rejects.toMatchObject({ type: 'unavailable' });
    expect(seen.length).toBeLessThanOrEqual(3);
    given.double.next({ on: 'readAll', fault: 'not-ready' });
    await expect(all(given.client.readAll())).rejects.toMatchObject({ type: 'unavailable' });
    expect((await types(stream)).length).toBe(5);
  });

  it('of a stream leaves out what is older than its metadata allows', async () => {
    const stream = fresh();
    await given.client.appendToStream(stream, events(2));
    await given.client.setStreamMetadata(stream, { maxAge: 60 });
    now += 61_000;
    expect(await types(stream)).toEqual([]);
    await given.client.appendToStream(stream, event('young'));
    expect(await types(stream)).toEqual(['young']);
  });

  it('of what another program wrote is counted, with what it was sent', async () => {
    const stream = fresh();
    given.double.write(stream, { type: 'foreign', data: { by: 'another program' } }, { type: 'foreign' });
    expect(await types(stream)).toEqual(['foreign', 'foreign']);
    expect(given.double.calls).toMatchObject({ append: 0, readStream: 1, eventsSent: 2 });
    given.double.forgetCalls();
    expect(given.double.calls.readStream).toBe(0);
  });
});

describe('a read by a client that asks for positions', () => {
  const said = (fromRevision: bigint, backwards = false): Promise<(string | number)[]> => {
    const { Options } = streams.ReadReq;
    const stream = new Options.StreamOptions().setStreamIdentifier(identifierOf(name)).setRevision(`${fromRevision}`);
    const options = new Options()
      .setStream(stream)
      .setCount('2')
      .setReadDirection(backwards ? 1 : 0)
      .setNoFilter(new shared.Empty())
      .setControlOption(new Options.ControlOption().setCompatibility(1));
    const read = given.raw.read(new streams.ReadReq().setOptions(options));
    return new Promise((resolve, reject) => {
      const answers: (string | number)[] = [];
      read.on('data', (answer: ReadResp) => {
        if (answer.hasEvent()) answers.push(Number(answer.getEvent()!.getEvent()!.getStreamRevision()));
        if (answer.hasFirstStreamPosition()) answers.push(`first ${answer.getFirstStreamPosition()}`);
        if (answer.hasLastStreamPosition()) answers.push(`last ${answer.getLastStreamPosition()}`);
      });
      read.on('end', () => resolve(answers));
      read.on('error', reject);
    });
  };
  let name: string;

  it('tells where the stream ends, and where it begins if that is elsewhere', async () => {
    name = fresh();
    await given.client.appendToStream(name, events(6));
    await given.client.setStreamMetadata(name, { truncateBefore: 3 });
    expect(await said(3n)).toEqual([3, 4, 'last 5']);
    expect(await said(0n)).toEqual(['first 3', 3, 4, 'last 5']);
    expect(await said(9n)).toEqual(['first 6', 'last 5']);
    expect(await said(9n, true)).toEqual([5, 4, 'last 5']);
  });
});

describe('a subscription', () => {
  const ended = (subscription: NodeJS.EventEmitter): Promise<unknown> =>
    new Promise((resolve) => subscription.on('error', resolve));

  it('ends when connections break or the server goes, and is not taken up again', async () => {
    const broken = given.client.subscribeToAll();
    await new Promise((resolve) => broken.once('caughtUp', resolve));
    expect(given.double.calls.openSubscriptions).toBe(1);
    const end = ended(broken);
    given.double.breakConnections();
    expect(await end).toMatchObject({ type: expect.stringMatching(/^(unavailable|unknown)$/) });
    expect(given.double.calls).toMatchObject({ openSubscriptions: 0, subscribe: 1 });
  });

  it('hears nothing of a frozen server until the thaw', async () => {
    const stream = fresh();
    const heard: string[] = [];
    const subscription = given.client.subscribeToStream(stream);
    subscription.on('data', ({ event: one }) => heard.push(one!.type));
    await new Promise((resolve) => subscription.once('caughtUp', resolve));
    given.double.freeze();
    given.double.write(stream, { type: 'frozen' });
    await expect(given.client.appendToStream(fresh(), event(), { ...ways[1]![1], deadline: 50 })).rejects.toBeDefined();
    expect(heard).toEqual([]);
    const next = new Promise((resolve) => subscription.once('data', resolve));
    given.double.thaw();
    await next;
    expect(heard).toEqual(['frozen']);
    await subscription.unsubscribe();
  });
});
