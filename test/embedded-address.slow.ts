import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../src/embedded-postgres.js';
import { openedIn } from './support/process/embedded.js';
import { findBinaries } from '../src/embedded-postgres/binaries.js';
import { StartError } from '../src/errors.js';
import { freePort } from './support/store/server.js';

let base: string;
let folder: string;
const file = (name: string): string => join(folder, 'postgres', name);

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'address-'));
  await chmod(base, 0o755);
  folder = join(base, 'ledger');
  await opens('CREATE TABLE kept AS SELECT 42 AS answer');
}, 30_000);

afterAll(() => rm(base, { recursive: true }));

const opens = (sql = 'SELECT answer FROM kept') => openedIn(folder, sql);

const postmasterPid = (pid: number, port: number): string =>
  [pid, file('data'), 1, port, '', '127.0.0.1', '', 'ready   ', ''].join('\n');

/** A message of the server's that only says how it wants to be told who comes: 3 is "by the password". */
const ASKS_FOR_PASSWORD = Buffer.from([...Buffer.from('R'), 0, 0, 0, 8, 0, 0, 0, 3]);

it('a stranger on the port of a ledger before the sockets is not told the password', async () => {
  let heard = '';
  const stranger = createServer((socket) => {
    socket.on('error', () => undefined).on('data', (data) => (heard += data.toString('latin1')));
    socket.once('data', () => socket.write(ASKS_FOR_PASSWORD));
  }).listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  const { port } = stranger.address() as AddressInfo;
  await writeFile(file('data/postmaster.pid'), postmasterPid(process.pid, port));
  await writeFile(file('port'), String(port));
  const { rows, url } = await opens();
  stranger.close();
  expect(rows).toEqual([{ answer: 42 }]);
  expect(url).not.toContain('127.0.0.1');
  expect(heard).not.toContain(await readFile(file('password'), 'utf8'));
  await expect(stat(file('port'))).rejects.toThrow('ENOENT');
});

it('a server that a ledger before the sockets left running is joined on its port, and has a socket from the next start', async () => {
  const { uid, gid } = await stat(file(''));
  const account = process.getuid?.() === 0 ? { uid, gid } : {};
  const { postgres } = await findBinaries(process.getuid?.() === 0 ? { uid, gid } : undefined);
  const port = await freePort();
  const listening = ['-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='];
  const old = spawn(postgres, ['-D', file('data'), ...listening], { cwd: file(''), stdio: 'ignore', ...account });
  const ended = once(old, 'exit');
  while (!(await readFile(file('data/postmaster.pid'), 'utf8').catch(() => '')).includes('ready'))
    await new Promise((resolve) => setTimeout(resolve, 50));
  const joined = await opens();
  expect(joined.rows).toEqual([{ answer: 42 }]);
  expect(joined.url).toContain(`@127.0.0.1:${port}/`);
  await ended;
  expect((await opens()).url).toContain(`@${encodeURIComponent(file(''))}/`);
}, 30_000);

it('of a path that is too long for a socket, it has one in a private folder for temporary files, and refuses another’s', async () => {
  const short = folder;
  folder = join(base, 'l'.repeat(120));
  const database = await startEmbeddedPostgres({ dataDir: folder });
  const [, , , , sockets] = (await readFile(file('data/postmaster.pid'), 'utf8')).split('\n');
  expect(sockets).toMatch(/execution-ledger-[0-9a-f]{16}$/);
  expect(database.url).toContain(encodeURIComponent(sockets!));
  const [made, data] = [await stat(sockets!), await stat(file('data'))];
  expect([made.mode & 0o777, made.uid]).toEqual([0o700, data.uid]);
  await database.stop();
  await expect(stat(sockets!)).rejects.toThrow('ENOENT');
  const squatter = spawn('mkdir', ['-m', '755', sockets!]);
  await once(squatter, 'exit');
  const error: unknown = await startEmbeddedPostgres({ dataDir: folder }).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(StartError);
  expect(String(error)).toMatch(/is too long a path for a socket, and .* is not private to this user; set LEDGER_DATA/);
  await rm(sockets!, { recursive: true });
  await (await startEmbeddedPostgres({ dataDir: folder })).stop();
  folder = short;
}, 30_000);
