import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { executionStatus } from '../../projections/execution-status.js';
import { PROJECTIONS } from '../../projections/index.js';
import { statusCounts } from '../../projections/status-counts.js';
import type { CounterProjection, Projection } from '../../projections/projection.js';
import { executionStream } from '../../src/domain/stream.js';
import { became, fact } from '../support/domain/given.js';
import { freshId } from '../support/ledger/handling.js';
import {
  connectTo,
  openProjection,
  projectorOf,
  tell,
  type ProjectedLedger,
} from '../support/projection/projection.js';
import { folded, standing } from '../support/projection/tables.js';
import { some } from '../support/tries.js';

let ledger: ProjectedLedger;
beforeEach(async () => {
  ledger = await openProjection();
});
afterEach(() => ledger.close());

const unreadable = { type: 'ExecutionFailed', data: { attempt: 'first' }, metadata: {} };
const parkedOf = ({ name }: Projection) => ledger.readModel.projections.parked(name);

/** An execution with an event in its middle that cannot be read, and one without. */
async function givenUnreadable(): Promise<[string, string]> {
  const [bad, good] = [freshId(), freshId()];
  const registered = fact('ExecutionRegistered', { workflow_id: 'w', target: 't', parent_execution_id: good });
  await tell(ledger, bad, registered, became('running'));
  await ledger.write(executionStream(bad), { ...unreadable, eventId: 'bad' });
  await tell(ledger, bad, became('succeeded', 'worker'));
  await tell(ledger, good, registered, became('running'));
  return [bad, good];
}

/** Whoever leads takes note of what is wanted. */
async function lead(projection: Projection): Promise<void> {
  const client = await connectTo(ledger.database.connectionString);
  await projectorOf(ledger.store, projection).begin(client);
  await client.end();
}

describe.each(some(PROJECTIONS))('a parked event of $name', (projection) => {
  it('that can be read now is projected once, with all that came behind it', async () => {
    const ids = await givenUnreadable();
    await ledger.project(2, projection);
    expect(await parkedOf(projection)).toMatchObject([{ executionId: ids[0], eventType: 'ExecutionFailed' }]);
    await ledger.sql(`update ledger.events set data = '{"attempt":1,"authority":"watchdog"}' where event_id = 'bad'`);
    await ledger.readModel.projections.request(projection.name, { retry: true });
    for (let n = 0; n < 2; n++) {
      await lead(projection); // the second time there is nothing left to do
      expect(await parkedOf(projection)).toEqual([]);
      expect(await standing(ledger, projection)).toEqual(await folded(ledger.store, projection, ids));
    }
    await tell(ledger, ids[0], fact('ExecutionCancelled', { attempt: 1 }, { by: 'operator' }));
    await ledger.project(2, projection);
    expect(await standing(ledger, projection)).toEqual(await folded(ledger.store, projection, ids));
  });

  it('is projected as far as the projection has come: what is still to come is projected in its turn', async () => {
    const id = freshId();
    await tell(ledger, id, fact('ExecutionRegistered', { workflow_id: 'w', target: 't' }), became('running'));
    await ledger.write(executionStream(id), { ...unreadable, eventId: 'bad' });
    await ledger.project(2, projection);
    await ledger.sql(`update ledger.events set data = '{"attempt":1,"authority":"watchdog"}' where event_id = 'bad'`);
    await tell(ledger, id, became('succeeded', 'worker'));
    await ledger.readModel.projections.request(projection.name, { retry: true });
    await lead(projection);
    await ledger.project(2, projection);
    expect(await standing(ledger, projection)).toEqual(await folded(ledger.store, projection, [id]));
  });

  it('that still cannot be read stays where it is, with today’s reason', async () => {
    const ids = await givenUnreadable();
    await ledger.project(100, projection);
    const before = await standing(ledger, projection);
    await ledger.sql(`update ledger.events set data = '{"attempt":"second"}' where event_id = 'bad'`);
    await ledger.sql(`update ledger.parked_events set error = 'yesterday'`);
    await ledger.readModel.projections.request(projection.name, { retry: true });
    await lead(projection);
    expect(await parkedOf(projection)).toMatchObject([
      { executionId: ids[0], error: expect.stringContaining('attempt') },
    ]);
    expect(await standing(ledger, projection)).toEqual(before);
    const mine = (await ledger.readModel.projections.statuses()).find(({ name }) => name === projection.name);
    expect(mine).toMatchObject({ retrying: false, parked: 1 });
  });
});

