import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { FreshExecutions } from '../../src/application/fresh-executions.js';
import { executionStream } from '../../src/domain/stream.js';
import { fact } from '../support/given.js';
import { freshId } from '../support/handling.js';
import { openProjection, tell, type Projected } from '../support/projection.js';

let ledger: Projected;
beforeAll(async () => {
  ledger = await openProjection();
});
afterAll(() => ledger.close());

it('many are read as each would be alone: row and tail, up to an event that cannot be read', async () => {
  const ids = Array.from({ length: 6 }, () => freshId());
  const [plain, brokenInTail, brokenInRow, foreign, late, missing] = ids as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const broken = () => ({ eventId: freshId(), type: 'ExecutionStarted', data: { attempt: 'one' }, metadata: {} });
  for (const id of [plain, brokenInTail, brokenInRow, foreign]) await tell(ledger, id, fact('ExecutionRegistered'));
  await ledger.write(executionStream(brokenInRow), broken());
  await ledger.project();
  await ledger.write(executionStream(brokenInTail), broken());
  await ledger.write(executionStream(foreign), { ...broken(), type: 'SomethingElse' });
  for (const id of [brokenInTail, brokenInRow, foreign])
    await tell(ledger, id, fact('ExecutionQueued', { attempt: 1 }));
  await tell(ledger, late, fact('ExecutionRegistered'));
  const fresh = new FreshExecutions(ledger.store, ledger.readModel);
  const many = await fresh.many(ids);
  for (const id of ids) expect(many.get(id)).toEqual(await fresh.one(id));
  expect(ids.map((id) => many.get(id)?.state.status)).toEqual([
    'pending',
    'pending',
    'pending',
    'queued',
    'pending',
    undefined,
  ]);
  expect(many.has(missing)).toBe(false);
});

it('many are read as each would be alone, too, where more is unprojected than is read at once', async () => {
  const ids = Array.from({ length: 5 }, () => freshId());
  for (const id of ids) await tell(ledger, id, fact('ExecutionRegistered'));
  await ledger.project();
  const beats = Array.from({ length: 1_000 }, () => fact('HeartbeatRecorded', { attempt: 1 }));
  const noise = freshId();
  for (let n = 0; n < 2; n++) await tell(ledger, noise, ...beats);
  for (const id of ids) await tell(ledger, id, fact('ExecutionQueued', { attempt: 1 }));
  const many = await new FreshExecutions(ledger.store, ledger.readModel).many(ids);
  expect(ids.map((id) => many.get(id)?.state.status)).toEqual(ids.map(() => 'queued'));
});
