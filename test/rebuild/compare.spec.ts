import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { RowComparison } from '../../src/rebuild/compare.js';
import { createTestDatabase, withClient, type TestDatabase } from '../support/store/postgres.js';

/** How many may be looked at again, some more, and some that did not move. */
const SUSPECTS = 10_000;
const STOOD = 300;
const ROWS = SUSPECTS + 500 + STOOD;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it('says how many rows it compared where more moved than can be looked at again, and finds the drift among the others', () =>
  withClient(database.connectionString, async (client) => {
    await client.query(`
      create temp table live as select 'x' || n as execution_id, 1 as revision, 'same' as status from generate_series(1, ${ROWS}) n;
      create temp table rebuilt as select execution_id, revision - (substr(execution_id, 2)::integer > ${STOOD})::integer as revision, status from live`);
    const comparison = new RowComparison(['execution_id', 'revision', 'status'], 'live', 'rebuilt');
    let beats = 0;
    const scan = () => comparison.scan(client, async () => void beats++);
    expect(await scan()).toBe(false);
    expect(comparison.result().rows).toBe(STOOD);
    expect(beats).toBeGreaterThan(1);
    await comparison.settle(client);
    expect(comparison.result().rows).toBe(STOOD + SUSPECTS);
    await client.query(`update rebuilt set revision = 1;
      update rebuilt set status = 'other' where execution_id = 'x7'; update rebuilt set revision = 0 where execution_id = 'x9'`);
    expect(await scan()).toBe(true);
    expect(comparison.result()).toMatchObject({
      rows: ROWS - 1,
      drift: { rows: 1, fields: { status: 1 }, sample: [{ execution_id: 'x7' }] },
    });
    await comparison.settle(client); // x9 never came to where the other table stands
    expect(comparison.result()).toMatchObject({ rows: ROWS, drift: { rows: 2, fields: { status: 1, revision: 1 } } });
  }));
