import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { PROJECTIONS } from '../../projections/index.js';
import { commandLine, type Ran } from '../support/process/command-line.js';
import { caller } from '../support/ledger/ledger.js';
import { withClient } from '../support/store/postgres.js';
import { startProgram, type Program } from '../support/process/program.js';
import { startServer, type TestServer } from '../support/store/server.js';
import { lines } from '../http/suite/http.js';
import { eventually } from '../support/eventually.js';

let server: TestServer;
let program: Program;
let call: ReturnType<typeof caller>;
const ran: Ran[] = [];

const run = (...args: string[]): Ran => {
  const one = commandLine({ DATABASE_URL: server.url('postgres') }, 'projections', ...args);
  ran.push(one);
  return one;
};
const serve = async (): Promise<void> => {
  program = startProgram({ DATABASE_URL: server.url('postgres'), LOG_LEVEL: 'error' });
  call = caller(await program.url);
};
const stopServing = async (): Promise<void> => {
  program.child.kill('SIGTERM');
  await program.end;
};
const sql = (text: string, ...values: unknown[]) =>
  withClient(server.url('postgres'), async (client) => (await client.query(text, values)).rows);
const shown = async (name: string) => (await call('GET', `/projections/${name}`)).body;

beforeAll(async () => {
  server = await startServer([]); // with fsync: the program takes no other
  await serve();
  for (let n = 0; n < 20; n++)
    await call('POST', '/workflow/executions/events', { execution_id: `x-${n}`, status: 'running' });
  for (const { name } of PROJECTIONS)
    await eventually(
      () => shown(name),
      ({ checkpoint, head }) => checkpoint === head && head === '40',
    );
}, 60_000);
afterEach(async () => {
  for (const { child } of ran) if (child.exitCode === null) child.kill('SIGKILL');
  await Promise.all(ran.splice(0).map(({ end }) => end));
});
afterAll(async () => {
  await stopServing();
  await server.stop();
}, 30_000);

const oneLine = (text: string) => expect(text).toMatch(/^[^\n]+\n$/);

const operations = (...args: string[]) =>
  commandLine({ DATABASE_URL: server.url('postgres') }, 'operations', ...args).end;

