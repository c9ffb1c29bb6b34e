import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PROJECTIONS } from '../../projections/index.js';
import { rebuild } from '../../src/rebuild/rebuild.js';
import { rollback } from '../../src/rebuild/rollback.js';
import { openMixed } from '../support/projection/logs.js';
import type { ProjectedLedger } from '../support/projection/projection.js';
import { cutEverywhere, rebuilding, withoutStreams } from '../support/projection/rebuilding.js';
import { folded, standing } from '../support/projection/tables.js';

let ledger: ProjectedLedger;
let ids: string[];
beforeAll(async () => {
  ({ ledger, ids } = await openMixed());
}, 60_000);
afterAll(() => ledger.close());

describe.each(PROJECTIONS)('cut at any of its statements, $name', (projection) => {
  const right = async () =>
    expect(await standing(ledger, projection)).toEqual(await folded(ledger.store, projection, ids));
  const versions = async () => {
    const rows = await ledger.sql<{ version: number }>(
      `select substring(relname from '\\d+$')::int as version from pg_class where relkind = 'r' and relname ~ $1 order by 1`,
      `^${projection.name.replaceAll('-', '_')}_v\\d+$`,
    );
    return rows.map(({ version }) => version);
  };

  it.each(['stream by stream', 'page by page'])(
    'a rebuild goes on where it was, %s',
    async (how) => {
      const store = how === 'stream by stream' ? ledger.store : withoutStreams(ledger.store);
      const cuts = await cutEverywhere(ledger, projection, (parts) => rebuild(parts, 'rebuild'), { store });
      expect(cuts).toBeGreaterThan(20);
      await right();
      expect(await versions()).toHaveLength(2);
    },
    120_000,
  );

  it('a verification finds what it would have found, and leaves nothing behind', async () => {
    const before = await versions();
    const drifts: number[] = [];
    const verify = async (parts: Parameters<typeof rebuild>[0]) =>
      drifts.push((await rebuild(parts, 'verify')).drift.rows);
    expect(await cutEverywhere(ledger, projection, verify)).toBeGreaterThan(20);
    expect(drifts.at(-1)).toBe(0);
    expect(await versions()).toEqual(before);
    await right();
  }, 120_000);

  it('a rollback has swapped or has not', async () => {
    await rebuild(rebuilding(ledger, projection), 'rebuild');
    expect(await cutEverywhere(ledger, projection, rollback)).toBeGreaterThan(5);
    await right();
    expect(await versions()).toHaveLength(2);
  }, 120_000);
});
