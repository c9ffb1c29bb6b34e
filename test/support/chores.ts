import { PROJECTIONS } from '../../projections/index.js';
import type { Projection } from '../../projections/projection.js';
import { isUnfinished, type Chore, type ChoreKind, type Chores } from '../../src/projector/rebuild/chore.js';
import { RebuildKeeper, type KeeperWatch } from '../../src/projector/rebuild/keeper.js';
import { PostgresChores } from '../../src/projector/rebuild/postgres-chores.js';
import { eventually } from '../http/suite/http.js';
import { connectTo, controlOf, tell, type Projected } from './projection.js';

/** A keeper that hears of everything; it never gets to poll while a test runs, unless told to. */
export function keeping(projected: Projected, projections: readonly Projection[] = PROJECTIONS, pollMs = 60_000) {
  const { store, readModel, database } = projected;
  const connect = () => connectTo(database.connectionString);
  const chores = new PostgresChores(projections, readModel.ask, connect);
  const control = controlOf(database.connectionString);
  const heard: string[] = [];
  const watch: KeeperWatch = {
    begun: (name, { kind }) => heard.push(`${kind} of ${name} begun`),
    done: (name, { kind }) => heard.push(`${kind} of ${name} done`),
    failed: (name, { kind }, error) => heard.push(`${kind} of ${name} failed: ${String(error)}`),
    lost: (error) => heard.push(`lost: ${String(error)}`),
  };
  return { chores, heard, keeper: new RebuildKeeper({ projections, store, chores, control, connect, watch, pollMs }) };
}

/** What stands written about a chore. */
export async function choreOf(chores: PostgresChores, name: string, kind: ChoreKind): Promise<Chore | undefined> {
  return (await chores.standings()).find((one) => one.name === name)?.chores.find((one) => one.kind === kind);
}

/** A chore that is over, once whoever was at it has gone. */
export async function choreEnded(chores: Chores, name: string, kind: ChoreKind): Promise<Chore | undefined> {
  const standing = await eventually(
    async () => (await chores.standings()).find((one) => one.name === name)!,
    (one) => one.hand === undefined && one.chores.some((chore) => chore.kind === kind && !isUnfinished(chore)),
  );
  return standing.chores.find((chore) => chore.kind === kind);
}

/** Executions that are over, projected everywhere; their ids. */
export async function someExecutions(projected: Projected, count: number, name = 'x'): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, n) => `${name}-${n}`);
  for (const id of ids) {
    await tell(
      projected,
      id,
      { event: { type: 'ExecutionRegistered', data: { run_id: name, target: 't' } } } as never,
      { event: { type: 'ExecutionSucceeded', data: { attempt: 1, duration_ms: 5 } } } as never,
    );
  }
  await projected.project(1_000, ...PROJECTIONS);
  return ids;
}
