import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { raw, type Raw } from '../http/suite/http.js';
import { eventually } from '../support/eventually.js';
import { startProgram, type Program } from '../support/process/program.js';
import { startServer, type TestServer } from '../support/store/server.js';
import { strainOf, WATCHED } from '../support/process/strain.js';

const MIB = 1024 * 1024;
/** Of many in one answer, and of the one that may be beyond it with what stands around it. */
const MOST_BYTES = 4 * MIB + 1.1 * MIB;
/** How long the loop may be held, in ms of the processor's time. */
const HELD_MS = 100;
const EXECUTIONS = 60;
/** So many with labels are more than one answer shows. */
const LABELLED = 440;
const EVENTS = 30;
/** A stack trace of nearly a megabyte. */
const LONG = '    at Object.step (file:///srv/worker/step.js:42:17) "é"\n'.repeat(16_000).slice(0, 0.9 * MIB);

let server: TestServer;
let program: Program;
let url: string;
beforeAll(async () => {
  server = await startServer([]); // with fsync: the program takes no other
  program = startProgram({ DATABASE_URL: server.url('postgres'), ...WATCHED });
  url = await program.url;
  await fill();
}, 600_000);
afterAll(async () => {
  program.child.kill('SIGTERM');
  await program.end;
  await server.stop();
}, 30_000);

