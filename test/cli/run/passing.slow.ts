import { once } from 'node:events';
import { chmod, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { usingWrapping } from '../../support/process/wrapping.js';

const at = usingWrapping();
const sh = (id: string, script: string, ...options: string[]): string[] => [
  '--id',
  id,
  ...options,
  '--',
  'sh',
  '-c',
  script,
];

describe('a program that is run', () => {
  it.each([
    [0, 'exit 0', { status: 'succeeded', authority: 'worker', sealed: true }],
    [3, 'echo what came first >&2; echo the disk is full >&2; exit 3', { status: 'failed', error: 'the disk is full' }],
    [4, 'exit 4', { status: 'failed', error: 'ended with exit status 4' }],
    [143, 'kill -TERM $$', { status: 'failed', error: 'killed by SIGTERM' }],
    [137, 'kill -KILL $$', { status: 'failed', error: 'killed by SIGKILL' }],
  ])(
    'has its exit status passed on, and reported: %s',
    async (code, script, reported) => {
      expect(await at.run(sh(`exit-${code}`, script))).toMatchObject({ code, signal: null });
      const shown = await at.show(`exit-${code}`);
      expect(shown).toMatchObject({ target: 'sh', attempt: 1, ...reported });
      expect(shown.error_status_code).toBe(code === 0 ? undefined : code);
    },
    30_000,
  );

  it('that does not exist, or is none, ends as in a shell, and has failed with that', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'file-')), 'no-program');
    await writeFile(file, 'text');
    await chmod(file, 0o600);
    const missing = await at.run(['--id', 'missing', '--', 'there-is-no-such-program']);
    expect([missing.code, missing.err.toString()]).toEqual([
      127,
      'execution-ledger: missing: there-is-no-such-program: command not found\n',
    ]);
    expect((await at.run(['--id', 'no-program', '--', file])).code).toBe(126);
    expect(await at.show('missing')).toMatchObject({
      status: 'failed',
      error: 'there-is-no-such-program: command not found',
      error_status_code: 127,
    });
    expect(await at.show('no-program')).toMatchObject({ status: 'failed', error_status_code: 126 });
  }, 30_000);

  it('reads and writes what it would without, byte by byte', async () => {
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, n) => (n * 7 + (n >> 8)) % 256));
    const { code, out, err } = await at.run(sh('bytes', 'tee /dev/stderr'), {}, bytes);
    expect(code).toBe(0);
    expect(out.equals(bytes)).toBe(true);
    expect(err.equals(bytes)).toBe(true);
  }, 30_000);

  it('is read to the end of its stderr by somebody who takes his time, longer than it runs', async () => {
    const script = 'head -c 400000 /dev/zero | tr "\\0" x >&2; echo the end >&2';
    const { child, ended } = at.start(sh('slow-reader', script));
    child.stderr!.on('data', () => {
      child.stderr!.pause();
      setTimeout(() => child.stderr!.resume(), 500);
    });
    const { code, err } = await ended;
    expect([code, err.length]).toEqual([0, 400_008]);
    expect(err.subarray(-9).toString()).toBe('xthe end\n');
  }, 30_000);

  it('gives its stderr on to the next one, unless something that it left behind holds it open', async () => {
    const pipes = async (): Promise<string[]> =>
      (await readdir(at.state, { recursive: true }))
        .filter((file) => file.endsWith('.pipe'))
        .map((file) => basename(file));
    const script = 'echo first > /dev/stderr';
    expect((await at.run(sh('gives-1', script))).err.toString()).toBe('first\n');
    expect(await pipes()).toEqual(['spare.pipe']);
    // What stays behind writes when the next one runs.
    await at.run(sh('gives-2', '(sleep 4; echo a stranger >&2) & echo second >&2'));
    expect(await pipes()).toEqual([]);
    const { code, err } = await at.run(sh('gives-3', 'sleep 5; echo third > /dev/stderr; exit 3'));
    expect([code, err.toString()]).toEqual([3, 'third\n']);
    expect(await pipes()).toEqual(['spare.pipe']);
    const both = await Promise.all(['a', 'b'].map((one) => at.run(sh(one, `sleep 1; echo ${one} > /dev/stderr`))));
    expect(both.map((one) => one.err.toString())).toEqual(['a\n', 'b\n']);
    expect(await pipes()).toEqual(['spare.pipe']);
  }, 40_000);

  it('is reported though nobody reads its stderr any more', async () => {
    // More than the system takes in before it is read, and less than would keep the program from ending.
    const { child } = at.start(sh('unread', 'head -c 360000 /dev/zero >&2'));
    child.stderr!.pause();
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(await at.show('unread')).toMatchObject({ status: 'succeeded' });
    child.stderr!.destroy();
  }, 40_000);

  it('is shown with the end of its stderr, whatever that is: cut within a character, NUL, no UTF-8', async () => {
    const script = `process.stderr.write('x' + '€'.repeat(5000) + '\\nlast\\0\\u001b[31m line\\n\\n');
      process.stderr.write(Buffer.from([0xff, 0x0a])); process.exitCode = 1`;
    const { code, err } = await at.run(['--id', 'odd', '--', process.execPath, '-e', script]);
    const shown = await at.show('odd');
    expect([code, err.length]).toEqual([1, 1 + 15_000 + 20]);
    expect(shown.error).toBe('\ufffd');
    expect(shown.error_details).toMatch(/^€+\nlast\0\u001b\[31m line\n\n\ufffd\n$/u);
    expect(Buffer.byteLength(shown.error_details)).toBeLessThanOrEqual(8 * 1024 + 2);
  }, 30_000);

  it.each(['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH'] as const)(
    'gets %s that its wrapper gets, once',
    async (signal) => {
      const script = `let n = 0; process.on('${signal}', () => { n++; setTimeout(() => process.exit(40 + n), 300); });
        setInterval(() => undefined, 1000); console.log('ready')`;
      const { child, said, ended } = at.start(['--id', signal, '--', process.execPath, '-e', script]);
      await said('ready');
      child.kill(signal);
      expect((await ended).code).toBe(41);
      expect(await at.show(signal)).toMatchObject({ status: 'failed', error_status_code: 41 });
    },
    30_000,
  );

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'dies of %s as it would without',
    async (signal) => {
      const { child, said, ended } = at.start(sh(`dies-${signal}`, 'echo ready; exec sleep 60'));
      await said('ready');
      child.kill(signal);
      expect((await ended).code).toBe(128 + constants.signals[signal]);
      expect(await at.show(`dies-${signal}`)).toMatchObject({ status: 'failed', error: `killed by ${signal}` });
    },
    30_000,
  );

  it('finds in its environment as whom it reports, and runs within it are its children', async () => {
    const nested = `"$NODE" bin/execution-ledger.mjs run --id inner -- sh -c 'echo $EXECUTION_ID; cat /proc/$$/cmdline'`;
    const env = { NODE: process.execPath, LEDGER_KEY: 'a-secret-of-20-characters' };
    const script = `echo $EXECUTION_ID $EXECUTION_REPORT_AS $LEDGER_URL $LEDGER_KEY $LEDGER_DATA_DIR; ${nested}`;
    const { code, out } = await at.run(sh('outer', script, '--label', 'team=search', '--workflow', 'w'), env);
    const [told, id, argv] = out.toString().split('\n');
    expect([code, told]).toEqual([0, `outer outer~1 ${at.url} ${env.LEDGER_KEY}`]);
    expect(id).toBe('inner');
    expect(argv).not.toContain(env.LEDGER_KEY);
    expect(await at.show('outer')).toMatchObject({ workflow_id: 'w', labels: { team: 'search' } });
    expect(await at.show('inner')).toMatchObject({ parent_execution_id: 'outer', status: 'succeeded' });
  }, 30_000);

  it('is shown as what its wrapper was told that it is', async () => {
    const named = ['--target', 'etl.load', '--workflow', 'nightly', '--parent', 'dag-7'];
    await at.run(sh('named', 'exit 0', ...named, '--label', 'team=search', '--label', 'tier=1=a'));
    expect(await at.show('named')).toMatchObject({
      ...{ target: 'etl.load', workflow_id: 'nightly', parent_execution_id: 'dag-7' },
      labels: { team: 'search', tier: '1=a' },
    });
  }, 30_000);

  it('is told nothing on its command line, nor is the ledger told what stands there', async () => {
    const env = { LEDGER_KEY: 'a-secret-of-20-characters' };
    const script = `cat /proc/$$/cmdline /proc/$PPID/cmdline`;
    const { out } = await at.run(sh('argv', script), env);
    expect(out.toString()).not.toContain(env.LEDGER_KEY);
    expect((await at.call('GET', '/executions/argv/events')).text).not.toContain('cmdline');
  }, 30_000);
});
