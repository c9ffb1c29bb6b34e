import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { executionStatus } from '../../projections/execution-status.js';
import { PROJECTIONS } from '../../projections/index.js';
import { ExecutionStates } from '../../src/projector/execution-states.js';
import { Projector } from '../../src/projector/projector.js';
import { became, fact } from '../support/domain/given.js';
import { freshId } from '../support/ledger/handling.js';
import { connectTo, openProjection, tell, UNWATCHED, type ProjectedLedger } from '../support/projection/projection.js';
import { folded, standing } from '../support/projection/tables.js';
import { watch } from '../support/store/watched-store.js';

let ledger: ProjectedLedger;
beforeAll(async () => {
  ledger = await openProjection();
});
afterAll(() => ledger.close());

it('after a start, an execution that moves on is read from its row, once for all projections', async () => {
  const id = freshId();
  await tell(ledger, id, fact('ExecutionRegistered', { target: 't' }), became('queued'), became('running'));
  await ledger.project(100, ...PROJECTIONS);
  await tell(ledger, id, became('succeeded'));

  const store = watch(ledger.store);
  const states = new ExecutionStates(store, executionStatus);
  const client = await connectTo(ledger.database.connectionString);
  // The rows move on first, as in the program: then none is at the revision that the summaries want.
  for (const projection of [executionStatus, ...PROJECTIONS.filter((other) => other !== executionStatus)]) {
    const projector = new Projector(projection, store, states, UNWATCHED);
    await projector.handle(client, await store.readAll((await projector.begin(client))!, 100));
    expect(await standing(ledger, projection)).toEqual(await folded(ledger.store, projection, [id]));
  }
  await client.end();
  expect(store.calls.readStream).toBe(0);
});