const ask = (path: string, method = 'GET', body?: object): Promise<Raw> =>
  raw(url, {
    method,
    path: `/api/v1${path}`,
    headers: { 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
async function tell(execution_id: string, more: object): Promise<void> {
  const { status, text } = await ask('/workflow/executions/events', 'POST', { execution_id, ...more });
  expect({ status, applied: JSON.parse(text).applied }).toEqual({ status: 200, applied: true });
}

const ids = Array.from({ length: EXECUTIONS }, (_, n) => `long-${n}`);
const labelled = Array.from({ length: LABELLED }, (_, n) => `labelled-${n}`);

/** Executions of whose texts each is as long as can be; one of them with everything, long streams, and a run of many. */
async function fill(): Promise<void> {
  const fields = [
    'target',
    'workflow_id',
    'run_id',
    'kind',
    'message',
    'worker',
    'status_reason',
    'input_data',
    'data',
  ];
  for (const field of fields) await tell('all', { [field]: LONG });
  await tell('all', { labels: { long: LONG } });
  await ask('/executions/all/dispatch', 'POST', { handle: { long: LONG } });
  await tell('all', { status: 'failed', error: { message: LONG } });
  for (let n = 0; n < EVENTS; n++) await tell('stream', { message: `${n}${LONG}` });
  await ask('/executions/stream/pause', 'POST');
  for (let n = 0; n < EVENTS; n++)
    await ask('/workflow/executions/events', 'POST', {
      execution_id: 'stream',
      status: 'running',
      message: `${n}${LONG}`,
    });
  const left = [...ids];
  const one = async (): Promise<void> => {
    for (let id = left.pop(); id !== undefined; id = left.pop()) {
      await tell(id, { target: `target-${id}${LONG}`, parent_execution_id: 'root' });
      await tell(id, { status: 'failed', error: LONG, completed_at: '2026-01-31T12:00:00Z' });
    }
  };
  for (let n = 0; n < EVENTS; n++)
    await ask('/bulk/cancel', 'POST', { execution_ids: [`unknown-${n}`], reason: LONG.slice(0, 60_000) });
  await tell('root', { status: 'running' });
  const labels = Object.fromEntries(['a', 'b', 'c'].map((key) => [key, LONG.slice(0, 4_000)]));
  await ask(
    '/reports',
    'POST',
    labelled.map((execution_id) => ({ execution_id, status: 'failed', labels })),
  );
  await Promise.all([one(), one(), one(), one()]);
  await eventually(
    () => ask('/executions?limit=1'),
    ({ text }) => JSON.parse(text).as_of.lag_ms === 0,
  );
}

/** Requests for each GET of the document, and what else answers with many executions. */
const GETS: Readonly<Record<string, readonly string[]>> = {
  '/api/v1/executions': ['/executions?limit=500', '/executions?limit=500&sort=last_activity_at&status=failed'],
  '/api/v1/executions/{id}': ['/executions/all', '/executions/stream'],
  '/api/v1/executions/{id}/events': ['/executions/stream/events?limit=1000', '/executions/all/events?limit=1000'],
  '/api/v1/executions/{id}/refused': ['/executions/stream/refused?limit=1000'],
  '/api/v1/executions/{id}/state': [
    '/executions/all/state?at_revision=11',
    '/executions/stream/state?at_time=2999-01-01T00:00:00Z',
  ],
  '/api/v1/executions/{id}/tree': ['/executions/root/tree?limit=1000'],
  '/api/v1/events': ['/events?limit=1000'],
  '/api/v1/stream': ['/stream?after=0'],
  '/api/v1/status-counts': ['/status-counts'],
  '/api/v1/target-health': ['/target-health?from=2026-01-01T00:00:00Z&to=2026-02-28T00:00:00Z'],
  '/api/v1/failure-groups': ['/failure-groups'],
  '/api/v1/inbox': ['/inbox'],
  '/api/v1/executions/histogram': [
    '/executions/histogram?interval=1m&by=target',
    '/executions/histogram?interval=1d&by=workflow',
  ],
  '/api/v1/operations': ['/operations?limit=500'],
  '/api/v1/session': ['/session'],
  '/api/v1/projections': ['/projections'],
  '/api/v1/projections/{name}': ['/projections/execution-status'],
  '/api/v1/projections/{name}/rows': ['/projections/execution-status/rows?limit=500'],
};

it('every GET of the document is in the table', async () => {
  const { paths } = JSON.parse(await readFile(new URL('../../docs/openapi.json', import.meta.url), 'utf8'));
  const all = Object.keys(paths).filter((path) => paths[path].get && path.startsWith('/api/'));
  expect(Object.keys(GETS).sort()).toEqual(all.sort());
});

/** What a stream sends at first. */
async function followed(path: string): Promise<string> {
  const gone = new AbortController();
  const { body } = await fetch(`${url}/api/v1${path}`, { signal: gone.signal });
  let text = '';
  for await (const piece of body!) {
    text += Buffer.from(piece).toString();
    if (text.includes('"execution_id":"long-0"')) break;
  }
  gone.abort();
  return text;
}

/** How an answer strains the program: the least of three, for what holds the loop does so each time, and other programs do not. */
async function measured(path: string, asked: () => Promise<{ status: number; text: string }>): Promise<string> {
  let text = '';
  const held: number[] = [];
  for (let n = 0; n < 3; n++) {
    let over = false;
    const { heldMs } = await strainOf(program, async () => {
      const beside = (async () => {
        while (!over) expect((await raw(url, { path: '/health/live' })).status).toBe(200);
      })();
      const answer = await asked();
      expect({ path, status: answer.status }).toEqual({ path, status: 200 });
      ({ text } = answer);
      over = true;
      await beside;
    });
    held.push(heldMs);
  }
  process.stderr.write(`${JSON.stringify({ path, held, bytes: Buffer.byteLength(text) })}\n`);
  expect({ path, heldMs: Math.max(Math.min(...held), HELD_MS) }).toEqual({ path, heldMs: HELD_MS });
  return text;
}

/** How much an answer may have: one execution as much as it has, of a stream each frame. */
const MOST: Readonly<Record<string, number>> = {
  '/api/v1/executions/{id}': Infinity,
  '/api/v1/executions/{id}/state': Infinity,
  '/api/v1/stream': Infinity,
};

it.each(Object.keys(GETS))(
  '%s is answered by bytes, and holds the loop no longer than 100 ms',
  async (endpoint) => {
    const stream = endpoint === '/api/v1/stream';
    for (const path of GETS[endpoint]!) {
      const text = await measured(
        path,
        stream ? async () => ({ status: 200, text: await followed(path) }) : () => ask(path),
      );
      expect(text.length).toBeGreaterThan(20);
      expect(Buffer.byteLength(text)).toBeLessThan(MOST[endpoint] ?? MOST_BYTES);
      if (stream) for (const frame of text.split('\n\n')) expect(frame.length).toBeLessThan(64 * 1024);
      if (endpoint === '/api/v1/executions') expect(JSON.parse(text)).toHaveProperty('next_cursor');
    }
  },
  120_000,
);

it('so is a batch, and so are receipts', async () => {
  const execution_ids = [...labelled, ...ids];
  const batch = await measured('batch', () => ask('/executions/batch-status', 'POST', { execution_ids }));
  expect(Buffer.byteLength(batch)).toBeLessThan(MOST_BYTES);
  expect(JSON.parse(batch)).toMatchObject({ 'labelled-0': { status: 'failed' }, 'long-0': { truncated: ['*'] } });
  const progress = await measured('progress', () => ask('/executions/stream/progress', 'POST', { progress: 5 }));
  expect(progress.length).toBeLessThan(MOST_BYTES);
  const resume = await measured('resume', () => ask('/executions/stream/resume', 'POST', { command_id: 'r' }));
  expect(Buffer.byteLength(resume)).toBeLessThan(MOST_BYTES);
  expect(JSON.parse(resume).refused_while_paused.length).toBeGreaterThan(0);
}, 120_000);
