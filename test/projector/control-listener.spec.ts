import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { executionStatus } from '../../projections/execution-status.js';
import { ControlListener } from '../../src/projector/control-listener.js';
import { CONTROLLED } from '../../src/projection-tables/checkpoint.js';
import { eventually } from '../support/eventually.js';
import { fact } from '../support/domain/given.js';
import { freshId } from '../support/ledger/handling.js';
import {
  asWritten,
  connectTo,
  follow,
  openProjection,
  type ProjectedLedger,
} from '../support/projection/projection.js';

let projected: ProjectedLedger;
let opened: number;
let control: ControlListener;
let heard: (string | undefined)[];

beforeEach(async () => {
  projected = await openProjection();
  [opened, heard] = [0, []];
  control = new ControlListener(() => {
    opened += 1;
    return connectTo(projected.database.connectionString);
  });
});

afterEach(async () => {
  await control.stop();
  await projected.close();
});

const ask = (name: string) => projected.sql('select pg_notify($1, $2)', CONTROLLED, name);
/** Ends the sessions that listen. */
const cut = () =>
  projected.sql(`select pg_terminate_backend(pid) from pg_stat_activity
                  where query ilike 'listen ${CONTROLLED}' and datname = current_database()`);
const told = (count: number) =>
  eventually(
    () => Promise.resolve(heard),
    ({ length }) => length >= count,
  );

it('all who subscribe hear what is asked, by one session', async () => {
  const all = [heard, heard, heard];
  for (const one of all) control.subscribe((name) => one.push(name));
  await Promise.all(all.map(() => control.ready()));
  await ask('execution-status');
  expect(await told(3)).toEqual(Array(3).fill('execution-status'));
  expect(opened).toBe(1);
});

it('who has unsubscribed hears nothing more', async () => {
  const release = control.subscribe(() => heard.push('released'));
  control.subscribe((name) => heard.push(name));
  await control.ready();
  release();
  await ask('run-tree');
  expect(await told(1)).toEqual(['run-tree']);
});

it('a lost session is told, and the next ready() listens by a new one', async () => {
  control.subscribe((name) => heard.push(name));
  await control.ready();
  await cut();
  expect(await told(1)).toEqual([undefined]);
  await control.ready();
  await ask('run-tree');
  expect(await told(2)).toEqual([undefined, 'run-tree']);
  expect(opened).toBe(2);
});

it('a session that cannot be had is asked for again', async () => {
  const down = new ControlListener(() =>
    ++opened === 1 ? Promise.reject(new Error('down')) : connectTo(projected.database.connectionString),
  );
  await expect(down.ready()).rejects.toThrow('down');
  await expect(down.ready()).resolves.toBeUndefined();
  await down.stop();
});

it('once stopped it begins no session', async () => {
  await control.ready();
  await control.stop();
  await expect(control.ready()).rejects.toThrow('not listened any more');
  expect(opened).toBe(1);
});

it('a follower that may have missed what was asked looks for it', async () => {
  const follower = follow(projected.database.connectionString, projected.store);
  follower.start();
  const report = () => projected.write(`execution-${freshId()}`, asWritten(fact('ExecutionRegistered')));
  expect(await projected.readModel.waitFor(await report(), 10_000)).toBe(true);
  await projected.sql('update ledger.checkpoints set paused = true where projection = $1', executionStatus.name);
  await cut();
  // Whether it has begun anew is told by what it does: once paused it takes nothing more.
  await eventually(
    async () => projected.readModel.waitFor(await report(), 200),
    (done) => !done,
  );
  await follower.stop();
}, 20_000);
