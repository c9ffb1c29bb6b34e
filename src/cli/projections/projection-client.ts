import { userInfo } from 'node:os';
import type { Projection } from '../../../projections/projection.js';
import { showProjections, type ProjectionSources } from '../../application/operating/show-projections.js';
import { aboutProjection, type OperationLog } from '../../application/operating/operation-log.js';
import type { OperationKind } from '../../contract/operations.js';
import type { ProjectionView } from '../../contract/projections.js';
import type { OperationOptions } from '../../rebuild/projection-operation.js';
import { runOperation } from '../../rebuild/run-operation.js';
import type { PostgresProjectionOperations } from '../../rebuild/postgres-projection-operations.js';
import type { RebuildParts, RebuildResult } from '../../rebuild/rebuild.js';
import type { ReadModel } from '../../read-model/read-model.js';
import { EXIT, CommandError } from '../exit-codes.js';

/** What the roof gives the command line: the ledger's database and log, opened. */
export interface ProjectionClientParts extends ProjectionSources {
  readonly projections: readonly Projection[];
  readonly readModel: ReadModel;
  readonly operations: PostgresProjectionOperations;
  readonly operationLog: OperationLog;
  /** A connection for what takes its time; its user ends it. */
  readonly connect: RebuildParts['connect'];
  readonly loadWorkers: RebuildParts['loadWorkers'];
  readonly close: () => Promise<void>;
}

export type LongOperationKind = 'rebuild' | 'verify' | 'rollback';

/** Who sits at the command line: in a container a number may be all there is of a user. */
function user(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.()}`;
  }
}

/** The projections as the command line sees and steers them. */
export class ProjectionClient {
  constructor(readonly parts: ProjectionClientParts) {}

  views(): Promise<ProjectionView[]> {
    return showProjections(this.parts);
  }

  /** @throws CommandError where there is no such projection */
  async view(name: string): Promise<ProjectionView> {
    const [found] = await showProjections(this.parts, name);
    if (found) return found;
    this.projection(name);
    throw new CommandError(EXIT.failed, `${name} has no table yet: start the ledger, which makes it`);
  }

  /** @throws CommandError where there is no such projection */
  projection(name: string): Projection {
    const found = this.parts.projections.find((one) => one.name === name);
    if (found) return found;
    const names = this.parts.projections.map((one) => one.name).join(', ');
    throw new CommandError(EXIT.usage, `there is no projection ${JSON.stringify(name)}; there are ${names}`);
  }

  /** Records what was done. No API key is known here: instead of one's name it says so, for which no key's can be taken. */
  record(kind: OperationKind, view: ProjectionView, options?: OperationOptions): Promise<void> {
    const origin = { actor: 'command line', source: 'command_line', on_behalf_of: user() };
    return this.parts.operationLog.record({ kind, origin, about: aboutProjection(view, options) });
  }

  /** Does it in this process. */
  runOperation(
    name: string,
    kind: LongOperationKind,
    sample: number | undefined,
    signal: AbortSignal,
  ): Promise<RebuildResult | undefined> {
    const { store, connect, loadWorkers } = this.parts;
    const parts = { store, connect, loadWorkers, projection: this.projection(name), signal };
    return runOperation(parts, { kind, ...(sample === undefined ? {} : { sample }) });
  }
}