describe('while a server runs', () => {
  it('lists and shows what there is', async () => {
    const list = await run('list').end;
    expect(list).toMatchObject({ code: 0, err: '' });
    for (const { name } of PROJECTIONS) expect(list.out).toMatch(new RegExp(`│ ${name} +│ 1 +│ live +│ none +│ 0`));
    const status = await run('status', 'run-tree', '--json').end;
    expect(JSON.parse(status.out)).toMatchObject({
      projections: [{ name: 'run-tree', state: 'live', checkpoint: '40' }],
    });
    const help = await run('rebuild', '--help').end;
    expect(help).toMatchObject({ code: 0, out: expect.stringContaining('--events-per-second') });
    expect((await run('--help').end).out).toMatch(/Examples:[^]*Exit codes: 0 done/);
  }, 60_000);

  it('what is done at the command line is kept with who sat there, beside what is done by the API', async () => {
    for (const action of ['pause', 'resume', 'prune']) expect((await run(action, 'run-tree').end).code).toBe(0);
    await call('POST', '/projections/run-tree/resume');
    const json = await operations('--json');
    expect(json).toMatchObject({ code: 0, err: '' });
    const found = lines(json.out).map(({ actor, kind, about }) => [actor, kind, about.projection]);
    expect(found.slice(-4)).toEqual([
      ['command line', 'projection_pause', 'run-tree'],
      ['command line', 'projection_resume', 'run-tree'],
      ['command line', 'projection_prune', 'run-tree'],
      ['anonymous', 'projection_resume', 'run-tree'],
    ]);
    const text = await operations('--actor', 'command line', '--kind', 'projection_pause');
    expect(text.out).toMatch(
      /^\d+ {2}\S+Z {2}command line \(.+\) {2}projection_pause {2}\{"projection":"run-tree","version":1\}\n$/,
    );
    expect(await operations('--kind', 'tea')).toMatchObject({ code: 2, out: '' });
  }, 60_000);

  it('rebuilds in its own process, goes back, prunes, and says what it did', async () => {
    const rebuilt = await run('rebuild', 'run-tree').end;
    expect(rebuilt).toMatchObject({ code: 0, out: 'run-tree is rebuilt: version 2, 20 rows compared, no drift\n' });
    // Not a terminal: lines, no bar that is drawn over itself.
    expect(rebuilt.err).toMatch(/^rebuild of run-tree: .* events/);
    expect(rebuilt.err).not.toMatch(/\x1b|\r/);
    expect(await run('rollback', 'run-tree').end).toMatchObject({ code: 0, out: 'run-tree is back at version 1\n' });
    expect(await run('prune', 'run-tree').end).toMatchObject({ code: 0 });
    const none = await run('rollback', 'run-tree').end;
    expect(none).toMatchObject({ code: 1, out: '', err: 'run-tree has no previous version to go back to\n' });
  }, 60_000);

  it('works on what is paused, says that it still is, and what there is nothing to do about', async () => {
    await run('pause', 'run-tree').end;
    expect((await run('rebuild', 'run-tree').end).out).toMatch(
      /^run-tree is rebuilt, and still paused: version \d+, 20 rows/,
    );
    expect((await run('rollback', 'run-tree').end).out).toMatch(
      /^run-tree is back at version \d+, and still paused\n$/,
    );
    expect(await run('retry', 'run-tree').end).toMatchObject({
      code: 1,
      err: expect.stringContaining('resume it first'),
    });
    await run('resume', 'run-tree').end;
    expect(await run('retry', 'run-tree').end).toMatchObject({ code: 0, out: 'run-tree has no parked events\n' });
  }, 60_000);

  it('a verification that finds drift ends with a code of its own', async () => {
    expect(await run('verify', 'execution-status', 'status-counts').end).toMatchObject({ code: 0 });
    await sql(`update ledger.execution_status set status = 'failed' where execution_id = 'x-3'`);
    for (const more of [[], ['--sample', '20']]) {
      const { code, out } = await run('verify', 'execution-status', '--json', ...more).end;
      expect(code).toBe(3);
      expect(JSON.parse(out)).toMatchObject({
        projection: 'execution-status',
        exit: 3,
        verify: { state: 'verified', rows: 20, drift: { rows: 1, fields: { status: 1 } } },
      });
    }
    expect((await run('rebuild', 'execution-status').end).out).toMatch(/1 rows differ \(status 1\); first x-3/);
    expect(await run('verify', 'execution-status').end).toMatchObject({ code: 0 });
  }, 90_000);

  it('watches what the server is at, or says who is at it and ends', async () => {
    await call('POST', '/projections/target-health/rebuild', { events_per_second: 1 }); // all that follows starts programs
    await eventually(
      () => shown('target-health'),
      ({ rebuild }) => rebuild.by !== undefined && rebuild.events > 0,
    );
    const busy = /^execution-ledger server \(session \d+\) has been at a rebuild, .* of target-health since \S+Z/;
    for (const args of [['rebuild', '--no-watch'], ['verify'], ['prune'], ['rollback']]) {
      const { code, err } = await run(args[0]!, 'target-health', ...args.slice(1)).end;
      expect([code, err]).toEqual([
        4,
        expect.stringMatching(new RegExp(busy.source.replace('^', '^(execution-ledger: )?'))),
      ]);
      oneLine(err);
    }
    const watching = run('rebuild', 'target-health');
    await watching.said(/watching it/);
    watching.child.kill('SIGINT');
    expect(await watching.end).toMatchObject({
      code: 130,
      err: expect.stringContaining('goes on without being watched'),
    });
    const again = run('rebuild', 'target-health');
    await again.said(/watching it/);
    await run('pause', 'target-health').end;
    await sql(`update ledger.rebuilds set events_per_second = null`); // and need not wait for its pace to see that
    expect(await again.end).toMatchObject({ code: 1, err: expect.stringContaining('is paused') });
    await run('resume', 'target-health').end;
    await eventually(
      () => shown('target-health'),
      ({ rebuild }) => rebuild.state === 'swapped',
    );
  }, 90_000);

  it('Ctrl-C pauses, nobody goes on by themselves, and asking again goes on from there', async () => {
    const interrupted = run('rebuild', 'status-counts', '--events-per-second', '1');
    await interrupted.said(/40 of 40 events/);
    interrupted.child.kill('SIGINT');
    const { code, err } = await interrupted.end;
    expect(code).toBe(130);
    expect(err).toMatch(
      /paused the rebuild of status-counts at 40 events; go on with: execution-ledger projections rebuild status-counts\n$/,
    );
    expect((await shown('status-counts')).rebuild).toMatchObject({ state: 'paused', events: 40 });
    expect((await run('status', 'status-counts').end).out).toContain(
      'go on with: execution-ledger projections rebuild',
    );
    await run('rebuild', 'status-counts', '--events-per-second', '1000000').end;
    expect((await shown('status-counts')).rebuild).toMatchObject({ state: 'swapped', events: 40 });
  }, 60_000);

  it('one that is killed is gone on with by the server', async () => {
    const killed = run('rebuild', 'status-counts', '--events-per-second', '1');
    await killed.said(/40 of 40 events/);
    killed.child.kill('SIGKILL');
    await killed.end;
    await sql(`update ledger.rebuilds set events_per_second = null`);
    const { rebuild } = await eventually(
      () => shown('status-counts'),
      (view) => view.rebuild.state === 'swapped',
    );
    expect(rebuild.events).toBe(40);
  }, 60_000);

  it('what is wrong is said in one line', async () => {
    const lines: [string[], number, RegExp][] = [
      [['status', 'nobody'], 2, /^execution-ledger: there is no projection "nobody"; there are execution-status, /],
      [['rebuild', 'run-tree', '--events-per-second', 'fast'], 2, /expected a whole number from 1 to/],
      [['verify', 'status-counts', '--sample', '5'], 2, /status-counts counts, and can only be verified whole/],
      [['rebuild'], 2, /missing required argument/],
    ];
    for (const [args, code, says] of lines) {
      const ended = await run(...args).end;
      expect(ended).toMatchObject({ code, out: '', err: expect.stringMatching(says) });
      oneLine(ended.err);
    }
  }, 60_000);
});

