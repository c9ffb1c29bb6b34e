import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { OutgoingHttpHeaders } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { MAX_VALUES } from '../../src/encoding/json-measure.js';
import { raw, type Raw } from '../http/suite/http.js';
import { startProgram, type Program } from '../support/process/program.js';
import { startServer, type TestServer } from '../support/store/server.js';
import { strainOf, WATCHED, type Strain } from '../support/process/strain.js';

const MIB = 1024 * 1024;
const LARGEST = 64 * MIB;
const LINES = { 'content-type': 'application/x-ndjson' };
const ARRAY = { 'content-type': 'application/json' };
/** How long the loop may be held, in ms of the processor's time. */
const HELD_MS = 100;
/** What may be held for callers, and what is beside it: what is being decided and projected, and what is still to be collected. */
const INFLIGHT = 128 * MIB;
const BESIDE = 256 * MIB;

let server: TestServer;
let program: Program;
beforeAll(async () => {
  server = await startServer([]); // with fsync: the program takes no other
  program = startProgram({ DATABASE_URL: server.url('postgres'), INFLIGHT_BYTES: String(INFLIGHT), ...WATCHED });
  await send(ARRAY, Buffer.from('[]')); // what is done once is done
}, 30_000);
afterAll(async () => {
  program.child.kill('SIGTERM');
  await program.end;
  await server.stop();
}, 30_000);

async function send(type: OutgoingHttpHeaders, body: Buffer): Promise<Raw> {
  const headers = { ...type, 'content-length': body.length };
  return raw(await program.url, { method: 'POST', path: '/api/v1/reports', headers, body });
}

/** The strain of a request or several, and of what is projected of them. */
async function strain(work: () => Promise<unknown>): Promise<Strain> {
  const found = await strainOf(program, async () => {
    await work();
    await pause(1_000);
  });
  process.stderr.write(`${expect.getState().currentTestName}: ${JSON.stringify(found)}\n`);
  return found;
}

const filled = (unit: string, begin = ''): Buffer =>
  Buffer.concat([Buffer.from(begin), Buffer.alloc(LARGEST - begin.length, unit)]);
const REFUSED: readonly [string, OutgoingHttpHeaders, () => Buffer, number][] = [
  ['newlines', LINES, () => filled('\n'), 413],
  ['lines', LINES, () => filled('0\n'), 413],
  ['elements', ARRAY, () => filled('0,', '['), 413],
  ['levels', ARRAY, () => filled('['), 400],
  ['members', ARRAY, () => filled('"a":0,', '{'), 400],
];

it.each(REFUSED)(
  '8 bodies of 64 MiB of %s at once leave memory flat and the loop free',
  async (_what, type, make, status) => {
    const body = make();
    const { heldMs, grownBytes } = await strain(async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => send(type, body)));
      expect(answers.map((answer) => answer.status)).toEqual(Array(8).fill(status));
    });
    expect(heldMs).toBeLessThan(HELD_MS);
    expect(grownBytes).toBeLessThan(96 * MIB);
  },
  60_000,
);

const report =
  (name: string) =>
  (_: unknown, n: number): string =>
    JSON.stringify({ execution_id: `${name}-${n}`, status: 'running', message: 'x'.repeat(6_600) });
const reports = (name: string): string[] => Array.from({ length: 10_000 }, report(name));
const WELL_FORMED: readonly [string, OutgoingHttpHeaders, () => string][] = [
  ['lines', LINES, () => reports('line').join('\n')],
  ['elements', ARRAY, () => `[${reports('element').join()}]`],
  [
    'lines of one execution',
    LINES,
    () =>
      reports('one')
        .join('\n')
        .replaceAll(/"one-\d+"/g, '"one"'),
  ],
];

it.each(WELL_FORMED)(
  '10,000 reports of 64 MiB as %s are decided without holding the loop',
  async (_what, type, make) => {
    const body = Buffer.from(make());
    expect(body.length).toBeGreaterThan(62 * MIB);
    const { heldMs } = await strain(async () => {
      const { status, text } = await send(type, body);
      expect({ status, receipts: text.split('\n').length - 1 }).toEqual({ status: 200, receipts: 10_000 });
    });
    expect(heldMs).toBeLessThan(HELD_MS);
  },
  120_000,
);

it('8 well-formed bodies of 64 MiB at once are not all held: some wait, or are told to come again', async () => {
  const body = Buffer.from(reports('crowd').join('\n'));
  const { heldMs, grownBytes } = await strain(async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(LINES, body)));
    for (const { status, headers } of answers)
      expect([status, headers['retry-after']]).toEqual(status === 200 ? [200, undefined] : [503, '1']);
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
  });
  expect(heldMs).toBeLessThan(HELD_MS);
  expect(grownBytes).toBeLessThan(INFLIGHT + LARGEST + BESIDE);
}, 240_000);

/** As many members as a report may have beside its own, each with a key that was never seen. */
function members(name: string, value: (n: number) => string): string {
  const room = MAX_VALUES - 50;
  const all: string[] = [];
  for (let n = 0, used = 0; used < room; n++) {
    const member = `"${name}-${n}":${value(n)}`;
    used += 2 + (value(n).startsWith('"') ? 0 : value(n).length / 5);
    if (used < room) all.push(member);
  }
  return `{${all.join()}}`;
}
const WIDE: readonly [string, (n: number) => string][] = [
  ['numbers', String],
  ['texts', (n) => `"text ${n}"`],
  ['numbers that no double holds', (n) => `1234567890123456${n}`],
];

it.each(WIDE)(
  'as many values as a report may have hold the loop nowhere on their way: %s',
  async (what, value) => {
    const id = `wide-${what.replaceAll(' ', '-')}`;
    const JSON_BODY = { 'content-type': 'application/json' };
    const ask = async (method: string, path: string, body?: string): Promise<number> =>
      (await raw(await program.url, { method, path: `/api/v1${path}`, headers: JSON_BODY, ...(body ? { body } : {}) }))
        .status;
    const told = (on: string, status: string, field: string): Promise<number> =>
      ask('POST', `/executions/${on}/status`, `{"status":"${status}","${field}":${members(`${on}-${status}`, value)}}`);
    const made = (field: string): Promise<number> =>
      ask('POST', '/executions', `{"${field}":${members(`${id}-${field}`, value)}}`);
    for (const on of [id, `${id}-ended`]) await ask('POST', '/executions', `{"execution_id":"${on}"}`);
    const steps: readonly [string, number, () => Promise<number>][] = [
      ['reported', 200, () => told(id, 'running', 'data')],
      ['shown', 200, () => ask('GET', `/executions/${id}`)],
      ['ended with', 200, () => told(`${id}-ended`, 'failed', 'error')],
      ['refused', 409, () => told(`${id}-ended`, 'queued', 'data')],
      ['shown as refused', 200, () => ask('GET', `/executions/${id}-ended/refused`)],
      ['registered', 201, () => made('input')],
      ['as labels', 400, () => made('labels')],
    ];
    const held: Record<string, number> = {};
    for (const [step, status, ask] of steps) {
      const { heldMs } = await strain(async () => expect([step, await ask()]).toEqual([step, status]));
      held[step] = heldMs;
    }
    for (const [step, ms] of Object.entries(held)) expect([step, Math.max(ms, HELD_MS)]).toEqual([step, HELD_MS]);
  },
  60_000,
);
