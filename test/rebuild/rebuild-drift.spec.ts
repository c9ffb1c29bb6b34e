import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { executionStatus } from '../../projections/execution-status.js';
import { PROJECTIONS } from '../../projections/index.js';
import type { Projection } from '../../projections/projection.js';
import { statusCounts } from '../../projections/status-counts.js';
import { rebuild } from '../../src/rebuild/rebuild.js';
import { rollback } from '../../src/rebuild/rollback.js';
import { became, fact } from '../support/domain/given.js';
import { openProjection, tell, type ProjectedLedger } from '../support/projection/projection.js';
import { rebuilding } from '../support/projection/rebuilding.js';
import { standing } from '../support/projection/tables.js';

let ledger: ProjectedLedger;
const COUNT = 60;
const id = (n: number): string => `run-${n}`;
beforeAll(async () => {
  ledger = await openProjection();
  for (let n = 0; n < COUNT; n++) await tell(ledger, id(n), fact('ExecutionRegistered'), became('running', 'worker'));
  await ledger.project(1_000, ...PROJECTIONS);
}, 30_000);
afterAll(() => ledger.close());

describe('what somebody changed by hand', () => {
  it('in rows is found, told by field, and gone', async () => {
    await ledger.project(1_000, executionStatus);
    const good = await standing(ledger, executionStatus);
    await ledger.sql(
      `update ledger.execution_status set status = 'failed', target = 'elsewhere' where execution_id = $1`,
      id(3),
    );
    await ledger.sql(`update ledger.execution_status set revision = 99 where execution_id = $1`, id(4));
    await ledger.sql(`delete from ledger.execution_status where execution_id = $1`, id(5));
    await ledger.sql(
      `insert into ledger.execution_status select (jsonb_populate_record(s, '{"execution_id":"ghost"}')).* from ledger.execution_status s limit 1`,
    );
    const found = await rebuild(rebuilding(ledger, executionStatus), 'verify');
    expect(found.drift).toMatchObject({ rows: 4, fields: { status: 1, target: 1, revision: 1, row: 2 } });
    expect(found.drift.sample).toContainEqual({
      execution_id: id(3),
      field: 'target',
      live: 'elsewhere',
      rebuilt: null,
    });
    expect(await standing(ledger, executionStatus)).not.toEqual(good); // looked at, not touched
    const { drift } = await rebuild(rebuilding(ledger, executionStatus), 'rebuild');
    expect(drift.rows).toBe(4);
    expect(await standing(ledger, executionStatus)).toEqual(good);
    expect((await rebuild(rebuilding(ledger, executionStatus), 'verify')).drift.rows).toBe(0);
  }, 30_000);

  it('in counts is found, and gone', async () => {
    await ledger.project(1_000, statusCounts);
    const good = await standing(ledger, statusCounts);
    await ledger.sql(`update ledger.status_counts set count = count + 7 where scope = 'all' and status = 'running'`);
    const { drift } = await rebuild(rebuilding(ledger, statusCounts), 'rebuild');
    expect(drift).toMatchObject({ rows: 1, fields: { count: 1 } });
    expect(await standing(ledger, statusCounts)).toEqual(good);
  }, 30_000);
});

describe('a newer version of the code', () => {
  it('has its table made beside the old one, which serves; what differs is counted by field', async () => {
    await ledger.project(1_000, executionStatus);
    const newer: Projection = {
      ...executionStatus,
      version: executionStatus.version + 1,
      columns: { ...executionStatus.columns, shout: { type: 'text' } },
      contribute: (before, after, event) => {
        const row = executionStatus.contribute(before, after, event);
        return { ...row, kind: 'loud', shout: String(row['status']).toUpperCase() };
      },
    };
    const { drift } = await rebuild(rebuilding(ledger, newer), 'rebuild');
    expect(drift.fields).toEqual({ kind: drift.rows });
    expect(drift.rows).toBeGreaterThanOrEqual(COUNT);
    const [row] = await ledger.sql<{ shout: string }>(
      'select shout from ledger.execution_status where execution_id = $1',
      id(1),
    );
    expect(row).toEqual({ shout: 'RUNNING' });
    const older = `made by version ${executionStatus.version} of its code`;
    await expect(rollback(rebuilding(ledger, newer))).rejects.toThrow(older);
    await rollback(rebuilding(ledger, executionStatus)); // the older program can
    expect((await ledger.readModel.find(id(1))).row).toBeDefined();
  }, 30_000);

  it('that throws at an event parks that event, as its live page would have done', async () => {
    const choosy: Projection = {
      ...executionStatus,
      contribute: (before, after, event) => {
        if (event.execution_id === id(9) && event.revision === 1) throw new Error('not this one');
        return executionStatus.contribute(before, after, event);
      },
    };
    const { version } = await rebuild(rebuilding(ledger, choosy), 'rebuild');
    const parked = await ledger.sql(
      'select execution_id, revision, error from ledger.parked_events where version = $1',
      version,
    );
    expect(parked).toEqual([{ execution_id: id(9), revision: 1, error: expect.stringContaining('not this one') }]);
    const [row] = await ledger.sql(
      'select revision, unreadable_revision from ledger.execution_status where execution_id = $1',
      id(9),
    );
    expect(row).toEqual({ revision: 0, unreadable_revision: 1 });
    expect((await ledger.readModel.find(id(8))).row?.state.revision).toBe(1);
  }, 30_000);
});