it('an execution whose past can no longer be read is parked at its next event, and stops nobody', async () => {
  const [one, other] = [freshId(), freshId()];
  for (const id of [one, other]) await tell(ledger, id, fact('ExecutionRegistered'), became('running'));
  await ledger.project(100, statusCounts);
  await ledger.sql(`update ledger.events set data = '{"attempt":"newer"}' where stream = $1`, executionStream(one));
  for (const id of [one, other]) await tell(ledger, id, became('failed'));
  await ledger.project(100, statusCounts);
  expect((await ledger.readModel.statusCounts({})).counts).toMatchObject({ running: 1, failed: 1 });
  expect(await parkedOf(statusCounts)).toMatchObject([
    { executionId: one, eventType: 'ExecutionFailed', error: expect.stringContaining('revision 1') },
  ]);
  await ledger.sql(`update ledger.events set data = '{"attempt":1}' where stream = $1`, executionStream(one));
  await ledger.readModel.projections.request('status-counts', { retry: true });
  await lead(statusCounts);
  expect(await standing(ledger, statusCounts)).toEqual(await folded(ledger.store, statusCounts, [one, other]));
});

describe('a database that refuses an event’s increments', () => {
  const refuse = async (): Promise<void> => {
    await ledger.sql(`create function ledger.refuse() returns trigger language plpgsql as
      $$ begin if new.workflow_id = 'poison' and new.status = 'running' then raise sqlstate '23514'; end if; return new; end $$`);
    await ledger.sql(
      `create trigger refuses before insert on ledger.status_counts_v1 for each row execute function ledger.refuse()`,
    );
  };

  it('parks that event alone; the rest of its page is counted, and it is too once it is taken', async () => {
    await refuse();
    const ids: string[] = [];
    for (let n = 0; n < 9; n++) {
      ids.push(freshId());
      await tell(ledger, ids[n]!, fact('ExecutionRegistered', { workflow_id: n === 4 ? 'poison' : 'good' }));
      await tell(ledger, ids[n]!, became('running'), ...(n === 4 ? [] : [became('succeeded')]));
    }
    await ledger.project(1_000, statusCounts);
    const { counts, checkpoint } = await ledger.readModel.statusCounts({});
    expect(counts).toMatchObject({ pending: 1, succeeded: 8 });
    expect(checkpoint.position).toBe(await ledger.store.head());
    expect(await parkedOf(statusCounts)).toMatchObject([{ executionId: ids[4], eventType: 'ExecutionStarted' }]);
    await tell(ledger, ids[4]!, became('waiting'), became('running'));
    await ledger.project(1_000, statusCounts);
    for (const taken of [false, true]) {
      if (taken) await ledger.sql('drop trigger refuses on ledger.status_counts_v1');
      await ledger.readModel.projections.request('status-counts', { retry: true });
      await lead(statusCounts);
      expect(await parkedOf(statusCounts)).toHaveLength(taken ? 0 : 1);
      expect((await ledger.readModel.statusCounts({})).counts['pending']).toBe(taken ? 0 : 1);
    }
    expect(await standing(ledger, statusCounts)).toEqual(await folded(ledger.store, statusCounts, ids));
  });
});

describe('a projection that throws at an event', () => {
  const picky: CounterProjection = {
    ...statusCounts,
    name: 'picky',
    contribute: (before, after, event) => {
      if (event.type === 'ExecutionPaused') throw new Error('never heard of pauses');
      return statusCounts.contribute(before, after, event);
    },
  };

  it('has it parked with what was thrown, and goes on', async () => {
    const own = await openProjection({}, [executionStatus, picky]);
    const [one, other] = [freshId(), freshId()];
    for (const id of [one, other]) await tell(own, id, fact('ExecutionRegistered'), became('running'));
    await tell(own, one, became('paused'));
    await tell(own, other, became('failed'));
    await own.project(1_000, picky);
    expect(await own.readModel.projections.parked('picky')).toMatchObject([
      { executionId: one, eventType: 'ExecutionPaused', error: expect.stringContaining('never heard of pauses') },
    ]);
    const counts = await own.sql<{ status: string; count: string }>(
      `select status, count from ledger.picky_v1 where scope = 'all' and count > 0 order by 1`,
    );
    expect(counts).toEqual([
      { status: 'failed', count: '1' },
      { status: 'running', count: '1' },
    ]);
    await own.close();
  });
});
