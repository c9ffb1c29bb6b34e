import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { usingWrapping } from '../../support/process/wrapping.js';

const at = usingWrapping();
const LAUNCHER = fileURLToPath(new URL('../../../bin/execution-ledger.mjs', import.meta.url));
/** The program that gives another one a terminal; not every machine has it. */
const onTerminal = spawnSync('script', ['--version']).status === 0 ? it : it.skip;

onTerminal(
  'a Ctrl-C of the terminal, which a program gets from it, is not passed on to it a second time',
  async () => {
    const program = `let n = 0; process.on('SIGINT', () => { n++; setTimeout(() => process.exit(40 + n), 500); });
      setInterval(() => undefined, 1000); console.log('ready ' + process.stdin.isTTY + ' ' + process.stdout.isTTY)`;
    const env = {
      ...process.env,
      LEDGER_URL: at.url,
      LEDGER_STATE_DIR: at.state,
      NODE: process.execPath,
      PROGRAM: program,
    };
    const command = `exec "$NODE" ${LAUNCHER} run --id ctrl-c -- "$NODE" -e "$PROGRAM"`;
    const terminal = spawn('script', ['-qec', command, '/dev/null'], { env, stdio: 'pipe' });
    let out = '';
    terminal.stdout.on('data', (chunk: Buffer) => {
      const before = out;
      out += chunk.toString();
      if (!before.includes('ready') && out.includes('ready')) terminal.stdin.write('\x03');
    });
    const [code] = (await once(terminal, 'exit')) as [number];
    expect(out).toContain('ready true true');
    expect(code).toBe(41);
    expect(await at.show('ctrl-c')).toMatchObject({ status: 'failed', error_status_code: 41 });
  },
  30_000,
);

onTerminal(
  'a Ctrl-C of the terminal is passed on to a program with a process group of its own, which the terminal does not send it to',
  async () => {
    const env = { ...process.env, LEDGER_URL: at.url, LEDGER_STATE_DIR: at.state, NODE: process.execPath };
    const command = `exec "$NODE" ${LAUNCHER} run --id own-group -- timeout 18 sh -c 'echo ready; exec sleep 18'`;
    const terminal = spawn('script', ['-qec', command, '/dev/null'], { env, stdio: 'pipe' });
    terminal.stdout.once('data', () => terminal.stdin.write('\x03'));
    const [code] = (await once(terminal, 'exit')) as [number];
    expect(code).not.toBe(0);
    expect(code).not.toBe(124); // it ran out its time
    expect((await at.show('own-group')).status).toBe('failed');
  },
  30_000,
);
