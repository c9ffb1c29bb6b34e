import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, chown, open, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '../start-error.js';
import { type Binaries, cleanEnvironment } from './binaries.js';
import { claim } from './claim.js';
import { paths } from './cluster.js';
import type { FileLock } from './file-lock.js';
import { type Namespace, ownerOf, writeOwner } from './owner.js';
import type { Place } from './place.js';
import { postmaster, removeLeftovers } from './postmaster.js';

/** A place with a cluster in it, and what it takes to run it. */
export interface Installation {
  readonly binaries: Binaries;
  readonly place: Place;
  readonly password: string;
  /** Undefined on systems without namespaces. */
  readonly namespace: Namespace | undefined;
}

export const LOOPBACK = '127.0.0.1';
export const POLL_MS = 50;
const MAX_LOG_BYTES = 16 * 2 ** 20;

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

/** Spawns a server of its own session (a terminal's Ctrl-C is for the ledger) that holds the lock for as long as it lives. */
async function spawnServer({ binaries, place }: Installation, port: number, { state, file }: FileLock) {
  const settings = [
    'fsync=on',
    'synchronous_commit=on',
    'full_page_writes=on',
    'autovacuum_naptime=10s',
    `listen_addresses=${LOOPBACK}`,
  ];
  settings.push('unix_socket_directories=', 'log_checkpoints=off', 'timezone=UTC');
  const log = await openLog(place);
  const options = ['-D', paths(place.home).data, '-p', String(port), ...settings.flatMap((one) => ['-c', one])];
  const server = spawn(binaries.postgres, options, {
    cwd: place.home,
    env: cleanEnvironment(),
    stdio: ['ignore', log.fd, log.fd, ...(state === 'taken' ? [file.fd] : [])],
    detached: true,
    ...place.account,
  });
  const ended = once(server, 'exit').then(() => true);
  server.unref();
  await once(server, 'spawn').finally(() => log.close());
  return { pid: server.pid, ended };
}

/**
 * Starts a server that outlives a ledger killed by force, where nobody else's may run.
 * @throws StartError naming the owner when the folder is a stranger's.
 */
export async function launch(installation: Installation, fixedPort?: number): Promise<void> {
  const { place, namespace } = installation;
  const claimed = await claim(place, namespace);
  if (claimed === undefined) return;
  const { lock, before } = claimed;
  try {
    await removeLeftovers(place, before, lock.state);
    if (namespace) await writeOwner(place, ownerOf(namespace, lock.state === 'taken'));
    const server = await spawnServer(installation, fixedPort ?? (await choosePort(place)), lock);
    const started = async () => (await postmaster(place))?.pid === server.pid;
    for (let over = false; !over && !(await started());) {
      over = await Promise.race([server.ended, sleep(POLL_MS, false)]);
    }
  } finally {
    await lock.file.close();
  }
}
