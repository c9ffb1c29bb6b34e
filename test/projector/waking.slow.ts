import { executionStatus } from '../../projections/execution-status.js';
import { afterEach, expect, it } from '@jest/globals';
import { createPostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { fact } from '../support/domain/given.js';
import { freshId } from '../support/ledger/handling.js';
import {
  asWritten,
  follow,
  followAll,
  openProjection,
  type ProjectedLedger,
} from '../support/projection/projection.js';
import type { SubscriptionRunner } from '../../src/projector/subscription-runner.js';

let ledger: ProjectedLedger;
let follower: SubscriptionRunner | undefined;

afterEach(async () => {
  await follower?.stop();
  await ledger.close();
});

/** Appends from another process's store, and waits until it is projected. */
async function reportElsewhere(within: number): Promise<void> {
  const elsewhere = createPostgresEventStore({ connectionString: ledger.database.connectionString });
  const stream = `execution-${freshId()}`;
  const append = { stream, events: [asWritten(fact('ExecutionRegistered'))], expectedRevision: 'any' as const };
  const outcome = await elsewhere.append(append);
  if (outcome.outcome !== 'appended') throw new Error(outcome.outcome);
  expect(await ledger.readModel.waitFor(outcome.position, within)).toBe(true);
  await elsewhere.close();
}

it('the projector is woken by what another process appends, long before it would look', async () => {
  ledger = await openProjection({ pollMs: 60_000 });
  follower = follow(ledger.database.connectionString, ledger.store);
  follower!.start();
  for (let n = 0; n < 3; n++) await reportElsewhere(10_000);
}, 20_000);

it('the projector that is told nothing looks by itself', async () => {
  ledger = await openProjection({ pollMs: 50 });
  follower = follow(ledger.database.connectionString, ledger.store);
  follower!.start();
  const id = freshId();
  await ledger.sql(
    `insert into ledger.events (position, recorded_at, revision, stream, event_id, type, data, metadata)
     values (1, now(), 0, 'execution-' || $1, 'e', 'ExecutionRegistered', '{}', '{}')`,
    id,
  );
  expect(await ledger.readModel.waitFor(1n, 10_000)).toBe(true);
  expect((await ledger.readModel.find(id)).row).toBeDefined();
}, 20_000);

it('a page that was cut by its bytes is followed by the next at once', async () => {
  ledger = await openProjection();
  const options = { gatherMs: 60_000, projections: [executionStatus] };
  [follower] = followAll(ledger.database.connectionString, ledger.store, options);
  follower!.start();
  const first = await ledger.write(`execution-${freshId()}`, asWritten(fact('ExecutionRegistered')));
  expect(await ledger.readModel.waitFor(first, 10_000)).toBe(true); // from here on it shares its pages
  const large = asWritten(fact('ExecutionRegistered', { input: 'x'.repeat(600_000) }));
  const events = Array.from({ length: 30 }, (_, n) => ({ ...large, eventId: `large-${n}` }));
  const last = await ledger.write(`execution-${freshId()}`, ...events);
  expect(await ledger.readModel.waitFor(last, 10_000)).toBe(true);
}, 20_000);
