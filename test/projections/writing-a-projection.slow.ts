import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFile } from 'node:fs/promises';
import { PROJECTIONS } from '../../projections/index.js';
import { became, fact } from '../support/domain/given.js';
import { freshId } from '../support/ledger/handling.js';
import { appendLog, logs } from '../support/projection/logs.js';
import { follow, openProjection, tell, type ProjectedLedger } from '../support/projection/projection.js';
import { folded, standing } from '../support/projection/tables.js';
import { failuresByKind } from './failures-by-kind.js';
import { lastWords } from './last-words.js';

const EXAMPLES = [failuresByKind, lastWords];

describe.each(['failures-by-kind', 'last-words'])('the page’s %s', (name) => {
  it('is the code that is tested here', async () => {
    const here = new URL('.', import.meta.url);
    const page = await readFile(new URL('../../docs/writing-a-projection.md', here), 'utf8');
    const file = await readFile(new URL(`${name}.ts`, here), 'utf8');
    const written = file.replaceAll(`'../../src/`, `'../src/`).replaceAll(`'../../projections/`, `'./`);
    expect(page).toContain(`\`projections/${name}.ts\`:\n\n\`\`\`ts\n${written.trim()}\n\`\`\``);
  });
});

describe('one file and one line', () => {
  let ledger: ProjectedLedger;
  beforeAll(async () => {
    ledger = await openProjection({}, [...PROJECTIONS, ...EXAMPLES]); // the line
  });
  afterAll(() => ledger.close());

  it('make a read model that follows the log, is shown, and is what the streams come to', async () => {
    const followers = EXAMPLES.map((one) => follow(ledger.database.connectionString, ledger.store, undefined, one));
    for (const follower of followers) follower.start();
    const ids = [freshId(), freshId(), freshId()];
    for (const id of ids) await tell(ledger, id, fact('ExecutionRegistered', { kind: 'job' }), became('running'));
    await tell(ledger, ids[0]!, became('failed'));
    await tell(ledger, ids[1]!, fact('ExecutionFailed', { attempt: 1, phase: 'staging', message: 'no disk' }));
    await tell(ledger, ids[2]!, became('failed', 'watchdog'), became('succeeded')); // a guess, and the truth
    const head = await ledger.store.head();
    for (const { name } of EXAMPLES) expect(await ledger.readModel.waitFor(head, 20_000, name)).toBe(true);
    const counts = await ledger.sql(
      'select kind, phase, count::int from ledger.failures_by_kind_v1 where count > 0 order by 2',
    );
    expect(counts).toEqual([
      { kind: 'job', phase: 'execution', count: 1 },
      { kind: 'job', phase: 'staging', count: 1 },
    ]);
    const said = await ledger.sql('select message from ledger.last_words_v1 where execution_id = $1', ids[1]);
    expect(said).toEqual([{ message: 'no disk' }]);
    const standings = await ledger.readModel.projections.statuses();
    expect(standings.slice(-2)).toMatchObject(EXAMPLES.map(({ name }) => ({ name, leader: {}, parked: 0 })));
    await Promise.all(followers.map((follower) => follower.stop()));
    for (const example of EXAMPLES)
      expect(await standing(ledger, example)).toEqual(await folded(ledger.store, example, ids));
  }, 30_000);

  it('hold for whatever is appended, however it is paged', async () => {
    const own = await openProjection({}, [...PROJECTIONS, ...EXAMPLES]); // what is not remembered is read from the first
    const ids: string[] = [];
    const property = fc.asyncProperty(logs, fc.integer({ min: 1, max: 12 }), async (log, pageSize) => {
      ids.push(...(await appendLog(own, log)));
      await own.project(pageSize, ...EXAMPLES);
      for (const example of EXAMPLES)
        expect(await standing(own, example)).toEqual(await folded(own.store, example, ids));
    });
    await fc.assert(property, { numRuns: 6 });
    await own.close();
  }, 30_000);
});
