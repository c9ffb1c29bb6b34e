import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { startPatter, type Latencies, type Patter } from '../support/process/small-reports.js';
import { startProgram, type Program } from '../support/process/program.js';
import { mostResidentBytes } from '../support/process/resident.js';
import { startServer, type TestServer } from '../support/store/server.js';

const MIB = 1024 * 1024;
/** A small container. */
const MEMORY = 512 * MIB;
/** What Node takes of so much for its heap, where it is started as the image starts it; what may be held follows from that. */
const NODE_OPTIONS = '--max-semi-space-size=64 --max-old-space-size=256';
const SENDERS = 50;
/** So many of them send the same again until it is taken; all of them would take minutes of the processor. */
const REPEATING = 10;
const REPORTS = 60;
/** How long small reports are alone first, in milliseconds. */
const QUIET_MS = 5_000;
/** It is read like any text and, as the member comes again, not kept: the test need not wait until so much is stored. */
const TEXT = Buffer.alloc(MIB - 1_000, 'x');

let server: TestServer;
let program: Program;
let url: string;
let patter: Patter | undefined;
beforeAll(async () => {
  server = await startServer([]); // with fsync: the program takes no other
  program = startProgram({ DATABASE_URL: server.url('postgres'), NODE_OPTIONS }, 'built');
  url = await program.url;
  patter = startPatter(url);
}, 60_000);
afterAll(async () => {
  patter?.stop();
  program.child.kill('SIGTERM');
  await program.end;
  await server.stop();
}, 30_000);

const mostMemory = (): number => mostResidentBytes(program);

/** How small reports fare while something is done. */
async function beside(work: () => Promise<unknown>): Promise<Latencies> {
  const fared = await patter!.beside(work);
  process.stderr.write(`${expect.getState().currentTestName}: ${JSON.stringify({ ...fared, most: mostMemory() })}\n`);
  return fared;
}

/** Sends a body of 60 MB, made while it is sent; as most clients do, it stops when it is answered. */
function sendLarge(sender: number): Promise<{ status: number; text: string; retryAfter: string | undefined }> {
  const lines = Array.from({ length: REPORTS }, (_, n) => [
    Buffer.from(`{"execution_id":"large-${sender}-${n}","status":"running","event_id":"e-${sender}-${n}","message":"`),
    TEXT,
    Buffer.from('","message":"short"}\n'),
  ]).flat();
  const headers = {
    'content-type': 'application/x-ndjson',
    'content-length': lines.reduce((sum, { length }) => sum + length, 0),
  };
  return new Promise((resolve) => {
    const lost = (): void => resolve({ status: 0, text: '', retryAfter: undefined });
    const sent = request(`${url}/api/v1/reports`, { method: 'POST', headers, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.once('close', lost);
      response.once('end', () => {
        resolve({ status: response.statusCode!, text, retryAfter: response.headers['retry-after'] });
        sent.destroy();
      });
    });
    sent.on('error', lost);
    const write = (): void => {
      for (let line = lines.shift(); line !== undefined; line = lines.shift())
        if (!sent.write(line)) return void sent.once('drain', write);
      sent.end();
    };
    write();
  });
}

const outcomes: Record<string, number> = {};
async function send(sender: number): Promise<void> {
  for (;;) {
    const { status, text, retryAfter } = await sendLarge(sender);
    outcomes[status] = (outcomes[status] ?? 0) + 1;
    if (status === 200) {
      const receipts = text.trim().split('\n');
      expect(receipts.filter((receipt) => JSON.parse(receipt).applied)).toHaveLength(REPORTS);
      return;
    }
    expect([status, retryAfter]).toEqual([503, expect.stringMatching(/^\d+$/)]);
    if (sender >= REPEATING) return;
    await pause(Number(retryAfter) * 1_000);
  }
}

it('50 senders of 60 MB at once leave a process of 512 MB up, and small reports are taken meanwhile; who repeats gets in', async () => {
  const ended = program.end.then(({ said, code }) =>
    Promise.reject(new Error(`it ended: ${code} ${program.child.signalCode} ${said}`)),
  );
  const quiet = await beside(() => pause(QUIET_MS));
  const busy = await beside(() =>
    Promise.race([ended, Promise.all(Array.from({ length: SENDERS }, (_, n) => send(n)))]),
  );
  process.stderr.write(`${JSON.stringify({ outcomes, p99: busy.p99 / quiet.p99 })}\n`);
  expect(Object.keys(busy.counts)).toEqual(['200']);
  expect(mostMemory()).toBeLessThan(MEMORY);
}, 600_000);
