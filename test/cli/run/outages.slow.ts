import { mkdtemp, readdir, readFile, stat } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { startTestLedger, type TestLedger } from '../../support/ledger/ledger.js';
import { createTestDatabase, type TestDatabase } from '../../support/store/postgres.js';
import { freePort } from '../../support/store/server.js';
import { wrapped } from '../../support/process/wrapped.js';

const KEY = 'a-secret-of-20-characters';
let database: TestDatabase;
let env: Record<string, string>;
let port: number;
let ledger: TestLedger | undefined;

beforeAll(async () => {
  database = await createTestDatabase();
  port = await freePort();
}, 30_000);
afterAll(async () => {
  await ledger?.close();
  await database.drop();
}, 30_000);
beforeEach(async () => {
  const state = await mkdtemp(join(tmpdir(), 'state-'));
  env = { LEDGER_URL: `http://127.0.0.1:${port}`, LEDGER_STATE_DIR: state, LEDGER_KEY: KEY };
});

/** Has the ledger serve on its port, or be away. */
async function serve(yes: boolean): Promise<void> {
  if (yes) ledger ??= await startTestLedger({ PORT: String(port), SILENT_AFTER: '1s' }, database);
  else ledger = void (await ledger?.close());
}
const run = (...args: string[]) => wrapped(env, ['run', '--heartbeat', '1s', ...args]);
const show = async (id: string) => (await ledger!.call('GET', `/executions/${id}`)).body;

/** Everything that stands in files below a folder, and the rights of each of them. */
async function everything(folder: string): Promise<{ text: string; rights: string[] }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  const texts = entries.map((entry, n) => (entry.isFile() ? readFile(paths[n]!, 'utf8') : ''));
  const rights = paths.map(async (path) => ((await stat(path)).mode & 0o77).toString(8));
  return { text: (await Promise.all(texts)).join('\n'), rights: await Promise.all(rights) };
}

describe('a ledger that is out of reach', () => {
  it('stops no program: what it is to hear is kept, holds no key, and is delivered by flush', async () => {
    await serve(false);
    const { code, out, err } = await run(
      '--id',
      'away',
      '--timeout',
      '1h',
      '--',
      'sh',
      '-c',
      'echo ran; echo no >&2; exit 3',
    ).ended;
    expect([code, out.toString()]).toEqual([3, 'ran\n']);
    expect(err.toString()).toMatch(/away: runs without the ledger at http:\S+: no ledger answers\nno\n/);
    expect(err.toString()).toMatch(
      /away: reports kept for the next run, or execution-ledger flush: 3 \(no ledger answers\)\n$/,
    );
    const { text, rights } = await everything(env['LEDGER_STATE_DIR']!);
    expect(text).toContain('away~1');
    expect(text).not.toContain(KEY);
    expect(new Set(rights)).toEqual(new Set(['0']));
    const vain = await wrapped(env, ['flush', '--json']).ended;
    expect([vain.code, JSON.parse(vain.out.toString())]).toMatchObject([1, { delivered: 0, kept: 3 }]);
    await serve(true);
    const done = await wrapped(env, ['flush']).ended;
    expect([done.code, done.out.toString()]).toEqual([0, 'delivered: 3, refused: 0, still kept: 0\n']);
    expect(await show('away')).toMatchObject({ status: 'failed', error: 'no', error_status_code: 3, target: 'sh' });
    const again = await wrapped(env, ['flush', '--json']).ended;
    expect(JSON.parse(again.out.toString())).toEqual({ delivered: 0, refused: 0, kept: 0, killed_runs: 0 });
  }, 60_000);

  it('while a program runs hears of it when it is back, in order, and can end it then', async () => {
    await serve(true);
    const { said, ended } = run('--id', 'during', '--', 'sh', '-c', 'echo ready; exec sleep 60');
    await said('ready');
    await serve(false);
    await serve(true);
    await ledger!.call('POST', '/executions/during/cancel');
    expect((await ended).code).toBe(143);
    expect((await show('during')).status).toBe('cancelled');
  }, 60_000);

  it('at the end of a program hears of its outcome by the next run', async () => {
    await serve(true);
    const first = run('--id', 'after', '--', 'sh', '-c', 'echo ready; sleep 2');
    await first.said('ready');
    await eventually(
      () => show('after'),
      ({ status }) => status === 'running',
    );
    await serve(false);
    expect((await first.ended).code).toBe(0);
    await serve(true);
    expect((await show('after')).status).toBe('running');
    const next = await run('--id', 'next', '--', 'true').ended;
    expect(next.err.toString()).toBe('execution-ledger: next: reports of earlier runs that were delivered: 1\n');
    expect(await show('after')).toMatchObject({ status: 'succeeded', attempt: 1 });
    const { duration_ms } = await show('after');
    expect(duration_ms).toBeGreaterThanOrEqual(1_900);
  }, 60_000);

  it('stops a program that requires one', async () => {
    await serve(false);
    const { code, out, err } = await run('--id', 'strict', '--require-ledger', '--', 'echo', 'ran').ended;
    expect([code, out.toString()]).toEqual([125, '']);
    expect(err.toString()).toBe('execution-ledger: strict: not started: no ledger answers\n');
  }, 60_000);

  it('and asked in vain keeps nobody who ends the wrapper waiting: the command is not started, and has failed', async () => {
    await serve(false);
    const silent = createServer().listen(port, '127.0.0.1');
    const { child, ended } = run('--id', 'early', '--', 'echo', 'ran');
    await once(silent, 'connection');
    child.kill('SIGTERM');
    silent.close();
    await eventually(
      () => everything(env['LEDGER_STATE_DIR']!),
      ({ text }) => text.includes('killed by SIGTERM'),
    );
    const { code, out } = await ended;
    expect([code, out.toString()]).toEqual([143, '']);
  }, 60_000);

  it('of a program whose folder is lost while it runs changes nothing either', async () => {
    await serve(true);
    // A file where the folder was: to read, write and delete in there fails, for root as well.
    const lose = 'mv "$LEDGER_STATE_DIR" "$LEDGER_STATE_DIR.away"; touch "$LEDGER_STATE_DIR"; sleep 1; exit 3';
    expect((await run('--id', 'lost', '--', 'sh', '-c', lose).ended).code).toBe(3);
    expect(await show('lost')).toMatchObject({ status: 'failed', error_status_code: 3 });
  }, 60_000);

  it('of a program that cannot write anything down changes nothing either', async () => {
    await serve(false);
    const nowhere = { ...env, LEDGER_STATE_DIR: '/dev/null/nowhere' };
    const { code, out, err } = await wrapped(nowhere, ['run', '--', 'echo', 'ran']).ended;
    expect([code, out.toString()]).toEqual([0, 'ran\n']);
    expect(err.toString()).toMatch(/nothing can be kept in \/dev\/null\/nowhere/);
  }, 60_000);
});

