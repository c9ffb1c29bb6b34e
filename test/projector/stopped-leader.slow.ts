import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { PROJECTIONS } from '../../projections/index.js';
import { ended, forkScript } from '../support/process/fork.js';
import { became, fact } from '../support/domain/given.js';
import { freshId, moment } from '../support/ledger/handling.js';
import { follow, openProjection, tell, type ProjectedLedger } from '../support/projection/projection.js';
import { folded, standing } from '../support/projection/tables.js';

let ledger: ProjectedLedger;
let child: ChildProcess;
beforeEach(async () => {
  ledger = await openProjection({ pollMs: 100 });
});
afterEach(async () => {
  child.kill('SIGKILL');
  await ended(child);
  await ledger.close();
});

/** Whether the system has stopped it. */
const isStopped = async (pid: number): Promise<boolean> =>
  /^\d+ \(.*\) T/.test(await readFile(`/proc/${pid}/stat`, 'utf8'));

it.each(PROJECTIONS)(
  'a leader of $name that was stopped before its write, and lost its session, writes nothing when it is revived',
  async (projection) => {
    const { connectionString } = ledger.database;
    child = forkScript('stopping', connectionString, projection.name);
    const leader = async () =>
      (await ledger.readModel.projections.statuses()).find(({ name }) => name === projection.name)!.leader?.pid;
    while ((await leader()) === undefined) await moment();
    const ids = [freshId(), freshId()];
    for (const id of ids) await tell(ledger, id, fact('ExecutionRegistered', { target: 't' }), became('running'));
    while (!(await isStopped(child.pid!))) await moment();
    // It holds the lead as long as the server believes in its session, and nobody else writes.
    const other = follow(connectionString, ledger.store, undefined, projection);
    other.start();
    const held = (await leader())!;
    expect((await ledger.readModel.checkpoint(projection.name)).position).toBe(0n);
    await ledger.sql('select pg_terminate_backend($1::integer)', held);
    const until = async (position: bigint) =>
      expect(await ledger.readModel.waitFor(position, 10_000, projection.name)).toBe(true);
    await until(await tell(ledger, ids[0]!, became('succeeded', 'worker')));
    expect(await leader()).not.toBe(held);
    const right = async () =>
      expect(await standing(ledger, projection)).toEqual(await folded(ledger.store, projection, ids));
    await right();
    const outcome = once(child, 'message');
    child.kill('SIGCONT');
    // By itself it wrote on the session that was ended, together with others on one that stands.
    expect(String((await outcome)[0])).toMatch(/^moved 0$|terminat|Connection|closed/i);
    await until(await tell(ledger, ids[1]!, became('failed')));
    await right();
    // It is well: when its turn comes it leads.
    await other.stop();
    await until(await tell(ledger, ids[1]!, fact('ExecutionResumed', { attempt: 2 }, { by: 'operator' })));
    await right();
  },
  30_000,
);
