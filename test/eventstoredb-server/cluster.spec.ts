import { writeFile } from 'node:fs/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EventStoreDBClient } from '@eventstore/db-client';
import { selfSigned } from './certificate.js';
import { all, event, fresh, insist } from './given.js';
import { startEventStoreDbDouble, type EventStoreDbDouble } from './index.js';

const open: { dispose?(): Promise<void>; stop?(): Promise<void> }[] = [];
const connect = (url: string): EventStoreDBClient => {
  const client = EventStoreDBClient.connectionString(url);
  open.unshift(client);
  return client;
};
const started = (double: EventStoreDbDouble): EventStoreDbDouble => {
  open.push(double);
  return double;
};
afterEach(async () => {
  for (const one of open.splice(0)) await (one.dispose?.() ?? one.stop?.());
});

describe('two nodes', () => {
  let leader: EventStoreDbDouble;
  let follower: EventStoreDbDouble;
  beforeEach(async () => {
    leader = started(await startEventStoreDbDouble());
    follower = started(await leader.startFollower());
  });
  const preferring = (preference: string) => connect(`${leader.clusterUrl}&nodePreference=${preference}`);

  it('are told apart by gossip', async () => {
    await preferring('leader').appendToStream(fresh(), event());
    await preferring('follower').appendToStream(fresh(), event());
    expect([leader.calls.batchAppend, follower.calls.batchAppend]).toEqual([1, 1]);
    expect(leader.calls.gossip + follower.calls.gossip).toBe(2);
  });

  it('both take writes, but not from those who insist on the leader', async () => {
    const [client, stream] = [preferring('follower'), fresh()];
    await client.appendToStream(stream, event(), { requiresLeader: true }).then(
      () => expect('taken').toBe('refused'),
      (error: unknown) => expect(error).toMatchObject({ type: 'not-leader', leader: { port: leader.port } }),
    );
    expect(leader.stored(stream)).toEqual([]);
    await client.appendToStream(stream, event(), { requiresLeader: true });
    expect([leader.calls.batchAppend, follower.calls.batchAppend]).toEqual([1, 1]);
  });

  it('differ in what they show while the one lags', async () => {
    const [ahead, behind, stream] = [connect(leader.url), connect(follower.url), fresh()];
    follower.hold();
    await ahead.appendToStream(stream, event());
    expect(await all(ahead.readStream(stream))).toHaveLength(1);
    await expect(all(behind.readStream(stream))).rejects.toMatchObject({ type: 'stream-not-found' });
    const insisting = all(behind.readStream(stream, { requiresLeader: true }));
    await expect(insisting).rejects.toMatchObject({ type: 'not-leader' });
    follower.release();
    expect(await all(connect(follower.url).readStream(stream))).toHaveLength(1);
  });

  it('change places when the leader goes', async () => {
    const [client, stream] = [preferring('leader'), fresh()];
    await client.appendToStream(stream, event());
    await leader.stop();
    await expect(connect(follower.url).appendToStream(stream, event())).rejects.toMatchObject({ type: 'unknown' });
    follower.lead();
    await insist(() => client.appendToStream(stream, event(), { requiresLeader: true, expectedRevision: 0n }));
    expect(follower.stored(stream)).toHaveLength(2);
  });
});

describe('a node that asks who is there', () => {
  it('takes those it knows, over TLS', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'eventstoredb-'));
    const tls = selfSigned();
    await writeFile(join(folder, 'ca.pem'), tls.cert);
    const double = started(await startEventStoreDbDouble({ tls, users: { admin: 'changeit' } }));
    const as = (user: string) =>
      connect(double.url.replace('//', `//${user}`) + `&tlsCAFile=${join(folder, 'ca.pem')}`);
    const stream = fresh();
    const append = (client: EventStoreDBClient, options = {}) => client.appendToStream(stream, event(), options);
    expect((await append(as('admin:changeit@'))).success).toBe(true);
    const denied = { type: 'access-denied' };
    await expect(append(as(''))).rejects.toMatchObject(denied);
    await expect(append(as(''), { credentials: { username: 'admin', password: 'no' } })).rejects.toMatchObject(denied);
    await expect(all(as('').readStream(stream))).rejects.toMatchObject(denied);
    expect(await all(as('admin:changeit@').readStream(stream))).toHaveLength(1);
    rmSync(folder, { recursive: true });
  });
});
