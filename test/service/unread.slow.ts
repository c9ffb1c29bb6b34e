import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { STALL_MS } from '../../src/http/answers.js';
import { raw } from '../http/suite/http.js';
import { eventually } from '../support/eventually.js';
import { caller, type Call } from '../support/ledger/caller.js';
import { startPatter, type Patter } from '../support/process/small-reports.js';
import { startProgram, type Program } from '../support/process/program.js';
import { residentBytes } from '../support/process/resident.js';
import { startServer, type TestServer } from '../support/store/server.js';
import { askUnread, type Unread } from '../support/ledger/unread.js';

const MIB = 1024 * 1024;
/** Of bodies and answers at once: those of all who take nothing, and not of the readers beside them. */
const IN_FLIGHT = 208 * MIB;
/** What the program has beside them, and what waits to be collected. */
const BESIDE = 416 * MIB;
/** What is asked for, how many times over one connection, and by how many. The system takes some 4 MB of each connection. */
const UNREAD = [
  { path: '/executions?limit=500&q=labelled', times: 2, callers: 8 },
  { path: '/executions/big/events', times: 1, callers: 9 },
  { path: '/events', times: 1, callers: 8 },
];
const CALLERS = 25;
const READERS = 15;
/** A megabyte, and seven of them in one event. */
const FIELD = 'x'.repeat(1_000_000);
const FIELDS = Object.fromEntries(Array.from({ length: 7 }, (_, n) => [`field-${n}`, FIELD]));
/** So many are more than one page of a list shows. */
const LABELLED = 400;
const LABELS = { long: 'x'.repeat(4_000), longer: 'y'.repeat(4_000), longest: 'z'.repeat(4_000) };

let server: TestServer;
let program: Program;
let url: string;
let call: Call;
let patter: Patter | undefined;
beforeAll(async () => {
  server = await startServer([]); // with fsync: the program takes no other
  const env = { DATABASE_URL: server.url('postgres'), INFLIGHT_BYTES: String(IN_FLIGHT), BODY_LIMIT: '8MiB' };
  program = startProgram(env, 'built');
  url = await program.url;
  call = caller(url);
  patter = startPatter(url);
  const told = await call('POST', '/workflow/executions/events', {
    execution_id: 'big',
    status: 'running',
    data: FIELDS,
  });
  const labelled = Array.from({ length: LABELLED }, (_, n) => ({ execution_id: `labelled-${n}`, labels: LABELS }));
  const { text } = await call('POST', '/reports', labelled);
  const { position } = JSON.parse(text.trim().split('\n').at(-1)!);
  expect([told.status, (await call('GET', `/executions?limit=1&wait_for=${position}`)).status]).toEqual([200, 200]);
}, 120_000);
afterAll(async () => {
  patter?.stop();
  program.child.kill('SIGTERM');
  await program.end;
  await server.stop();
}, 30_000);

/** Which of the connections the program still has, as the system knows it: who reads nothing is not told. */
function open(of: readonly Unread[]): readonly Unread[] {
  const ESTABLISHED = '01';
  const from = Number(new URL(url).port);
  const ports = new Set<number>();
  for (const line of readFileSync(`/proc/${program.child.pid}/net/tcp`, 'utf8').split('\n').slice(1)) {
    const [, local = '', remote = '', state] = line.trim().split(/\s+/);
    const [ours, theirs] = [local, remote].map((address) => parseInt(address.split(':')[1]!, 16));
    if (ours === from && state === ESTABLISHED) ports.add(theirs!);
  }
  return of.filter(({ port }) => ports.has(port));
}

/** Reads it whole, as often as it is told to come again; the answers on the way. */
async function readWhole(path: string): Promise<number[]> {
  const statuses: number[] = [];
  for (;;) {
    const { status, headers } = await raw(url, { path: `/api/v1${path}` });
    statuses.push(status);
    if (status !== 503) return statuses;
    await pause(1_000 * Number(headers['retry-after']));
  }
}

/** Asks until there is room for the answer, and takes nothing of it. */
async function askUntilHeld(path: string, times: number): Promise<Unread> {
  for (;;) {
    const unread = await askUnread(url, path, times);
    if (unread.status !== 503) return unread;
    unread.leave();
    await pause(1_000);
  }
}

it('25 callers who take nothing of large answers hold no more than there is for them, and each is hung up on; others are answered', async () => {
  const before = residentBytes(program);
  let most = before;
  const looks: Record<number, number> = {};
  let over = false;
  const looking = (async () => {
    for (; !over; await pause(50)) {
      most = Math.max(most, residentBytes(program));
      const { status } = await call('GET', '/executions/labelled-1');
      looks[status] = (looks[status] ?? 0) + 1;
    }
  })();
  const since = performance.now();
  const reports = await patter!.beside(async () => {
    const all: { readonly unread: Unread; readonly times: number }[] = [];
    for (const { path, times, callers } of UNREAD) {
      const asked = Array.from({ length: callers }, () => askUntilHeld(`/api/v1${path}`, times));
      all.push(...(await Promise.all(asked)).map((unread) => ({ unread, times })));
    }
    const unread = all.map((one) => one.unread);
    expect(unread.map(({ status }) => status)).toEqual(Array(CALLERS).fill(200));
    const began = performance.now();
    const readers = Array.from({ length: READERS }, () => readWhole('/executions/big/events'));
    await eventually(
      async () => open(unread).length,
      (count) => count < CALLERS,
    );
    const first = performance.now() - since;
    await eventually(
      async () => open(unread).length,
      (count) => count === 0,
    );
    const last = performance.now() - began;
    const read = await Promise.all(readers);
    process.stderr.write(`${JSON.stringify({ first, last, read: read.map(({ length }) => length) })}\n`);
    expect(first).toBeGreaterThan(STALL_MS);
    expect(last).toBeLessThan(2 * STALL_MS);
    for (const statuses of read) expect(statuses.at(-1)).toBe(200);
    expect(read.flat()).toContain(503); // all that there is for answers was held
    for (const { unread, times } of all) expect(await unread.rest()).toBeLessThan(times * unread.announced);
  });
  over = true;
  await looking;
  process.stderr.write(`${JSON.stringify({ before, most, looks, reports })}\n`);
  expect(Object.keys(looks)).toEqual(['200']);
  expect(Object.keys(reports.counts)).toEqual(['200']);
  expect(most).toBeLessThan(before + IN_FLIGHT + BESIDE);
}, 150_000);
