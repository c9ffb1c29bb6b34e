import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { raw } from '../http/suite/http.js';
import { startProgram, type Program } from '../support/process/program.js';
import { startServer, type TestServer } from '../support/store/server.js';
import { strainOf, WATCHED } from '../support/process/strain.js';

/** How long the loop may be held, in ms of the processor's time. */
const HELD_MS = 100;
const MIB = 1024 * 1024;
const PAGE = readFileSync(new URL('../../docs/sharing.md', import.meta.url), 'utf8');
/** The list of the page, and patterns that begin with no letter that could be looked for first. */
const REDACT = `${/^REDACT='([^']*)'/m.exec(PAGE)![1]!}; /[a-z0-9]{32}/; /(?:key|pwd)=\\S+/i; /\\b\\d{4}-\\d{4}\\b/`;

const TOKEN = `ghp_${'a1B2'.repeat(9)}`;
const TEXTS: readonly [string, string][] = [
  ['no secret', 'lorem ipsum 1234 '],
  ['a secret in every word', ` ${TOKEN} 0123456789abcdef0123456789abcdef key=open https://me:pw@x/ 1234-1234`],
  ['one endless word', 'q'],
];

let server: TestServer;
let program: Program;
beforeAll(async () => {
  server = await startServer([]); // with fsync: the program takes no other
  program = startProgram({ DATABASE_URL: server.url('postgres'), REDACT, ...WATCHED });
  await post('/workflow/executions/events', reportOf('warm', 'running'), 'application/json');
}, 60_000);
afterAll(async () => {
  program.child.kill('SIGTERM');
  await program.end;
  await server.stop();
}, 30_000);

const post = async (path: string, body: string, type: string) =>
  raw(await program.url, { method: 'POST', path: `/api/v1${path}`, headers: { 'content-type': type }, body });

const reportOf = (execution_id: string, log: string): string =>
  JSON.stringify({ execution_id, status: 'running', data: { log } });

it.each(TEXTS)(
  'the largest bodies hold the loop no longer with %s in them',
  async (name, word) => {
    const text = word.repeat((MIB - 1_000) / word.length);
    const id = name.replaceAll(' ', '-');
    const one = await strainOf(program, async () => {
      const { status } = await post('/workflow/executions/events', reportOf(id, text), 'application/json');
      expect(status).toBe(200);
    });
    const lines = Array.from({ length: 5 }, (_, n) => reportOf(`${id}-${n}`, text)).join('\n');
    const many = await strainOf(program, async () => {
      const { text: receipts } = await post('/reports', lines, 'application/x-ndjson');
      expect(receipts.match(/"verdict":"applied"/g)).toHaveLength(5);
    });
    process.stderr.write(`${name}: ${JSON.stringify({ one, many })}\n`);
    expect(Math.max(one.heldMs, many.heldMs)).toBeLessThan(HELD_MS);
  },
  120_000,
);
