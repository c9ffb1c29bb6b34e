import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../src/embedded-postgres.js';
import { openedIn } from './support/process/embedded.js';
import { type OwnerRecord, judge, type Owner } from '../src/embedded-postgres/owner.js';
import { StartError } from '../src/errors.js';

let base: string;
let folder: string;
const children: ChildProcess[] = [];
const file = (name: string) => join(folder, 'postgres', name);
const pidFile = () => readFile(file('data/postmaster.pid'), 'utf8');
const record = async () => JSON.parse(await readFile(file('owner.json'), 'utf8')) as Owner;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'owner-'));
  await chmod(base, 0o755);
  folder = join(base, 'shared');
  await opens('CREATE TABLE kept AS SELECT 42 AS answer');
}, 30_000);

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await opens('SELECT 1');
  await rm(base, { recursive: true });
});

const opens = (sql = 'SELECT answer FROM kept') => openedIn(folder, sql);

async function refusedBecause(): Promise<string> {
  const error: unknown = await startEmbeddedPostgres({ dataDir: folder }).catch((caught: unknown) => caught);
  if (!(error instanceof StartError)) throw new Error('started, or failed with something else', { cause: error });
  return error.message;
}

/** A ledger with process ids and a loopback of its own, as in a container; a line of input kills it, and leaves its server. */
const CONTAINER = ['--pid', '--net', '--mount-proc', '--fork', '--kill-child', 'sh', '-c'];
const LEDGER = ['--import', './test/support/typescript.mjs', 'test/support/process/embedded-ledger.ts'];
const SCRIPT = `ip link set lo up && { '${process.execPath}' ${LEDGER.join(' ')} "$0" &
  read _; kill -9 $!; echo killed; exec sleep 600; }`;

async function container(): Promise<{ child: ChildProcess; said: string }> {
  const stdio = ['pipe', 'pipe', 'inherit'] as const;
  const child = spawn('unshare', [...CONTAINER, SCRIPT, folder], { stdio: [...stdio] });
  children.push(child);
  return { child, said: await line(child) };
}

async function line(child: ChildProcess): Promise<string> {
  const [said] = (await once(child.stdout!, 'data')) as [Buffer];
  return said.toString().trim();
}

async function remove(child: ChildProcess): Promise<void> {
  const ended = once(child, 'close');
  child.kill('SIGKILL');
  await ended;
}

const probe = spawnSync('unshare', [...CONTAINER, 'ip link set lo up'], { encoding: 'utf8' });
const allowed = probe.status === 0;
const reason = allowed ? '' : ` (NOT RUN: this machine gives no namespaces: ${probe.stderr || String(probe.error)})`;

(allowed ? describe : describe.skip)(`a folder that a container uses${reason}`, () => {
  it('is refused to everybody else, who are told whose it is, and taken over once all of the container is dead', async () => {
    const { child, said } = await container();
    expect(said).toMatch(/^postgres:/);
    const before = await pidFile();
    const owner = await record();
    const named = `process ${owner.pid} on host ${owner.host} (boot ${owner.boot_id}, ${owner.pid_namespace}, `;
    const [here, there] = await Promise.all([refusedBecause(), container()]);
    for (const message of [here, there.said]) {
      expect(message).toContain(named);
      expect(message).toMatch(/in use by .*; stop it first, or set LEDGER_DATA_DIR .*one container per volume/);
    }
    expect(await pidFile()).toBe(before);
    await remove(child);
    expect((await opens()).rows).toEqual([{ answer: 42 }]);
  }, 30_000);

  it('is refused while its server lives, though its ledger was killed', async () => {
    const { child } = await container();
    child.stdin!.write('\n');
    expect(await line(child)).toBe('killed');
    expect(await refusedBecause()).toMatch(/is in use by process \d+ on host/);
    await remove(child);
    expect((await opens()).rows).toEqual([{ answer: 42 }]);
  }, 30_000);

  it('is told apart where no lock is, by the owner record alone', async () => {
    const programs = join(base, 'bin');
    await mkdir(programs);
    for (const name of ['id', 'sh', 'cat', 'mv', 'rm']) await symlink(`/bin/${name}`, join(programs, name));
    const ledger = spawn(process.execPath, [...LEDGER, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, PATH: programs },
    });
    children.push(ledger);
    expect(await line(ledger)).toMatch(/\nnothing locks .*no program flock .* only the owner record keeps another/);
    expect((await container()).said).toMatch(/in use by process .*heard of within the last 30 s; .* in \d+ s$/);
    ledger.kill('SIGTERM');
    expect(await once(ledger, 'exit')).toEqual([0, null]);
    expect((await opens()).note).toBeUndefined();
  }, 30_000);
});

