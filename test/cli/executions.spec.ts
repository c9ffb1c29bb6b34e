import { WriteStream } from 'node:tty';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { filter } from '../../src/contract/queries.js';
import { eventually } from '../support/eventually.js';
import { usingLedger } from '../support/ledger/ledger.js';
import { toldBy, type CommandOutcome } from '../support/process/told.js';

/** What somebody sends who wants a terminal to do something. */
const EVIL = 'a\x1b[2J\x1b[31m\r\x9b\u202eb';
const ACTS = /[\0-\x09\x0b-\x1f\x7f-\x9f\u202e]/;

const ledger = usingLedger();
const run = (...args: string[]): Promise<CommandOutcome> => toldBy(...args, '--url', ledger.url);
const post = (path: string, body: unknown) => ledger.call('POST', path, body);
const say = (execution_id: string, status: string, more: object = {}) =>
  post('/workflow/executions/events', { execution_id, status, ...more });

beforeAll(async () => {
  await say('one', 'running', { workflow_id: 'w', target: 'gpu', labels: { team: 'a' }, message: 'compiling' });
  await say('two', 'failed', { workflow_id: 'w', error: 'disk full' });
  await say('evil', 'running', { target: EVIL, message: EVIL, labels: { [EVIL]: EVIL }, worker: EVIL });
  await post('/executions/one/progress', { progress: 40, data: { digits: 0 } });
  await eventually(
    () => ledger.call('GET', '/executions?limit=9'),
    ({ body }) => body.executions.length === 3 && body.as_of.lag_events === 0,
  );
});

describe('list', () => {
  it('shows executions in a table that is no wider than 80 columns where there is no terminal', async () => {
    const { exit, out } = await run('list');
    expect(exit).toBe(0);
    expect(out).toMatch(/│ one +│ running +│ 1 +│ .* ago +│ gpu +│ compil/);
    expect(out).toMatch(/│ two +│ failed +│ 1 .*│ disk full/);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('filters, and gives programs a line each', async () => {
    const { out } = await run('list', '--workflow', 'w', '--status', 'running', '--label', 'team:a', '--json');
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).execution_id),
    ).toEqual(['one']);
    expect((await run('list', '--silent', '--json')).out).toBe('');
    const others = await run('list', '--not-status', 'running', '--not-label', 'team:a', '--json');
    expect(others.out).toMatch(/^[^\n]*"two"[^\n]*\n$/);
    expect((await run('list', '--silent', 'false', '--q', 'tw', '--json')).out).toContain('"two"');
  });

  it('says that there are more, and reads all of them page after page', async () => {
    const { out, err } = await run('list', '--limit', '2', '--json');
    expect(out.trimEnd().split('\n')).toHaveLength(2);
    expect(err).toBe('there are more than these 2: see --limit and --all\n');
    expect((await run('list', '--all', '--json')).out.trimEnd().split('\n')).toHaveLength(3);
  });

  it('has an option for every filter of the API', async () => {
    const { out } = await run('list', '--help');
    const short: Record<string, string> = { workflow_id: 'workflow', run_id: 'run', parent_execution_id: 'parent' };
    for (const parameter of Object.keys(filter)) {
      const name = parameter.replace(/^-/, '');
      const not = name === parameter ? '' : 'not-';
      expect(out).toContain(`--${not}${(short[name] ?? name).replaceAll('_', '-')} `);
    }
  });

  it('with a value that the ledger does not take ends as wrong usage, with the values that it takes', async () => {
    expect(await run('list', '--status', 'nonsense')).toMatchObject({
      exit: 2,
      refused: expect.stringMatching(/expected one of pending/),
    });
  });
});

