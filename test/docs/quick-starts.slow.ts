import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { caller, startTestLedger, type TestLedger } from '../support/ledger/ledger.js';

const PAGE = readFileSync(new URL('../../docs/quick-starts.md', import.meta.url), 'utf8');
const blocksOf = (language: string): string[] =>
  [...PAGE.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, text]) => text!);

const KEYS = { report: 'report-0123456789abcdef', read: 'read-0123456789abcdef' };
let keyed: TestLedger;
let open: TestLedger;
beforeAll(async () => {
  keyed = await startTestLedger({ API_KEYS: `worker:${KEYS.report}:report,reader:${KEYS.read}:read` });
  open = await startTestLedger();
}, 60_000);
afterAll(async () => {
  await keyed.close();
  await open.close();
}, 60_000);

const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0;
const where = [
  ['without keys', () => ({ url: open.url, key: {} }), {}],
  [
    'with a key that may only report',
    () => ({ url: keyed.url, key: { LEDGER_API_KEY: KEYS.report } }),
    { authorization: `Bearer ${KEYS.read}` },
  ],
] as const;

describe.each(where)('the blocks of docs/quick-starts.md %s', (_name, target, headers) => {
  const run = async (program: string, language: string): Promise<void> => {
    const { url, key } = target();
    const { LEDGER_API_KEY: _, ...rest } = process.env;
    const text = blocksOf(language).join('\n');
    const args = program === 'bash' ? ['--norc', '-euc', text] : ['-c', text];
    await promisify(execFile)(program, args, { env: { ...rest, ...key, LEDGER: url } });
  };
  const shown = async (id: string): Promise<unknown> =>
    (await caller(target().url)('GET', `/executions/${id}`, undefined, headers)).body;

  (has('python3') ? it : it.skip)('in Python report the work and its result', async () => {
    await run('python3', 'python');
    expect(await shown('nightly-2026-11-29')).toMatchObject({
      status: 'succeeded',
      sealed: true,
      target: 'etl',
      workflow_id: 'nightly',
      result: { rows: 45 },
    });
  });

  (has('bash') && has('curl') ? it : it.skip)(
    'in bash report a command, the tries of a job and a sign of life',
    async () => {
      await run('bash', 'bash');
      const today = new Date().toISOString().slice(0, 10);
      expect(await shown(`backup-${today}`)).toMatchObject({ status: 'succeeded', target: 'backup' });
      expect(await shown('etl-7')).toMatchObject({ status: 'succeeded', attempt: 2 });
      expect(await shown('etl-9')).toMatchObject({ status: 'running', attempt: 2 });
    },
  );
});