describe('a folder', () => {
  it('of another machine is refused while its owner is heard of, and taken over 30 s later', async () => {
    const before: Owner = { ...(await record()), boot_id: 'another', host: 'elsewhere' };
    const { left_at: _, ...running } = before;
    await writeFile(file('owner.json'), JSON.stringify(running));
    await writeFile(file('data/postmaster.pid'), `${process.pid}\n${file('data')}\n1\n1\n\n127.0.0.1\n\nready\n`);
    expect(await refusedBecause()).toMatch(/on host elsewhere \(boot another, .*start again in (30|29|28) s$/);
    expect(await pidFile()).toContain(String(process.pid));
    const old = new Date(Date.now() - 31_000);
    await utimes(file('owner.json'), old, old);
    expect((await opens()).rows).toEqual([{ answer: 42 }]);
    await writeFile(file('owner.json'), JSON.stringify(before)); // it left in order: nobody waits
    expect((await opens()).rows).toEqual([{ answer: 42 }]);
  });

  it('of a ledger before these records opens, but for a postmaster.pid of which nobody knows whose it is', async () => {
    for (const name of ['owner.json', 'lock']) await rm(file(name));
    const { pid: dead } = spawnSync('true');
    await writeFile(file('data/postmaster.pid'), `${dead}\n${file('data')}\n1\n1\n\n127.0.0.1\n\nready\n`);
    expect((await opens()).rows).toEqual([{ answer: 42 }]);

    for (const name of ['owner.json', 'lock']) await rm(file(name));
    await writeFile(file('data/postmaster.pid'), `${process.pid}\n${file('data')}\n1\n1\n\n127.0.0.1\n\nready\n`);
    expect(await refusedBecause()).toMatch(/postmaster\.pid may belong to .* another container; if none does, delete/);
    expect(await pidFile()).toContain(String(process.pid));
    await rm(file('data/postmaster.pid'));
  });
});

const me = { boot_id: 'b', pid_namespace: 'p', network_namespace: 'n' };
const owned = (more: Partial<Owner>, ageMs = 1_000): OwnerRecord => ({
  owner: { ...me, host: 'h', pid: 1, started_at: '', heartbeat_at: '', locked: true, ...more },
  ageMs,
});
const elsewhere = { boot_id: 'other' };
const beside = { pid_namespace: 'other' };

it.each<[string, OwnerRecord | undefined, 'taken' | 'held' | 'unknown', unknown]>([
  ['nobody’s record', undefined, 'taken', 'unknown'],
  ['nobody’s record, and somebody’s lock', undefined, 'held', { stranger: undefined }],
  ['our own', owned({}), 'held', 'ours'],
  ['of a container beside us that holds the lock', owned(beside, 99_000), 'held', { stranger: expect.anything() }],
  ['of one whose network is another', owned({ network_namespace: 'other' }), 'held', { stranger: expect.anything() }],
  ['of one that died', owned(beside), 'taken', 'free'],
  ['of one that never had a lock, and is heard of', owned({ ...beside, locked: false }), 'taken', { waitMs: 29_000 }],
  ['of one where no lock can be asked for, and is heard of', owned(beside), 'unknown', { waitMs: 29_000 }],
  ['of one where no lock can be asked for, and is silent', owned(beside, 30_000), 'unknown', 'free'],
  ['of another machine that is heard of, its lock unseen', owned(elsewhere), 'taken', { waitMs: 29_000 }],
  ['of another machine that is silent', owned(elsewhere, 30_000), 'taken', 'free'],
  ['of another machine, from before a clock was set back', owned(elsewhere, -90_000), 'taken', 'free'],
  ['of another machine that left in order', owned({ ...elsewhere, left_at: 'now' }), 'taken', 'free'],
])('whose a folder is: %s', (_what, found, lock, whose) => {
  const standing = judge(me, found, lock);
  if (typeof whose === 'string') expect(standing).toBe(whose);
  else expect(standing).toMatchObject(whose as object);
});