describe('show and history', () => {
  it('show all fields, and all events', async () => {
    const shown = await run('show', 'one');
    expect(shown.out).toMatch(/│ status +│ running +│/);
    expect(shown.out).toMatch(/│ progress +│ 40 +│/);
    const { out } = await run('history', 'one');
    expect(out).toMatch(/│ 1 +│ \d{4}-.*Z │ Started +│ running │/);
    expect((await run('history', 'one', '--from', '2', '--json')).out.trimEnd().split('\n')).toHaveLength(1);
  });

  it('keep every digit of a number', async () => {
    await ledger.call('POST', '/executions/one/progress', '{"data":12345678901234567890123}');
    expect((await run('history', 'one', '--json')).out).toContain('12345678901234567890123');
  });

  it.each([['list'], ['show', 'evil'], ['history', 'evil']])(
    'no text of a producer acts on the terminal: %s',
    async (...args) => {
      const { out, exit } = await run(...args);
      expect(exit).toBe(0);
      expect(out).toContain('a\\u001b');
      expect(out).not.toMatch(ACTS);
    },
  );
});

describe('colours', () => {
  const { stdout } = process;
  afterEach(() => {
    Object.assign(stdout, { isTTY: undefined, getColorDepth: undefined });
    delete process.env['NO_COLOR'];
  });

  it.each([
    [true, '', true],
    [true, '1', false],
    [false, '', false],
  ])('terminal: %j, NO_COLOR=%j', async (isTTY, noColor, are) => {
    if (noColor) process.env['NO_COLOR'] = noColor;
    else delete process.env['NO_COLOR'];
    // Of the environment nothing else: under CI a terminal is taken for none that shows colours.
    const env = { TERM: 'xterm', ...(noColor && { NO_COLOR: noColor }) };
    const getColorDepth = () => WriteStream.prototype.getColorDepth.call(stdout, env);
    Object.assign(stdout, { isTTY, getColorDepth });
    const { out } = await run('list');
    expect(out.includes('\x1b[36mrunning')).toBe(are);
    expect(out).not.toContain('\x1b[31m\r');
    expect(out.replace(/\x1b\[\d\dm/g, '')).not.toMatch(ACTS);
  });
});

describe('report, pause, resume and cancel', () => {
  it('do what they say, and say what became of it', async () => {
    expect(await run('report', 'job', 'running', '--create')).toMatchObject({
      exit: 0,
      out: 'job: report applied, registered by this report; it is running, attempt 1\n',
    });
    expect((await run('pause', 'job', '--reason', 'full')).out).toBe('job: pause applied; it is paused, attempt 1\n');
    expect((await run('resume', 'job')).out).toMatch(
      /^job: resume applied; it is running, attempt 1\n {2}its worker reports as job~1\n/,
    );
    const done = await run('report', 'job', 'succeeded', '--result', '{"n":12345678901234567890123}', '--json');
    expect(JSON.parse(done.out)).toMatchObject({ verdict: 'applied', status: 'succeeded' });
    expect((await run('show', 'job', '--json')).out).toContain('"result":{"n":12345678901234567890123}');
    const late = await run('cancel', 'job');
    expect(late).toMatchObject({
      exit: 0,
      out: 'job: cancel conflict, it was over already; it is succeeded, attempt 1\n',
    });
  });

  it('what was refused ends with 1 and the reason; programs get the problem', async () => {
    const refused = 'resume was refused as not_resumable: the execution is running in attempt 1';
    expect(await run('resume', 'one')).toMatchObject({ exit: 1, out: '', refused });
    const { out, exit } = await run('resume', 'one', '--json');
    expect([exit, JSON.parse(out).verdict]).toEqual([1, 'not_resumable']);
    await say('over', 'succeeded');
    expect((await run('report', 'over', 'running', '--create')).exit).toBe(1);
  });

  it('a result that is no JSON, an id that is none: nothing is sent', async () => {
    expect(await run('report', 'one', 'succeeded', '--result', '{')).toMatchObject({
      exit: 2,
      refused: expect.stringMatching(/--result: expected JSON/),
    });
    for (const id of ['..', '.', '']) expect((await run('cancel', id)).exit).toBe(2);
  });
});
