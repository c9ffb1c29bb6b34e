import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { prepareDatabase } from '../../src/composition/prepare-database.js';
import { caller } from '../support/ledger/ledger.js';
import { withClient } from '../support/store/postgres.js';
import { startProgram, type Program } from '../support/process/program.js';
import { startServer, type TestServer } from '../support/store/server.js';
import { moment } from '../support/ledger/handling.js';

let server: TestServer;
let started: Program[];
const start = (env: Record<string, string> = {}): Program => {
  const program = startProgram({ DATABASE_URL: server.url('postgres'), ...env });
  started.push(program);
  return program;
};

beforeAll(async () => {
  server = await startServer([]); // with fsync: the program takes no other
  started = [];
}, 30_000);
afterEach(async () => {
  for (const { child } of started) if (child.exitCode === null) child.kill('SIGKILL');
  await Promise.all(started.map(({ end }) => end));
  started = [];
});
afterAll(() => server.stop());

const report = (call: ReturnType<typeof caller>, execution_id: string, status: string) =>
  call('POST', '/workflow/executions/events', { execution_id, status });

/** Asks behind a question that is answered at once: when that answer comes, the program has both. */
async function askBehind(url: string, path: string): Promise<{ readonly answers: Promise<string[]> }> {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.on('data', (piece: Buffer) => (text += piece.toString()));
  const answers = once(socket, 'close').then(() => text.split(/(?=HTTP\/1\.1 )/));
  const line = (target: string) => `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n`;
  socket.write(`${line('/health/live')}\r\n${line(path)}Connection: close\r\n\r\n`);
  await once(socket, 'data');
  return { answers };
}

/** Ends it while a read is held; expects that read answered, and a clean end. */
async function stop({ child, url, end }: Program, signal: 'SIGTERM' | 'SIGINT'): Promise<void> {
  const { answers } = await askBehind(await url, '/api/v1/executions/kept?until=terminal&wait_ms=30000');
  child.kill(signal);
  const [, held] = await answers;
  expect(held).toMatch(/^HTTP\/1\.1 200 [^]*"status":"running"/);
  expect(await end).toMatchObject({ code: 0 });
}

it('SIGTERM and SIGINT end it cleanly: held reads are answered, the next start finds the data', async () => {
  const one = start();
  const { body } = await report(caller(await one.url), 'kept', 'running');
  await stop(one, 'SIGTERM');
  const two = start();
  const listed = await caller(await two.url)('GET', `/executions?wait_for=${body.position}&q=kept`);
  expect(listed.body.executions).toHaveLength(1);
  await stop(two, 'SIGINT');
}, 40_000);

it('a port that is taken stops the start and says what to do', async () => {
  const squatter = createServer().listen(0, '127.0.0.1');
  await once(squatter, 'listening');
  const { port } = squatter.address() as AddressInfo;
  const { code, said } = await start({ PORT: String(port) }).end;
  squatter.close();
  expect(code).toBe(1);
  expect(said).toContain('PORT: the port is in use by another program; set PORT to a free one\n');
  expect(said).not.toMatch(/\n\s+at /);
}, 20_000);

it('a schema newer than the program stops the start and says what to do', async () => {
  const url = server.url('postgres');
  await prepareDatabase({ url });
  const name = 'FromTheFuture4000000000000';
  await withClient(url, (client) =>
    client.query('insert into ledger.migrations (timestamp, name) values (4000000000000, $1)', [name]),
  );
  const { code, said } = await start().end;
  await withClient(url, (client) => client.query('delete from ledger.migrations where name = $1', [name]));
  expect(code).toBe(1);
  expect(said).toMatch(/schema is newer than the program.*FromTheFuture4000000000000.*Start the newer program/);
  expect(said).not.toMatch(/\n\s+at |password/);
}, 30_000);

it('a database that is killed and comes back is served again by the same process, with all it acknowledged', async () => {
  const call = caller(await start().url);
  const acknowledged: string[] = [];
  const write = async (id: string): Promise<number> => {
    const { status } = await report(call, id, 'running');
    if (status === 200) acknowledged.push(id);
    return status;
  };
  for (let n = 0; n < 50; n++) expect(await write(`before-${n}`)).toBe(200);
  await server.kill();
  expect(await call('GET', '/executions/before-1')).toMatchObject({ status: 503 });
  while ((await call('GET', '//health/ready')).status !== 503) await moment();
  await server.restart();
  for (let n = 0; (await write(`after-${n}`)) === 503; n++);
  while ((await call('GET', '//health/ready')).status !== 200) await moment();
  for (let n = 0; n < acknowledged.length; n += 10) {
    expect(await call('GET', `/executions/${acknowledged[n]}`)).toMatchObject({
      status: 200,
      body: { status: 'running' },
    });
  }
  const last = await report(call, 'last', 'succeeded');
  const listed = await call('GET', `/executions?wait_for=${last.body.position}&wait_ms=15000&limit=500`);
  const ids = (listed.body.executions as { execution_id: string }[]).map(({ execution_id }) => execution_id);
  for (const id of acknowledged) expect(ids).toContain(id);
}, 60_000);

describe('a database that stands still', () => {
  const inFlight = async (): Promise<Program> => {
    const program = start();
    const call = caller(await program.url);
    await report(call, 'before', 'running');
    await server.freeze(true);
    void report(call, 'unanswered', 'running').catch(() => undefined);
    await new Promise(setImmediate);
    return program;
  };
  afterEach(() => server.freeze(false));

  it('keeps SIGTERM no longer than 20 s, and the end says what it did not wait for', async () => {
    const { child, end } = await inFlight();
    const at = performance.now();
    child.kill('SIGTERM');
    const { code, said } = await end;
    expect(performance.now() - at).toBeLessThan(21_000);
    expect(code).toBe(1);
    expect(said).toMatch(/"event":"ledger.stop_failed".*"open":\["[^\]]+\]/);
  }, 90_000);

  it('keeps a second signal no longer at all', async () => {
    const { child, end } = await inFlight();
    child.kill('SIGTERM');
    await pause(600); // one that comes sooner is the same wish, passed on by npm
    const at = performance.now();
    child.kill('SIGINT');
    const { code, said } = await end;
    expect(performance.now() - at).toBeLessThan(1_000);
    expect(code).toBe(1);
    expect(said).toContain('a second signal came');
  }, 90_000);
});
