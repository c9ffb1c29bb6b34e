import { expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { startTestLedger } from '../support/ledger/ledger.js';
import { blocksOf, readAloud, type Block } from '../support/docs/story.js';

/** What starts a ledger, reads other files, or is for the machine of a sender: it is not asked of one that runs. */
const ELSEWHERE = /^(?:npm|npx|export|kubectl|\w+_KEYS?=|OPENLINEAGE_|OTEL_)/m;
const isTold = ({ language, text }: Block): boolean =>
  ['sh', 'json', 'http'].includes(language) && !(language === 'sh' && ELSEWHERE.test(text));
const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0;
const told = has('bash') && has('curl') ? it : it.skip;

told.each(['README.md', 'docs/http-api.md', 'docs/sources.md'])(
  'the examples of %s run in order against a new ledger, and answer what it shows',
  async (page) => {
    const ledger = await startTestLedger();
    /** What is projected a moment later is there when somebody pastes the next block. */
    const projected = async (): Promise<void> => {
      const { body } = await ledger.call('GET', '/events?limit=1');
      for (const list of ['executions', 'status-counts', 'target-health', 'failure-groups', 'executions/histogram'])
        await ledger.call('GET', `/${list}?wait_for=${body.head_position}`);
      await ledger.call('GET', `/projections/run-tree/rows?wait_for=${body.head_position}`);
    };
    const blocks = (await blocksOf(page)).filter(isTold);
    expect(blocks.length).toBeGreaterThan(1);
    const wrong = await readAloud(blocks, ledger.url, projected);
    await ledger.close();
    expect(wrong).toEqual([]);
  },
  60_000,
);
