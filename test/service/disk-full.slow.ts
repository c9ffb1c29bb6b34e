import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectProblem } from '../http/suite/http.js';
import { eventually } from '../support/eventually.js';
import { caller } from '../support/ledger/ledger.js';
import { followStream } from '../support/ledger/event-stream.js';
import { startProgram, type Program } from '../support/process/program.js';

const MIB = 1024 * 1024;
let folder: string;
let mounted = false;
let program: Program;
let call: ReturnType<typeof caller>;

/** A small disk where one may be mounted; elsewhere a reserve just below what is free. */
function makeDisk(): { reserve: number } {
  folder = mkdtempSync(join(tmpdir(), 'ledger-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400m,mode=755', 'tmpfs', folder], { stdio: 'ignore' });
    mounted = true;
    return { reserve: 64 * MIB };
  } catch {
    const { bavail, bsize } = statfsSync(folder);
    return { reserve: bavail * bsize - 700 * MIB };
  }
}
const ballast = () => join(folder, 'ballast');
const free = (): number => {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
};
const report = (execution_id: string) =>
  call('POST', '/workflow/executions/events', { execution_id, status: 'running' });

let reserve: number;
beforeAll(async () => {
  ({ reserve } = makeDisk());
  program = startProgram({ LEDGER_DATA_DIR: join(folder, 'ledger'), DISK_RESERVE: String(reserve) });
  call = caller(await program.url);
}, 60_000);
afterAll(async () => {
  program.child.kill('SIGTERM');
  await program.end;
  if (mounted) execFileSync('umount', [folder]);
  rmSync(folder, { recursive: true });
}, 60_000);

it('a disk that fills up stops what writes and nothing else, and writes go on by themselves', async () => {
  expect((await report('before')).status).toBe(200);
  expect((await call('GET', '//health/ready')).body).toMatchObject({ status: 'ready' });
  const stream = await followStream(await program.url);
  // Later than a busy machine needs to notice that the disk is full.
  const due = { execution_id: 'due', deadline: new Date(Date.now() + 10_000).toISOString() };
  expect((await call('POST', '/executions', due)).status).toBe(201);

  writeFileSync(ballast(), Buffer.alloc(free() - reserve + 16 * MIB));
  const full = await eventually(
    () => report('after'),
    ({ status }) => status !== 200,
  );
  const { detail } = expectProblem(full, 507, 'disk_full');
  expect(detail).toMatch(/has \d+ MiB left and keeps \d+ MiB in reserve \(DISK_RESERVE\): \d+ MiB are missing/);
  expect(detail).not.toContain(folder);
  expect(full.headers.get('retry-after')).toBe('10');
  for (const [path, body] of [
    ['/executions', {}],
    ['/executions/before/status', { status: 'succeeded' }],
    ['/executions/before/heartbeat', {}],
    ['/executions/before/cancel', {}],
    ['/bulk/cancel', { filter: {} }],
    ['/reports', [{ execution_id: 'before', status: 'running' }]],
    ['/sources/github', {}],
  ] as const)
    expectProblem(await call('POST', path, body), 507, 'disk_full');

  const ready = await eventually(
    () => call('GET', '//health/ready'),
    ({ body }) => body.status !== 'ready',
  );
  expect(ready).toMatchObject({ status: 200, body: { status: 'read_only' } });
  for (const path of ['/executions', '/executions/before', '/events', '/status-counts', '/executions/before/tree'])
    expect([path, (await call('GET', path)).status]).toEqual([path, 200]);
  expect((await call('POST', '/executions/batch-status', { execution_ids: ['before'] })).status).toBe(200);
  expect((await call('POST', '/projections/run-tree/verify')).status).toBe(202);
  const { text } = await call('GET', '//metrics');
  const [, measured] = /^ledger_disk_free_bytes (\d+)$/m.exec(text)!;
  expect(Number(measured)).toBeLessThan(reserve);

  // What is due stays due: to end it would be a write.
  await eventually(
    async () => Date.now(),
    (now) => now > Date.parse(due.deadline) + 1_500,
  );
  expect((await call('GET', '/executions/due')).body.status).toBe('pending');
  expect(stream.sent.filter(({ event }) => event === 'closed')).toEqual([]);

  rmSync(ballast());
  const again = await eventually(
    () => report('again'),
    ({ status }) => status !== 507,
  );
  expect(again.body).toMatchObject({ success: true, created: true });
  await stream.until((sent) => sent.some(({ data }) => data?.execution_id === 'again'));
  stream.stop();
  await eventually(
    () => call('GET', '/executions/due'),
    ({ body }) => body.status === 'timeout',
  );
  program.child.kill('SIGTERM');
  const { said } = await program.end;
  for (const event of ['disk.space_low', 'disk.space_regained']) expect(said.split(event)).toHaveLength(2);
}, 60_000);
