import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, chown, open, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { StartError } from '../start-error.js';
import { type Binaries, cleanEnvironment, run } from './binaries.js';
import { DATABASE, paths, USER } from './cluster.js';
import type { Place } from './place.js';

/** A place with a cluster in it, and what it takes to run it. */
export interface Installation {
  readonly binaries: Binaries;
  readonly place: Place;
  readonly password: string;
}

const LOOPBACK = '127.0.0.1';
const MAX_LOG_BYTES = 16 * 2 ** 20;
const POLL_MS = 50;
/** Replaying the log after a crash can take minutes; a server that is alive is waited for this long. */
const RECOVERY_MS = 600_000;
const MAX_LAUNCHES = 5;
const WRONG_PASSWORD = '28P01';

/** Where to reach the database that listens on `port`. */
export const urlOf = (port: number, password: string) =>
  `postgres://${USER}:${password}@${LOOPBACK}:${port}/${DATABASE}`;

async function postmaster(place: Place): Promise<{ pid: number; port: number } | undefined> {
  const text = await readFile(join(paths(place.home).data, 'postmaster.pid'), 'utf8').catch(() => '');
  const [pid, , , port] = text.split('\n').map(Number);
  return pid && port ? { pid, port } : undefined;
}

/**
 * Whether process `pid` is the server of this place. The number in postmaster.pid may since belong to somebody else (in
 * containers it nearly always does), and PostgreSQL would refuse to start for ever: then the file is removed. A server
 * stands in its data directory; where that cannot be asked, PostgreSQL's own caution has to do.
 */
async function stillServes(place: Place, pid: number): Promise<boolean> {
  const { data } = paths(place.home);
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  const standsIn = await readlink(`/proc/${pid}/cwd`).catch((error: NodeJS.ErrnoException) => error.code);
  if (standsIn === data) return true;
  if (standsIn !== 'EACCES') await rm(join(data, 'postmaster.pid'), { force: true });
  return false;
}

/** A server that answers, and the connection that found out. */
export interface Reached {
  readonly client: pg.Client;
  readonly port: number;
  /** Resolves when the connection is over, for whatever reason. */
  readonly ended: Promise<void>;
}

/** A connection to the database of this very place, or why there is none: an SQLSTATE, or nothing to tell. */
async function connect({ place, password }: Installation, port: number): Promise<Reached | string | undefined> {
  const client = new pg.Client({
    connectionString: urlOf(port, password),
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  });
  client.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => client.once('end', resolve));
  let reason: string | undefined;
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    if (rows[0]?.data_directory === paths(place.home).data) return { client, port, ended };
  } catch (error) {
    // Not up yet, shutting down, or a stranger on that port: who asked knows which of them can be.
    reason = (error as { code?: string }).code;
  }
  await client.end().catch(() => undefined);
  return reason;
}

/** Joins the server that already runs on this place; waits while it recovers or shuts down. */
async function joinRunning(installation: Installation): Promise<Reached | undefined> {
  const until = Date.now() + RECOVERY_MS;
  for (let found; (found = await postmaster(installation.place)) && Date.now() < until; await sleep(POLL_MS)) {
    const reached = await connect(installation, found.port);
    if (typeof reached === 'object') return reached;
    if (!(await stillServes(installation.place, found.pid))) return undefined;
    // It is ours and will not change its mind: waiting on would be for ever.
    if (reached === WRONG_PASSWORD)
      throw new StartError([
        `the running database refuses the password in ${paths(installation.place.home).password}; put the right one there`,
      ]);
  }
  return undefined;
}

function bindable(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer().once('error', () => resolve(undefined));
    probe.listen(port, LOOPBACK, () => {
      const { port: bound } = probe.address() as { port: number };
      probe.close(() => resolve(bound));
    });
  });
}

/** The port of last time if nobody took it meanwhile, else a free one, remembered for the next time. */
async function choosePort({ home, account }: Place): Promise<number> {
  const file = paths(home).port;
  const remembered = Number(await readFile(file, 'utf8').catch(() => 0));
  const port = (remembered > 0 && (await bindable(remembered))) || (await bindable(0));
  if (!port) throw new StartError(['no port is free on 127.0.0.1 for the embedded database']);
  await writeFile(file, String(port));
  if (account) await chown(file, account.uid, account.gid);
  return port;
}

async function openLog({ home, account }: Place): Promise<FileHandle> {
  const file = paths(home).log;
  const size = await stat(file).then(
    ({ size }) => size,
    () => 0,
  );
  const log = await open(file, size > MAX_LOG_BYTES ? 'w' : 'a', 0o600);
  if (account) await log.chown(account.uid, account.gid);
  return log;
}

/** Starts a server of its own session (a terminal's Ctrl-C is for the ledger) that outlives a ledger killed by force. */
async function launch({ binaries, place }: Installation, port: number): Promise<void> {
  const { data } = paths(place.home);
  const settings = [
    'fsync=on',
    'synchronous_commit=on',
    'full_page_writes=on',
    'autovacuum_naptime=10s',
    `listen_addresses=${LOOPBACK}`,
  ];
  settings.push('unix_socket_directories=', 'log_checkpoints=off', 'timezone=UTC');
  const log = await openLog(place);
  const server = spawn(binaries.postgres, ['-D', data, '-p', String(port), ...settings.flatMap((one) => ['-c', one])], {
    cwd: place.home,
    env: cleanEnvironment(),
    stdio: ['ignore', log.fd, log.fd],
    detached: true,
    ...place.account,
  });
  const ended = once(server, 'exit');
  server.unref();
  await once(server, 'spawn').finally(() => log.close());
  const started = async () => (await postmaster(place))?.pid === server.pid;
  for (let over = false; !over && !(await started());) {
    over = await Promise.race([ended.then(() => true), sleep(POLL_MS, false)]);
  }
}

async function lastWords({ home }: Place): Promise<string> {
  const lines = (await readFile(paths(home).log, 'utf8').catch(() => '')).trim().split('\n');
  return lines.findLast((line) => /(FATAL|PANIC):/.test(line)) ?? lines.at(-1) ?? '';
}

/**
 * Reaches the server of this place, starting it when none runs; of several starts at once one wins, the rest join it.
 * @param fixedPort the port to start on, when others already know it.
 * @throws StartError with the server's own last words when it does not come up.
 */
export async function reachServer(installation: Installation, fixedPort?: number): Promise<Reached> {
  const { place } = installation;
  for (let launches = 0; ; launches += 1) {
    const reached = await joinRunning(installation);
    if (reached) return reached;
    // After a crash its orphans hold the shared memory until they notice; a port may be lost between look and use.
    const orphans = /shared memory block/.test(await lastWords(place));
    if (launches >= (orphans ? 20 * MAX_LAUNCHES : MAX_LAUNCHES)) break;
    await sleep(Math.min(launches, MAX_LAUNCHES) * 4 * POLL_MS);
    await launch(installation, fixedPort ?? (await choosePort(place)));
  }
  throw new StartError([
    `the embedded database does not start: ${await lastWords(place)} (its log: ${paths(place.home).log})`,
  ]);
}

/** Shuts the server down in order; returns once it has ended. */
export async function shutDown({ binaries, place }: Installation): Promise<void> {
  const { data } = paths(place.home);
  await run(binaries.pg_ctl, ['stop', '-D', data, '-m', 'fast', '-w', '-t', '120'], place.home, place.account);
}
