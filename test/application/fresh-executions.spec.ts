import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { FreshExecutions, type FreshExecution } from '../../src/application/reading/fresh-executions.js';
import { showInShort } from '../../src/contract/execution.js';
import { executionStream } from '../../src/domain/stream.js';
import { fact, nowAt } from '../support/domain/given.js';
import { freshId } from '../support/ledger/handling.js';
import { openProjection, tell, type ProjectedLedger } from '../support/projection/projection.js';

let ledger: ProjectedLedger;
beforeAll(async () => {
  ledger = await openProjection();
});
afterAll(() => ledger.close());

/** Many executions, each of which is shown in short as it would be alone. */
async function sameAsAlone(ids: readonly string[]) {
  const fresh = new FreshExecutions(ledger.store, ledger.readModel);
  const many = await fresh.many(ids);
  const shown = (one: FreshExecution | undefined) => one && showInShort(one, nowAt(0));
  for (const id of ids) expect(shown(many.get(id))).toEqual(shown(await fresh.one(id)));
  return many;
}

it('executions read together are as each read alone: row and tail, up to an event that cannot be read', async () => {
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
  const many = await sameAsAlone(ids);
  expect(ids.map((id) => many.get(id)?.state.status)).toEqual([
    'pending',
    'pending',
    'pending',
    'queued',
    'pending',
    undefined,
  ]);
  expect(many.has(missing)).toBe(false);
  const unreadable = { revision: 1, error: expect.stringContaining('attempt') };
  expect(ids.map((id) => many.get(id)?.unreadable)).toEqual([
    undefined,
    unreadable,
    unreadable,
    undefined,
    undefined,
    undefined,
  ]);
});

it('executions read together are as each read alone where more is unprojected than is read at once', async () => {
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

it('executions read together are as each read alone where events are folded on a state that is cut, or compared with it', async () => {
  const ids = Array.from({ length: 5 }, () => freshId());
  const [long, replaced, described, contrary, late] = ids as [string, string, string, string, string];
  const text = 'x'.repeat(9_000);
  const registered = fact('ExecutionRegistered', { input: 'in', target: text, labels: { a: text } });
  const failed = fact('ExecutionFailed', { attempt: 1, error: text, error_details: { text } });
  for (const id of [long, replaced, described, contrary]) await tell(ledger, id, registered, failed);
  await ledger.project();
  await tell(ledger, long, fact('ExecutionResumed', { attempt: 2 }, { by: 'operator' }));
  await tell(ledger, replaced, fact('ExecutionCancelled', { attempt: 1, error: 'e' }, { by: 'operator' }));
  await tell(ledger, described, fact('ExecutionDescribed', { attempt: 1, input: 'in', target: text, kind: text }));
  await tell(ledger, contrary, fact('ExecutionDescribed', { attempt: 1, input: 'out', target: 'other' }));
  await tell(ledger, late, registered, failed);
  const many = await sameAsAlone(ids);
  const all = ids.map((id) => showInShort(many.get(id)!, nowAt(0)));
  expect(all.map(({ truncated }) => truncated?.toSorted())).toEqual([
    ['labels', 'target'],
    ['labels', 'target'],
    ['error', 'kind', 'labels', 'target'],
    ['error', 'labels', 'target'],
    ['error', 'labels', 'target'],
  ]);
  expect(all.map(({ anomalies }) => anomalies.conflicts)).toEqual([0, 0, 0, 1, 0]);
});
