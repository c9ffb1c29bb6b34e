import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lines } from '../http/suite/http.js';
import { eventually } from '../support/eventually.js';
import { commandLine } from '../support/process/command-line.js';
import { startProgram, type Program } from '../support/process/program.js';
import { startServer, type TestServer } from '../support/store/server.js';

let folder: string;
let server: TestServer;
let program: Program;
let written = 0;

/** Has the link that stands for the file turned to another, as Kubernetes does with a secret that changes. */
function write(text: string): void {
  const name = `keys-${written++}`;
  writeFileSync(join(folder, name), text);
  symlinkSync(name, join(folder, 'new'));
  renameSync(join(folder, 'new'), join(folder, 'keys'));
}
const keysFile = () => join(folder, 'keys');
/** Whether a key is taken. One that is not is answered 401 at first, and 429 when it is tried again and again. */
const ask = async (key: string): Promise<boolean> => {
  const { status } = await fetch(`${await program.url}/api/v1/executions`, { headers: { 'x-api-key': key } });
  expect([200, 401, 429]).toContain(status);
  return status === 200;
};
const becomes = (key: string, taken: boolean) =>
  eventually(
    () => ask(key),
    (found) => found === taken,
  );
/** Resolves when the program has said that it does not take the file. */
const rejected = () =>
  new Promise<void>((resolve) => {
    const hear = (text: Buffer): void => void (text.includes('api_keys.rejected') && resolve());
    for (const output of [program.child.stdout!, program.child.stderr!]) output.on('data', hear);
  });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-keys-'));
  server = await startServer([]); // with fsync: the program takes no other
  write('old key-of-old\nstays key-of-stays\n');
  program = startProgram({ DATABASE_URL: server.url('postgres'), API_KEYS_FILE: keysFile() });
  await program.url;
}, 30_000);
afterAll(async () => {
  program.child.kill('SIGTERM');
  await program.end;
  await server.stop();
  rmSync(folder, { recursive: true });
}, 30_000);

it('a change of the file takes effect without a restart, a bad one not at all, and ends what the old key follows', async () => {
  const asked = get(`${await program.url}/api/v1/stream`, { headers: { 'x-api-key': 'key-of-old' } });
  const [stream] = (await once(asked, 'response')) as [IncomingMessage];
  let told = '';
  stream.on('data', (text: Buffer) => (told += text.toString()));
  expect([await ask('key-of-old'), await ask('key-of-new')]).toEqual([true, false]);

  const made = await commandLine({}, 'keys', 'new', 'new', '--scopes', 'read+report', '--json').end;
  expect(made).toMatchObject({ code: 0, err: '' });
  const { key, line } = JSON.parse(made.out);
  write(`stays key-of-stays\n${line}\n`);
  await becomes(key, true);
  expect([await ask('key-of-old'), await ask('key-of-stays')]).toEqual([false, true]);
  // The next change, or the next 15 s without any, tells the stream.
  await fetch(`${await program.url}/api/v1/workflow/executions/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': key },
    body: '{"execution_id":"told-to-nobody","status":"running"}',
  });
  await once(stream, 'end');
  expect(told).toMatch(/event: closed\ndata: \{"reason":"key_ended",/);
  expect(told).not.toContain('told-to-nobody');

  write('stays key-of-stays\nnobody: x y z\n');
  write('');
  await rejected(); // the file is looked at once a second, and must be found as it is
  expect(await ask(key)).toBe(true);
  const list = await commandLine({ DATABASE_URL: server.url('postgres'), API_KEYS_FILE: keysFile() }, 'keys', 'list')
    .end;
  expect(list.code).toBe(1);
  expect(list.err).toMatch(/API_KEYS_FILE: .* is empty/);

  write(`stays key-of-stays until=2026-01-01\n${line}\n`);
  await becomes('key-of-stays', false);
  expect(await ask(key)).toBe(true);
  const env = { DATABASE_URL: server.url('postgres'), API_KEYS_FILE: keysFile() };
  const kept = await commandLine(env, 'operations', '--kind', 'keys_change', '--json').end;
  const all = { scopes: ['report', 'command', 'read', 'operate'] };
  const mark = expect.stringMatching(/^[0-9a-f]{8}$/);
  const stays = { name: 'stays', key: mark, ...all };
  expect(lines(kept.out).map(({ actor, about }) => ({ actor, about }))).toEqual([
    {
      actor: 'key file',
      about: {
        added: [{ name: 'new', key: mark, scopes: ['read', 'report'] }],
        removed: [{ name: 'old', key: mark, ...all }],
      },
    },
    { actor: 'key file', about: { added: [{ ...stays, until: '2026-01-02T00:00:00.000Z' }], removed: [stays] } },
  ]);
  for (const secret of ['key-of', key]) expect(kept.out).not.toContain(secret);
  program.child.kill('SIGTERM');
  const { said } = await program.end; // the uses are written at the latest now
  for (const event of ['api_keys.changed', 'api_keys.rejected']) expect(said).toContain(event);
  for (const secret of ['key-of', key]) expect(said).not.toContain(secret);
  const { out } = await commandLine(
    { DATABASE_URL: server.url('postgres'), API_KEYS_FILE: keysFile() },
    'keys',
    'list',
    '--json',
  ).end;
  expect(JSON.parse(out)).toEqual({
    keys: [
      {
        name: 'stays',
        key: expect.stringMatching(/^[0-9a-f]{8}$/),
        scopes: ['report', 'command', 'read', 'operate'],
        until: '2026-01-02T00:00:00.000Z',
        ended: true,
        last_used_at: expect.stringMatching(/^20/),
      },
      {
        name: 'new',
        key: /sha256:([0-9a-f]{8})/.exec(line)![1],
        scopes: ['read', 'report'],
        last_used_at: expect.stringMatching(/^20/),
      },
    ],
  });
}, 60_000);