describe('while no server runs', () => {
  beforeAll(stopServing, 30_000);
  afterAll(serve, 30_000);

  it('works on the database alone, and goes on with what a killed one left', async () => {
    const killed = run('rebuild', 'run-tree', '--events-per-second', '1');
    await killed.said(/40 of 40 events/);
    killed.child.kill('SIGKILL');
    await killed.end;
    await sql(`update ledger.rebuilds set events_per_second = null`);
    expect(await run('rebuild', 'run-tree').end).toMatchObject({
      code: 0,
      out: expect.stringContaining('20 rows compared, no drift'),
    });
    expect(await run('verify', ...PROJECTIONS.map(({ name }) => name)).end).toMatchObject({ code: 0 });
    const list = await run('list', '--json').end;
    expect(JSON.parse(list.out).projections.map(({ state }: { state: string }) => state)).toEqual(
      PROJECTIONS.map(() => 'stalled'),
    );
  }, 60_000);

  it('says in one line why it stops where somebody else paused it', async () => {
    const paused = run('rebuild', 'run-tree', '--events-per-second', '10');
    await paused.said(/40 of 40 events/);
    await sql(`update ledger.rebuilds set paused = true where projection = 'run-tree' and kind = 'rebuild'`);
    expect(await paused.end).toMatchObject({
      code: 1,
      err: expect.stringMatching(
        /the rebuild of run-tree is paused; go on with: execution-ledger projections rebuild run-tree\n$/,
      ),
    });
    expect(await run('rebuild', 'run-tree').end).toMatchObject({ code: 0 });
  }, 60_000);

  it('says in one line what is wrong with the database', async () => {
    const { host } = new URL(server.url('x'));
    const away = commandLine({ DATABASE_URL: `postgres://a:b@${host.replace(/\d+$/, '1')}/x` }, 'projections', 'list');
    await sql('create database empty');
    const empty = commandLine({ DATABASE_URL: server.url('empty') }, 'projections', 'list');
    const nowhere = commandLine({ DATABASE_URL: '', LEDGER_DATA_DIR: '/nowhere/at/all' }, 'projections', 'list');
    for (const [one, says] of [
      [away, /^execution-ledger: The database cannot be used: .*ECONNREFUSED/],
      [empty, /older than the program, or no ledger's: start the ledger/],
      [nowhere, /LEDGER_DATA_DIR: there is no ledger's database in \/nowhere\/at\/all/],
    ] as const) {
      const { code, out, err } = await one.end;
      expect({ code, out, err }).toEqual({ code: 1, out: '', err: expect.stringMatching(says) });
      oneLine(err);
    }
  }, 60_000);
});
