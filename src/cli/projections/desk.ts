import type { ProjectionSources } from '../../application/show-projections.js';
import { showProjections } from '../../application/show-projections.js';
import { userInfo } from 'node:os';
import { aboutProjection, type OperationLog } from '../../application/operation-log.js';
import type { OperationKind } from '../../contract/operations.js';
import type { ProjectionView } from '../../contract/projections.js';
import type { Wish } from '../../projector/rebuild/chore.js';
import type { Projection } from '../../../projections/projection.js';
import { perform } from '../../projector/rebuild/perform.js';
import type { PostgresChores } from '../../projector/rebuild/postgres-chores.js';
import type { RebuildParts, Rebuilt } from '../../projector/rebuild/rebuild.js';
import type { ReadModel } from '../../read-model/read-model.js';
import { EXIT, Refused } from '../exit-codes.js';

/** What the roof gives the command line: the ledger's database and log, opened. */
export interface DeskParts extends ProjectionSources {
  readonly projections: readonly Projection[];
  readonly readModel: ReadModel;
  readonly chores: PostgresChores;
  readonly operations: OperationLog;
  /** A connection for what takes its time; its user ends it. */
  readonly connect: RebuildParts['connect'];
  readonly loaders: RebuildParts['loaders'];
  readonly close: () => Promise<void>;
}

export type LongKind = 'rebuild' | 'verify' | 'rollback';

/** Who sits at the command line: in a container a number may be all there is of a user. */
function user(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.()}`;
  }
}

/** The projections as the command line sees and steers them. */
export class Desk {
  constructor(readonly parts: DeskParts) {}

  views(): Promise<ProjectionView[]> {
    return showProjections(this.parts);
  }

  /** @throws Refused where there is no such projection */
  async view(name: string): Promise<ProjectionView> {
    const [found] = await showProjections(this.parts, name);
    if (found) return found;
    this.projection(name);
    throw new Refused(EXIT.failed, `${name} has no table yet: start the ledger, which makes it`);
  }

  /** @throws Refused where there is no such projection */
  projection(name: string): Projection {
    const found = this.parts.projections.find((one) => one.name === name);
    if (found) return found;
    const names = this.parts.projections.map((one) => one.name).join(', ');
    throw new Refused(EXIT.usage, `there is no projection ${JSON.stringify(name)}; there are ${names}`);
  }

  /** Records what was done. No API key is known here: instead of one's name it says so, for which no key's can be taken. */
  record(kind: OperationKind, view: ProjectionView, wish?: Wish): Promise<void> {
    const origin = { actor: 'command line', source: 'command_line', on_behalf_of: user() };
    return this.parts.operations.record({ kind, origin, about: aboutProjection(view, wish) });
  }

  /** Does it in this process. */
  perform(name: string, kind: LongKind, sample: number | undefined, signal: AbortSignal): Promise<Rebuilt | undefined> {
    const { store, connect, loaders } = this.parts;
    const parts = { store, connect, loaders, projection: this.projection(name), signal };
    return perform(parts, { kind, ...(sample === undefined ? {} : { sample }) });
  }
}
