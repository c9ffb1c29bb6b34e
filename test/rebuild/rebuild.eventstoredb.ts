import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PROJECTIONS } from '../../projections/index.js';
import { START } from '../../src/event-store/position.js';
import { rebuild } from '../../src/rebuild/rebuild.js';
import { rollback } from '../../src/rebuild/rollback.js';
import { viewOf } from '../../src/projection-tables/table.js';
import { fact } from '../support/domain/given.js';
import { freshId } from '../support/ledger/handling.js';
import { PATIENT } from '../support/ledger/eventstoredb-ledger.js';
import { usingDouble } from '../support/store/eventstoredb-store.js';
import { appendLog, logs } from '../support/projection/logs.js';
import { openProjection, tell, type ProjectedLedger } from '../support/projection/projection.js';
import { rebuilding } from '../support/projection/rebuilding.js';
import { folded, standing } from '../support/projection/tables.js';

const using = usingDouble();
let ledger: ProjectedLedger;
const ids: string[] = [];
beforeAll(async () => {
  ledger = await openProjection({}, PROJECTIONS, using.open(PATIENT));
  for (const log of fc.sample(logs, { numRuns: 12, seed: 5 })) ids.push(...(await appendLog(ledger, log)));
  await ledger.project(1_000, ...PROJECTIONS);
}, 60_000);
afterAll(() => ledger.close());

describe.each(PROJECTIONS)('with the log in EventStoreDB, $name', (projection) => {
  beforeAll(() => ledger.project(1_000, projection));
  const right = async () =>
    expect(await standing(ledger, projection)).toEqual(await folded(ledger.store, projection, ids));

  it('is rebuilt to what the streams come to, and the live table was too; it can be rolled back', async () => {
    const { drift } = await rebuild(rebuilding(ledger, projection), 'rebuild');
    expect(drift.rows).toBe(0);
    await right();
    const id = freshId();
    ids.push(id);
    await tell(ledger, id, fact('ExecutionStarted'));
    await ledger.project(1_000, projection);
    await rollback(rebuilding(ledger, projection));
    await right();
  }, 30_000);

  it('is verified: what somebody changed by hand is found', async () => {
    const verify = async () => (await rebuild(rebuilding(ledger, projection), 'verify')).drift.rows;
    expect(await verify()).toBe(0);
    const some = `where ctid = (select ctid from ${viewOf(projection)}_v1 limit 1)`;
    const counter = Object.entries(projection.columns).find(([, { type }]) => type === 'bigint')?.[0];
    const changed = projection.kind === 'rows' ? `status = 'odd'` : `${counter} = ${counter} + 1`;
    await ledger.sql(`update ${viewOf(projection)}_v1 set ${changed} ${some}`);
    expect(await verify()).toBe(1);
    await rebuild(rebuilding(ledger, projection), 'rebuild');
    await right();
    expect(await verify()).toBe(0);
    await ledger.sql('delete from ledger.rebuilds');
  }, 30_000);

  it('is gone on with where it was, when whoever rebuilt it is lost', async () => {
    const from: bigint[] = [];
    const lossy = {
      ...ledger.store,
      readAll: async (after: bigint) => {
        from.push(after);
        if (from.length === 2) throw new Error('Connection terminated');
        return ledger.store.readAll(after, 10);
      },
    };
    await expect(rebuild(rebuilding(ledger, projection, { store: lossy }), 'rebuild')).rejects.toThrow('terminated');
    await rebuild(rebuilding(ledger, projection, { store: lossy }), 'rebuild');
    expect(from[0]).toBe(START);
    expect(from[1]).toBeGreaterThan(START);
    expect(from[2]).toBe(from[1]);
    await right();
  }, 30_000);
});
