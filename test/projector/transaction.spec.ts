import { prepareProjection } from '../../src/projection-tables/versions.js';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { executionStatus } from '../../projections/execution-status.js';
import { statusCounts } from '../../projections/status-counts.js';
import { refusedStream } from '../../src/domain/stream.js';
import { CheckpointLost } from '../../src/projector/projection-store.js';
import { tableOf } from '../../src/projection-tables/table.js';
import { fact } from '../support/domain/given.js';
import { freshId } from '../support/ledger/handling.js';
import {
  connectTo,
  openProjection,
  projectorOf,
  tell,
  type ProjectedLedger,
} from '../support/projection/projection.js';
import { folded, standing } from '../support/projection/tables.js';

let ledger: ProjectedLedger;
const table = tableOf(executionStatus, 1);

beforeEach(async () => {
  ledger = await openProjection();
});
afterEach(() => ledger.close());

/** The server ends whoever does this to the table, when it has been done. */
const endWhoever = async (does: 'insert' | 'update'): Promise<void> => {
  await ledger.sql(`create function ledger.end_me() returns trigger language plpgsql as
    $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$`);
  await ledger.sql(`create trigger ends after ${does} on ${table} execute function ledger.end_me()`);
};
const written = async () => ({
  rows: (await ledger.sql(`select execution_id, revision, refused_revision from ${table} order by 1`)) as object[],
  at: (await ledger.readModel.checkpoint()).position,
});

it.each(['insert', 'update'] as const)(
  'a connection lost after the %s leaves neither rows nor checkpoint',
  async (does) => {
    const [one, two] = [freshId(), freshId()];
    await tell(ledger, one, fact('ExecutionRegistered'));
    await ledger.project();
    const before = await written();
    await tell(ledger, two, fact('ExecutionRegistered'));
    await tell(ledger, one, fact('ExecutionStarted', { attempt: 1 }));
    const refusal = { eventId: 'r', type: 'ReportRefused', data: { verdict: 'conflict' }, metadata: {} };
    await ledger.write(refusedStream(one), refusal);
    await endWhoever(does);
    await expect(ledger.project()).rejects.toThrow();
    expect(await written()).toEqual(before);
    await ledger.sql(`drop trigger ends on ${table}`);
    await ledger.project();
    expect(await written()).toEqual({
      rows: [
        { execution_id: one, revision: 1, refused_revision: 0 },
        { execution_id: two, revision: 0, refused_revision: -1 },
      ],
      at: await ledger.store.head(),
    });
  },
);

it('a leader that lost its lead cannot write', async () => {
  const { connectionString } = ledger.database;
  const id = freshId();
  await tell(ledger, id, fact('ExecutionRegistered'));
  const client = await connectTo(connectionString);
  const late = projectorOf(ledger.store);
  const after = (await late.begin(client))!;
  const page = await ledger.store.readAll(after, 10);
  await tell(ledger, id, fact('ExecutionStarted', { attempt: 1 }));
  await ledger.project();
  const before = await written();
  await expect(late.handle(client, page)).rejects.toBeInstanceOf(CheckpointLost);
  expect(await written()).toEqual(before);
  await late.begin(client); // the lead won anew, it goes on from where the other left it
  await late.handle(client, await ledger.store.readAll(after, 10));
  expect(await written()).toEqual(before);
  await client.end();
});

it('a page that the database cannot take at the moment is no fault of its events', async () => {
  await tell(ledger, freshId(), fact('ExecutionRegistered'));
  await ledger.sql(`create function ledger.full() returns trigger language plpgsql as
    $$ begin raise exception 'disk full' using errcode = '53100'; end $$`);
  await ledger.sql(`create trigger full_disk before insert on ${table} for each row execute function ledger.full()`);
  await expect(ledger.project()).rejects.toThrow('disk full');
  await ledger.sql(`drop trigger full_disk on ${table}`);
  await ledger.project();
  expect([ledger.parked, (await written()).rows.length]).toEqual([[], 1]);
});

it('a page that was read before is not counted again', async () => {
  const id = freshId();
  await tell(ledger, id, fact('ExecutionRegistered'));
  const client = await connectTo(ledger.database.connectionString);
  const projector = projectorOf(ledger.store, statusCounts);
  for (let read = 0; read < 2; read++) {
    await projector.begin(client);
    await projector.handle(client, await ledger.store.readAll(0n, 10));
    expect(await standing(ledger, statusCounts)).toEqual(await folded(ledger.store, statusCounts, [id]));
  }
  await client.end();
});

it('a page whose checkpoint moved is not written in part, whatever else it carries', async () => {
  const client = await connectTo(ledger.database.connectionString);
  const late = projectorOf(ledger.store);
  await late.begin(client);
  const [id, bad] = [freshId(), freshId()];
  await tell(ledger, id, fact('ExecutionRegistered'));
  await ledger.write(`execution-${bad}`, { eventId: 'b', type: 'ExecutionFailed', data: 'broken', metadata: {} });
  await ledger.sql('update ledger.checkpoints set position = 1');
  await expect(late.handle(client, await ledger.store.readAll(0n, 10))).rejects.toBeInstanceOf(CheckpointLost);
  expect(await written()).toEqual({ rows: [], at: 1n });
  expect(await ledger.readModel.projections.parked('execution-status')).toEqual([]);
  await client.end();
});

it('a table of a version newer than the program is refused, and says so', async () => {
  await ledger.sql(`update ledger.checkpoints set fold_version = 99 where projection = 'execution-status'`);
  const client = await connectTo(ledger.database.connectionString);
  await expect(prepareProjection(client, executionStatus)).rejects.toThrow(/version 99, newer than this program/);
  await client.end();
});
