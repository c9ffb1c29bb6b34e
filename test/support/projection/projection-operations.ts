import { PROJECTIONS } from '../../../projections/index.js';
import type { Projection } from '../../../projections/projection.js';
import {
  isUnfinished,
  type ProjectionOperation,
  type ProjectionOperationKind,
  type ProjectionOperations,
} from '../../../src/rebuild/projection-operation.js';
import { OperationsWorker, type OperationsListener } from '../../../src/rebuild/operations-worker.js';
import { PostgresProjectionOperations } from '../../../src/rebuild/postgres-projection-operations.js';
import { eventually } from '../eventually.js';
import { connectTo, controlOf, tell, type ProjectedLedger } from './projection.js';

/** A worker that hears of everything; it never gets to poll while a test runs, unless told to. */
export function keeping(projected: ProjectedLedger, projections: readonly Projection[] = PROJECTIONS, pollMs = 60_000) {
  const { store, readModel, database } = projected;
  const connect = () => connectTo(database.connectionString);
  const operations = new PostgresProjectionOperations(projections, readModel.keepers);
  const control = controlOf(database.connectionString);
  const heard: string[] = [];
  const listener: OperationsListener = {
    begun: (name, { kind }) => heard.push(`${kind} of ${name} begun`),
    done: (name, { kind }) => heard.push(`${kind} of ${name} done`),
    failed: (name, { kind }, error) => heard.push(`${kind} of ${name} failed: ${String(error)}`),
    lost: (error) => heard.push(`lost: ${String(error)}`),
  };
  return {
    operations,
    heard,
    worker: new OperationsWorker({ projections, store, operations, control, connect, listener, pollMs }),
  };
}

/** What stands written about an operation. */
export async function operationOf(
  operations: PostgresProjectionOperations,
  name: string,
  kind: ProjectionOperationKind,
): Promise<ProjectionOperation | undefined> {
  return (await operations.statuses()).find((one) => one.name === name)?.operations.find((one) => one.kind === kind);
}

/** An operation that is over, once whoever was at it has gone. */
export async function operationEnded(
  operations: ProjectionOperations,
  name: string,
  kind: ProjectionOperationKind,
): Promise<ProjectionOperation | undefined> {
  const status = await eventually(
    async () => (await operations.statuses()).find((one) => one.name === name)!,
    (one) =>
      one.holder === undefined &&
      one.operations.some((operation) => operation.kind === kind && !isUnfinished(operation)),
  );
  return status.operations.find((operation) => operation.kind === kind);
}

/** Executions that are over, projected everywhere; their ids. */
export async function someExecutions(projected: ProjectedLedger, count: number, name = 'x'): Promise<string[]> {
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