describe('a wrapper that is killed', () => {
  it('leaves an execution that the ledger shows as silent; the next run says what became of it, once it is known', async () => {
    await serve(true);
    const killed = run('--id', 'killed', '--', 'sh', '-c', 'echo ready $$; exec sleep 60');
    await killed.said('\n');
    await eventually(
      () => show('killed'),
      ({ status }) => status === 'running',
    );
    killed.child.kill('SIGKILL');
    const shown = await eventually(
      () => show('killed'),
      ({ silent }) => silent,
    );
    expect(shown.status).toBe('running');
    const while_ = await run('--id', 'second', '--', 'true').ended;
    const pid = Number(/still runs as process (\d+)$/m.exec(while_.err.toString())![1]);
    process.kill(pid, 'SIGKILL');
    const next = await run('--id', 'third', '--', 'true').ended;
    expect(next.err.toString()).toMatch(/killed~1: the program that ran it was killed, and nobody saw how it ended/);
    expect(await show('killed')).toMatchObject({ status: 'failed', authority: 'watchdog', resumable: true });
    expect((await run('--id', 'fourth', '--', 'true').ended).err.toString()).toBe('');
    const resumed = await run('--id', 'killed', '--once', '--resume', '--', 'true').ended;
    expect(resumed.code).toBe(0);
    expect(await show('killed')).toMatchObject({ status: 'succeeded', attempt: 2 });
  }, 90_000);

  it('without a ledger leaves what it had to say to the next run', async () => {
    await serve(false);
    const killed = run('--id', 'unheard', '--', 'sh', '-c', 'echo ready; exec sleep 1');
    await killed.said('ready');
    await eventually(
      () => everything(env['LEDGER_STATE_DIR']!),
      ({ text }) => text.includes('"running"'),
    );
    killed.child.kill('SIGKILL');
    await killed.ended;
    await serve(true);
    const flush = async () => JSON.parse((await wrapped(env, ['flush', '--json']).ended).out.toString());
    const done = await eventually(flush, ({ killed_runs }) => killed_runs === 1);
    expect(done).toMatchObject({ refused: 0, kept: 0 });
    expect(await show('unheard')).toMatchObject({ status: 'failed', authority: 'watchdog' });
    const { events } = (await ledger!.call('GET', '/executions/unheard/events')).body;
    expect(events.map(({ type }: { type: string }) => type)).toEqual([
      'ExecutionRegistered',
      'ExecutionStarted',
      'ExecutionFailed',
    ]);
  }, 60_000);
});
