import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** A ledger to talk to. */
export interface Ledger {
  readonly url: string;
  /** Ends it, if it was started for the demo, and deletes its data. */
  stop(): Promise<void>;
}

const MAIN = fileURLToPath(new URL('../../main.js', import.meta.url));
/** As `npm start` does: with less room for young objects these are copied more often. */
const NODE_OPTIONS = ['--max-semi-space-size=64'];
const START_WITHIN_MS = 60_000;
/** What would lead a ledger of one's own to somebody else's data, or shut its caller out. */
const NOT_PASSED_ON = [
  'HOST',
  'DATABASE_URL',
  'DATABASE_OWNER_URL',
  'EVENT_STORE',
  'EVENTSTOREDB_URL',
  'PROJECTOR',
  'API_KEYS',
  'GITHUB_WEBHOOK_SECRET',
  'GITHUB_WEBHOOK_SECRET_PREVIOUS',
  'GITLAB_WEBHOOK_TOKEN',
  'GITLAB_WEBHOOK_TOKEN_PREVIOUS',
  'WEBHOOK_SECRETS',
];

async function answers(url: string, path: string): Promise<boolean> {
  return fetch(url + path, { signal: AbortSignal.timeout(5_000) }).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** The ledger that already runs at `url`, if one does. */
export async function runningLedger(url: string): Promise<Ledger | undefined> {
  return (await answers(url, '/health/live')) ? { url, stop: () => Promise.resolve() } : undefined;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  return port;
}

/** A ledger in a process of its own. */
export interface StartedLedger extends Ledger {
  readonly pid: number;
}

/** Starts the built ledger. @throws Error as `startServer` does. */
export const startLedgerProcess = (
  settings: Readonly<Record<string, string>>,
  stopped?: AbortSignal,
): Promise<StartedLedger> => startServer(MAIN, settings, stopped);

/**
 * Starts a program that serves `PORT`, a free one on loopback, with `settings` and nothing else of this process's configuration.
 * @param program its file
 * @throws Error with the program's own last words when it does not come up, or is not waited for any longer.
 */
export async function startServer(
  program: string,
  settings: Readonly<Record<string, string>>,
  stopped?: AbortSignal,
): Promise<StartedLedger> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const inherited = Object.entries(process.env).filter(([name]) => !NOT_PASSED_ON.includes(name));
  const env = { ...Object.fromEntries(inherited), LOG_LEVEL: 'warn', PORT: String(port), ...settings };
  // Of a session of its own: a terminal's Ctrl-C is for its starter, who ends it in order.
  const child = spawn(process.execPath, [...NODE_OPTIONS, program], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const ended = once(child, 'exit');
  let said = '';
  for (const output of [child.stdout, child.stderr])
    output.on('data', (chunk) => (said = (said + chunk).slice(-4_000)));
  const endIt = (): void => void child.kill('SIGTERM');
  process.once('exit', endIt); // whatever ends its starter, it is not left behind
  const stop = async () => {
    endIt();
    await ended;
    process.off('exit', endIt);
  };
  const until = Date.now() + START_WITHIN_MS;
  for (; Date.now() < until && child.exitCode === null && !stopped?.aborted; await sleep(100))
    if (await answers(url, '/health/ready')) return { url, pid: child.pid!, stop };
  await stop();
  throw new Error(`a ledger of its own does not start:\n${said.trim()}`);
}

/** Starts a ledger with an embedded database in a folder of its own, which `stop` deletes. */
export async function ownLedger(stopped: AbortSignal): Promise<Ledger> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ledger-demo-'));
  const remove = () => rm(dataDir, { recursive: true, force: true });
  // As root the database runs as a user of its own, who has to enter the folder.
  await chmod(dataDir, 0o755);
  try {
    const { url, stop } = await startLedgerProcess({ LEDGER_DATA_DIR: dataDir }, stopped);
    return { url, stop: () => stop().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}
