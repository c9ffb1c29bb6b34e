import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runTree } from '../../projections/run-tree.js';
import { rebuild } from '../../src/rebuild/rebuild.js';
import { viewOf } from '../../src/projection-tables/table.js';
import { eventually } from '../support/eventually.js';
import { operationEnded, keeping, someExecutions } from '../support/projection/projection-operations.js';
import { idle } from '../support/ledger/handling.js';
import { connectTo, openProjection, type ProjectedLedger } from '../support/projection/projection.js';
import { rebuilding } from '../support/projection/rebuilding.js';

const { name } = runTree;
const EXECUTIONS = 3;
const ORDERS = [
  ['rebuild', 'rollback'],
  ['rollback', 'rebuild'],
] as const;

/** Two processes, and somebody who reads all the time. */
let ledger: ProjectedLedger;
let one: ReturnType<typeof keeping>;
let other: ReturnType<typeof keeping>;
let reading: Promise<void>;
let stopped: boolean;
let reads: number;
beforeEach(async () => {
  ledger = await openProjection();
  await someExecutions(ledger, EXECUTIONS);
  await rebuild(rebuilding(ledger, runTree), 'rebuild'); // version 2 is read, and 1 is kept
  [one, other] = [keeping(ledger), keeping(ledger)];
  [stopped, reads] = [false, 0];
  reading = read();
});
afterEach(async () => {
  stopped = true;
  await Promise.all([reading, one.worker.stop(), other.worker.stop()]);
  await ledger.close();
});

/** The table that is read is a whole one, whenever somebody looks. */
async function read(): Promise<void> {
  const client = await connectTo(ledger.database.connectionString);
  try {
    for (; !stopped; reads++) {
      const { rows } = await client.query(`select count(*)::integer as rows from ${viewOf(runTree)}`);
      expect(rows).toEqual([{ rows: EXECUTIONS }]);
      await idle();
    }
  } finally {
    await client.end();
  }
}

/** The version that is read, and the one that is kept. */
async function versions() {
  const { live, previous } = (await one.operations.statuses()).find((status) => status.name === name)!;
  return [live.version, previous?.version];
}
const atOdds = (kind: string) => ({
  accepted: false,
  why: expect.stringMatching(`^a ${kind} of ${name} was asked for at .* is not finished: let it end first$`),
});

describe.each(ORDERS)('a %s, and a %s', (first, second) => {
  it('that are asked for together: one is taken, the other told of it; asked again it is done', async () => {
    const asked = await Promise.all([one.operations.request(name, first), other.operations.request(name, second)]);
    const taken = asked[0].accepted ? first : second;
    const refused = taken === first ? second : first;
    expect(asked.filter(({ accepted }) => accepted)).toHaveLength(1);
    expect(asked.find(({ accepted }) => !accepted)).toEqual(atOdds(taken));
    one.worker.start();
    other.worker.start();
    expect(await operationEnded(one.operations, name, taken)).toMatchObject({ state: 'swapped' });
    expect(await versions()).toEqual(taken === 'rebuild' ? [3, 2] : [1, 2]);
    expect(await other.operations.request(name, refused)).toEqual({ accepted: true });
    expect(await operationEnded(one.operations, name, refused)).toMatchObject({ state: 'swapped' });
    expect(await versions()).toEqual(taken === 'rebuild' ? [2, 3] : [2, 1]);
    // A process says that it is done after the operation has ended: a look at once found one line of two.
    const done = () => [...one.heard, ...other.heard].filter((line) => line.endsWith('done'));
    expect(
      await eventually(
        async () => done(),
        ({ length }) => length >= 2,
      ),
    ).toHaveLength(2);
    expect(reads).toBeGreaterThan(0);
  }, 20_000);

  it('while the first is under way: the second is told who is at it', async () => {
    const holder = await connectTo(ledger.database.connectionString);
    try {
      // The swap waits for it, and whoever is at it stays there.
      await holder.query('begin');
      await holder.query('select from ledger.checkpoints where projection = $1 and live for update', [name]);
      one.worker.start();
      await one.operations.request(name, first);
      await eventually(
        async () => (await one.operations.statuses()).find((status) => status.name === name)!.holder,
        (holder) => holder !== undefined,
      );
      expect(await other.operations.request(name, second)).toMatchObject({
        accepted: false,
        by: { pid: expect.any(Number) },
      });
    } finally {
      await holder.end();
    }
    expect(await operationEnded(one.operations, name, first)).toMatchObject({ state: 'swapped' });
    expect(await versions()).toEqual(first === 'rebuild' ? [3, 2] : [1, 2]);
  }, 20_000);
});

it('a rebuild that the program wants for itself comes after the rollback that was asked for before it', async () => {
  await one.operations.request(name, 'rollback');
  await other.operations.request(name, 'rebuild', { automatic: true });
  one.worker.start();
  other.worker.start();
  for (const kind of ['rollback', 'rebuild'] as const)
    expect(await operationEnded(one.operations, name, kind)).toMatchObject({ state: 'swapped' });
  expect(await versions()).toEqual([2, 1]);
  expect([...one.heard, ...other.heard].filter((line) => line.includes('failed'))).toEqual([]);
}, 20_000);
