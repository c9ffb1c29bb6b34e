import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PROJECTIONS } from '../../projections/index.js';
import type { Projection } from '../../projections/projection.js';
import { rebuild, rollback } from '../../src/projector/rebuild/rebuild.js';
import { liveVersion } from '../../src/projector/versions.js';
import { columnsOf, keyOf, tableOf, viewOf } from '../../src/read-model/table.js';
import { connectTo, openProjection, tell, type Projected } from '../support/projection.js';

let projected: Projected;
beforeAll(async () => {
  projected = await openProjection();
});
afterAll(() => projected.close());

const never = new AbortController().signal;
const parts = (projection: Projection) => ({
  store: projected.store,
  connect: () => connectTo(projected.database.connectionString),
  projection,
  signal: never,
});
/** What readers see; a count that came to nothing is none. */
const rowsOf = (projection: Projection, from = viewOf(projection)) => {
  const some = projection.kind === 'counters' ? 'where count <> 0' : '';
  const key = keyOf(projection).join(', ');
  return projected.sql(`select ${columnsOf(projection).join(', ')} from ${from} ${some} order by ${key}`);
};

describe.each(PROJECTIONS)('a rebuild of $name', (projection) => {
  it('makes the same table, has readers read it, and finds what somebody changed by hand', async () => {
    for (let i = 0; i < 30; i++) {
      const id = `${projection.name}-${i}`;
      await tell(projected, id, {
        event: { type: 'ExecutionRegistered', data: { run_id: id, target: `t${i % 3}` } },
      } as never);
      if (i % 2)
        await tell(projected, id, {
          event: { type: 'ExecutionSucceeded', data: { attempt: 1, result: i, duration_ms: i } },
        } as never);
    }
    await projected.project(1_000, ...PROJECTIONS);
    const before = await rowsOf(projection);
    const { rows, drift, version } = await rebuild(parts(projection), 'rebuild');
    expect(drift).toEqual({ rows: 0, fields: {}, sample: [] });
    expect(rows).toBeGreaterThan(0);
    expect(await rowsOf(projection)).toEqual(before);
    expect(await rowsOf(projection, tableOf(projection, version))).toEqual(before);
    const again = await rollback(parts(projection));
    expect(again).toBe(version - 1);
    const client = await connectTo(projected.database.connectionString);
    expect(await liveVersion(client, projection)).toMatchObject({ version: again });
    await client.end();
  });
});
