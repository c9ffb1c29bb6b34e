import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { caller } from '../support/ledger/ledger.js';
import { compiledFile } from '../support/process/compiled.js';
import { freePort, startServer, type TestServer } from '../support/store/server.js';

let server: TestServer;
let child: ChildProcess;

beforeAll(async () => {
  server = await startServer([]); // with fsync: the program takes no other
}, 30_000);
afterEach(async () => {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
});
afterAll(() => server.stop());

it.each(['closed pipe', 'full disk'])(
  'the ledger outlives its log: %s; what could not be said is counted',
  async (how) => {
    const PORT = String(await freePort());
    const env = {
      ...process.env,
      DATABASE_URL: server.url('postgres'),
      HOST: '127.0.0.1',
      PORT,
      LOG_LEVEL: 'debug',
    };
    const output = how === 'full disk' ? openSync('/dev/full', 'w') : 'pipe';
    child = spawn(process.execPath, [compiledFile('main.js')], { env, stdio: ['ignore', output, output] });
    child.stdout?.destroy();
    child.stderr?.destroy();
    const call = caller(`http://127.0.0.1:${PORT}`);
    const ready = () =>
      call('GET', '//health/ready').then(
        ({ status }) => status === 200,
        () => false,
      );
    expect(await eventually(ready, (up) => up || child.exitCode !== null)).toBe(true);
    const lines = async (): Promise<number> =>
      Number(/^ledger_log_lines_lost_total (\d+)$/m.exec((await call('GET', '//metrics')).text)![1]);
    const before = await lines();
    expect(before).toBeGreaterThan(0); // the greeting
    // A refusal is a line at debug.
    await call('POST', '/workflow/executions/events', { execution_id: how, status: 'succeeded' });
    for (let n = 0; n < 20; n++)
      await call('POST', '/workflow/executions/events', { execution_id: how, status: 'running' });
    expect((await call('GET', `/executions/${encodeURIComponent(how)}`)).body).toMatchObject({ status: 'succeeded' });
    expect(await lines()).toBeGreaterThanOrEqual(before + 20);
    expect(child.exitCode).toBeNull();
  },
  60_000,
);
