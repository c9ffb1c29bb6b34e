import { expect, it } from '@jest/globals';
import { digestOf, type ApiKey } from '../../src/api-keys/api-key.js';
import { KeyRing } from '../../src/api-keys/key-ring.js';
import { Sessions } from '../../src/api-keys/sessions.js';
import { startTestLedger } from '../support/ledger/ledger.js';
import { createTestDatabase } from '../support/store/postgres.js';

const KEYS = { API_KEYS: 'dana:key-of-dana-0123456789,ci:key-of-ci-0123456789:read' };
const SECRET = Buffer.alloc(32, 1);
const key = (name: string, more: Partial<ApiKey> = {}): ApiKey => ({
  ...{ name, digest: digestOf(`key-of-${name}`), scopes: ['read'] },
  ...more,
});

it('a session ends after twelve hours, and with its key before that', () => {
  let now = Date.parse('2026-01-31T12:00:00.400Z');
  const [dana, ci] = [key('dana'), key('ci', { until: now + 60_000 })];
  const ring = new KeyRing([dana, ci], () => now);
  const sessions = new Sessions(ring, SECRET, () => now);
  const [ofDana, ofCi] = [sessions.open(dana), sessions.open(ci)];
  expect(sessions.find(ofCi.token)).toEqual({ key: ci, expiresAt: ofCi.expiresAt });
  now += 60_000;
  expect([sessions.find(ofCi.token), sessions.find(ofDana.token)?.key]).toEqual([undefined, dana]);
  ring.replace([ci]);
  expect(sessions.find(ofDana.token)).toBeUndefined();
  ring.replace([dana, ci]);
  expect(sessions.find(ofDana.token)?.key).toEqual(dana);
  now = ofDana.expiresAt * 1_000;
  expect(sessions.find(ofDana.token)).toBeUndefined();
});

it('a session of another secret is none', () => {
  const ring = new KeyRing([key('dana')]);
  const { token } = new Sessions(ring, SECRET).open(key('dana'));
  expect(new Sessions(ring, Buffer.alloc(32, 2)).find(token)).toBeUndefined();
});

it('a session outlives the process that opened it, and is good for another one on the same database', async () => {
  const database = await createTestDatabase();
  const first = await startTestLedger(KEYS, database);
  const { headers } = await first.call('POST', '/session', { key: 'key-of-dana-0123456789' });
  const cookie = headers.get('set-cookie')!.split(';')[0]!;
  await first.close();
  const second = await startTestLedger(KEYS, database);
  expect((await second.call('GET', '/session', undefined, { cookie })).body.name).toBe('dana');
  await second.close();
  await database.drop();
}, 60_000);

it('a stream that was begun by a session ends with it', async () => {
  const ledger = await startTestLedger(KEYS);
  const key = 'key-of-dana-0123456789';
  const { headers } = await ledger.call('POST', '/session', { key });
  const cookie = headers.get('set-cookie')!.split(';')[0]!;
  const followed = await fetch(`${ledger.url}/api/v1/stream`, { headers: { cookie } });
  Object.assign(ledger.ledger.parts.sessions, { clock: () => Date.now() + 13 * 3_600_000 });
  await ledger.call('POST', '/executions', {}, { 'x-api-key': key });
  expect(await followed.text()).toMatch(/event: closed\ndata: \{"reason":"key_ended",/);
  await ledger.close();
}, 60_000);
