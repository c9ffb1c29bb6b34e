import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { executionStatus } from '../../projections/execution-status.js';
import { rebuild } from '../../src/rebuild/rebuild.js';
import { fact } from '../support/domain/given.js';
import { openProjection, tell, type ProjectedLedger } from '../support/projection/projection.js';
import { cutEverywhere, rebuilding } from '../support/projection/rebuilding.js';
import { folded, standing } from '../support/projection/tables.js';

/** Bytes that do not compress. */
const noise = (bytes: number): Buffer =>
  Buffer.concat(Array.from({ length: 100 }, (_, n) => createHash('sha512').update(`noise ${n}`).digest())).subarray(
    0,
    bytes,
  );
const idOf = (length: number): string => noise(length).toString('base64url').slice(0, length);
/** 255 characters of three bytes each, all of which an index has. */
const wide = Array.from(noise(255), (byte) => String.fromCharCode(0x4e00 + byte * 64)).join('');

/** An index takes the first, the second until it belongs to a workflow, and never the third. */
const [fits, fitted, never] = [idOf(1_700), `b${idOf(2_000)}`, `c${idOf(2_600)}`];
const ids = ['short', fits, fitted, never];

let ledger: ProjectedLedger;
beforeAll(async () => {
  ledger = await openProjection();
  await tell(ledger, 'short', fact('ExecutionRegistered'));
  await tell(ledger, fits, fact('ExecutionRegistered', { run_id: 'run' }));
  await tell(ledger, fitted, fact('ExecutionQueued', { attempt: 1 }));
  await tell(ledger, never, fact('ExecutionRegistered'));
  for (const id of ids) await tell(ledger, id, fact('ExecutionStarted', { attempt: 1 }));
  await tell(ledger, fitted, fact('ExecutionDescribed', { workflow_id: wide }, { by: 'operator' }));
  for (const id of ids) await tell(ledger, id, fact('ExecutionSucceeded', { attempt: 1 }));
  await ledger.project(1_000, executionStatus);
});
afterAll(() => ledger.close());

const parked = async () =>
  (await ledger.readModel.projections.parked(executionStatus.name)).map(({ executionId, position }) => [
    executionId,
    position,
  ]);

it('a log with ids that no index takes is rebuilt to what the live table is, wherever it is cut', async () => {
  const before = [await standing(ledger, executionStatus), await parked()];
  expect(await parked()).toEqual([
    [never, 4n],
    [fitted, 9n],
  ]);
  expect((await rebuild(rebuilding(ledger, executionStatus), 'rebuild')).drift.rows).toBe(0);
  expect([await standing(ledger, executionStatus), await parked()]).toEqual(before);
  const rows = await standing(ledger, executionStatus);
  const whole = await folded(ledger.store, executionStatus, ['short', fits]);
  expect(Object.keys(rows)).toHaveLength(3);
  expect(rows).toMatchObject(whole);

  await cutEverywhere(ledger, executionStatus, (parts) => rebuild(parts, 'rebuild'));
  expect([await standing(ledger, executionStatus), await parked()]).toEqual(before);
  expect(await ledger.sql('select from ledger.parked_events where position < 0')).toEqual([]);
}, 60_000);
