import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { byScramAlone } from '../../src/postgres/client.js';
import { isOfDatabase } from '../../src/postgres/failure.js';
import { migrate } from '../../src/postgres/migrate.js';
import { connectSession } from '../../src/postgres/session.js';
import { openReadPool } from '../../src/projection-tables/read-pool.js';
import { selfSigned } from '../eventstoredb-server/certificate.js';
import { createTestDatabase, type TestDatabase } from '../support/store/postgres.js';

const message = (type: string, body: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
};
const authentication = (code: number, more = ''): Buffer =>
  message('R', Buffer.concat([Buffer.from([0, 0, 0, code]), Buffer.from(more)]));
const ASKS = {
  'the password': authentication(3),
  'its MD5 hash': authentication(5, 'salt'),
  nothing: Buffer.concat([authentication(0), message('Z', Buffer.from('I'))]),
};
const SECRET = 'secret-of-the-role';
const LIMITS = { connectMs: 2_000, statementMs: 2_000, lockMs: 2_000 };

let asked: keyof typeof ASKS;
let server: Server;
let heard: string;
let url: string;
let database: TestDatabase;

const SSL_REQUEST = 80_877_103;
const certificate = selfSigned();

/** Whoever listens where the database did: answers the first message, and keeps what it hears after that. */
function stranger(socket: Socket): void {
  socket.on('error', () => undefined);
  socket.once('data', (first: Buffer) => {
    if (first.readInt32BE(4) === SSL_REQUEST) {
      socket.write('S');
      return stranger(new TLSSocket(socket, { isServer: true, ...certificate }));
    }
    socket.write(ASKS[asked]);
    socket.on('data', (data) => (heard += data.toString('latin1')));
  });
}

beforeAll(async () => {
  server = createServer(stranger).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `postgres://ledger:${SECRET}@127.0.0.1:${(server.address() as AddressInfo).port}/ledger`;
  database = await createTestDatabase();
});
afterAll(async () => {
  server.close();
  await database.drop();
});

const WAYS: readonly [string, (url: string) => Promise<unknown>][] = [
  ['a session', (url) => connectSession(url, LIMITS, 'test')],
  ['a migration', (url) => migrate({ connectionString: url }, [])],
  ['the read models', (url) => openReadPool(url, 'test', 1, (task) => task()).query('select 1', [])],
];

describe.each(WAYS)('a stranger at the address of the database learns nothing by %s', (_what, connect) => {
  it.each(['the password', 'its MD5 hash'] as const)('that asks for %s', async (what) => {
    [asked, heard] = [what, ''];
    const error = await connect(url).catch((caught: unknown) => caught);
    expect(String((error as Error).message)).toMatch(
      /asks for the password itself, .*take SCRAM .*sslmode=verify-full/,
    );
    expect(isOfDatabase((error as Error).cause ?? error)).toBe(true);
    expect(heard).toBe('');
  });
});

it('a server that asks for no password is refused where it has to prove itself by SCRAM', async () => {
  [asked, heard] = ['nothing', ''];
  await expect(connectSession(byScramAlone(url), LIMITS, 'test')).rejects.toThrow('lets everybody in');
  expect(heard).toBe('');
});

it('a server that TLS has verified is sent the password, and no other that speaks TLS', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-ca-'));
  const ca = join(folder, 'ca.crt');
  await writeFile(ca, certificate.cert);
  [asked, heard] = ['the password', ''];
  const unproved = connectSession(`${url}?sslmode=no-verify`, LIMITS, 'test');
  await expect(unproved).rejects.toThrow('asks for the password itself');
  expect(heard).toBe('');
  const waiting = connectSession(`${url}?sslmode=verify-full&sslrootcert=${ca}`, LIMITS, 'test');
  await expect(waiting).rejects.toThrow(); // it says nothing more
  expect(heard).toContain(SECRET);
  await rm(folder, { recursive: true });
});

it('the database itself is accepted, whatever way of authentication it asks for', async () => {
  const client = await connectSession(database.connectionString, LIMITS, 'test');
  const { rows } = await client.query('select 1 as one');
  await client.end();
  expect(rows).toEqual([{ one: 1 }]);
});
