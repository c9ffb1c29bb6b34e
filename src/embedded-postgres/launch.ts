import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '../errors.js';
import { type Address, LOOPBACK, SOCKET_PORT, socketFolder } from './address.js';
import type { Binaries } from './binaries.js';
import { claim } from './claim.js';
import { paths } from './cluster.js';
import { childEnvironment } from './environment.js';
import type { FileLock } from './file-lock.js';
import { readOwn, removeOwn, writeOwn } from './files.js';
import { type Namespace, ownerOf, writeOwner } from './owner.js';
import type { Place } from './place.js';
import { postmaster, removeLeftovers } from './postmaster.js';
import { boundLog, LOG_SETTINGS, openLog } from './server-log.js';

/** A place with a cluster in it, and what it takes to run it. */
export interface Installation {
  readonly binaries: Binaries;
  readonly place: Place;
  readonly password: string;
  /** Undefined on systems without namespaces. */
  readonly namespace: Namespace | undefined;
}

export const POLL_MS = 50;

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
  const remembered = Number(await readOwn(file).catch(() => 0));
  const port = (remembered > 0 && (await bindable(remembered))) || (await bindable(0));
  if (!port) throw new StartError(['no port is free on 127.0.0.1 for the embedded database']);
  await writeOwn(file, String(port), account);
  return port;
}

/** A socket, where the system has them; the port of a ledger before these sockets is forgotten then. */
async function chooseAddress(place: Place): Promise<Address> {
  if (process.platform === 'win32') return { port: await choosePort(place) };
  await removeOwn(paths(place.home).port, place.account);
  return { sockets: await socketFolder(place) };
}

/** What the server listens on, and its number. */
function listening(address: Address): [port: number, ...settings: string[]] {
  if ('port' in address) return [address.port, `listen_addresses=${LOOPBACK}`, 'unix_socket_directories='];
  const folder = `"${address.sockets.replaceAll('"', '""')}"`; // it is read as a list
  return [SOCKET_PORT, 'listen_addresses=', `unix_socket_directories=${folder}`, 'unix_socket_permissions=0700'];
}

/** Spawns a server of its own session (a terminal's Ctrl-C is for the ledger) that holds the lock for as long as it lives. */
async function spawnServer({ binaries, place }: Installation, address: Address, { state, file }: FileLock) {
  const [port, ...where] = listening(address);
  const settings = ['fsync=on', 'synchronous_commit=on', 'full_page_writes=on', 'autovacuum_naptime=10s', ...where];
  settings.push(...LOG_SETTINGS, 'timezone=UTC');
  await boundLog(place);
  const log = await openLog(place);
  const options = ['-D', paths(place.home).data, '-p', String(port), ...settings.flatMap((one) => ['-c', one])];
  const server = spawn(binaries.postgres, options, {
    cwd: place.home,
    env: childEnvironment(),
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
export async function launch(installation: Installation, known?: Address): Promise<void> {
  const { place, namespace } = installation;
  const claimed = await claim(place, namespace);
  if (claimed === undefined) return;
  const { lock, before } = claimed;
  try {
    await removeLeftovers(place, before, lock.state);
    if (namespace) await writeOwner(place, ownerOf(namespace, lock.state === 'taken'));
    const address = known && 'port' in known ? known : await chooseAddress(place);
    const server = await spawnServer(installation, address, lock);
    const started = async () => (await postmaster(place))?.pid === server.pid;
    for (let over = false; !over && !(await started());) {
      over = await Promise.race([server.ended, sleep(POLL_MS, false)]);
    }
  } finally {
    await lock.file.close();
  }
}
