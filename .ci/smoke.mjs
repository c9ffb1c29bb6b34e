import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a newcomer does: `npm start` in a fresh folder, the demo against it, and an orderly end. */
const { fetch } = globalThis;
const START_WITHIN_MS = 120_000;

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  return port;
}

async function exitOf(command, args, env) {
  const [code] = await once(spawn(command, args, { stdio: 'inherit', env }), 'exit');
  return code;
}

async function untilReady(url, ledger) {
  for (const until = Date.now() + START_WITHIN_MS; Date.now() < until; await sleep(200)) {
    if (ledger.exitCode !== null) throw new Error(`npm start ended with ${ledger.exitCode}`);
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (answer?.ok) return;
  }
  throw new Error(`not ready within ${START_WITHIN_MS / 1000} s`);
}

async function smoke(dataDir) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = { ...process.env, PORT: String(port), LEDGER_DATA_DIR: dataDir };
  for (const name of ['HOST', 'DATABASE_URL', 'EVENT_STORE', 'API_KEYS', 'GITHUB_WEBHOOK_SECRET']) delete env[name];
  const ledger = spawn('npm', ['start'], { stdio: 'inherit', env });
  const ended = once(ledger, 'exit');
  try {
    await untilReady(url, ledger);
    const demo = await exitOf(process.execPath, ['dist/src/cli/demo.js', '--into', url], env);
    if (demo !== 0) throw new Error(`the demo ended with ${demo}`);
  } finally {
    ledger.kill('SIGTERM');
    await ended;
  }
  if (
    await fetch(`${url}/health/live`).then(
      () => true,
      () => false,
    )
  )
    throw new Error('the ledger outlived SIGTERM');
  const lock = join(dataDir, 'postgres', 'data', 'postmaster.pid');
  if (
    await stat(lock).then(
      () => true,
      () => false,
    )
  )
    throw new Error('the database outlived its ledger');
}

const dataDir = await mkdtemp(join(tmpdir(), 'ledger-smoke-'));
// The database's own user has to enter it when this runs as root.
await chmod(dataDir, 0o755);
try {
  await smoke(dataDir);
} finally {
  await rm(dataDir, { recursive: true, force: true });
}
