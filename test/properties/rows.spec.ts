import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HandleExecution } from '../../src/application/deciding/handle-execution.js';
import { initial, type ExecutionState } from '../../src/domain/execution.js';
import { refusedStream } from '../../src/domain/stream.js';
import { readExecution } from '../../src/event-store/read-execution.js';
import { tellable } from '../support/domain/arbitrary.js';
import { Clock, freshId, request } from '../support/ledger/handling.js';
import { openProjection, type ProjectedLedger } from '../support/projection/projection.js';
import { tries } from '../support/tries.js';
import { runtimeWith } from '../support/ledger/runtime.js';

let ledger: ProjectedLedger;
beforeAll(async () => {
  ledger = await openProjection();
});
afterAll(() => ledger.close());

const clock = new Clock();
const runtime = runtimeWith({ clock: clock.read });
const silent = { decided: () => undefined, retried: () => undefined, omitted: () => undefined };

/** A process that remembers nothing. */
const process = (): HandleExecution => new HandleExecution(ledger.store, runtime, silent);

// What is appended straight to the store is asked the same in test/projector/rows.spec.ts.
it('§7.9 whatever was reported and commanded, a row is the fold of its stream, and counts what was refused', async () => {
  const said = fc.array(fc.tuple(tellable, fc.nat(2), fc.boolean()), { minLength: 1, maxLength: 25 });
  const property = fc.asyncProperty(said, fc.integer({ min: 1, max: 9 }), async (asked, pageSize) => {
    const ids = [freshId(), freshId(), freshId()];
    const answered = new Map<string, ExecutionState>();
    const both = [process(), process()];
    for (const [n, [input, which, projects]] of asked.entries()) {
      const id = ids[which]!;
      const handled = await both[n % 2]!.handle(request(id, input));
      answered.set(id, handled.state);
      if (projects) await ledger.project(pageSize);
    }
    await ledger.project(pageSize);
    for (const id of ids) {
      const { row } = await ledger.readModel.find(id);
      const fold = await readExecution(ledger.store, id, initial);
      expect(row?.state).toEqual(fold.status === 'none' ? undefined : fold);
      if (answered.has(id)) expect(answered.get(id)).toEqual(fold);
      const kept = await ledger.store.readStream(refusedStream(id));
      if (fold.status !== 'none') expect(row?.refusedCount).toBe(kept.length);
    }
  });
  await fc.assert(property, { numRuns: tries(12) });
}, 40_000);
