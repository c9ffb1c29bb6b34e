import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CHORES, type Chores, type Wish } from '../../projector/rebuild/chore.js';
import type { ProjectionStanding, Wanted } from '../../read-model/projection-control.js';
import { READ_MODEL, type ReadModel } from '../../read-model/read-model.js';
import { aboutProjection, OperationLog } from '../operation-log.js';
import type { Origin } from '../request.js';

/** What a keeper can ask of a projection. */
export const PROJECTION_ACTIONS = ['rebuild', 'verify', 'pause', 'resume', 'rollback', 'prune', 'retry'] as const;
export type ProjectionAction = (typeof PROJECTION_ACTIONS)[number];

/** Taken on, or why it cannot be done now; `unknown` where there is no such projection. */
export type Controlled = 'accepted' | 'unknown' | { readonly notNow: string };

/** `POST /projections/:name/{rebuild,verify,pause,resume,rollback,prune,retry}`. */
export class ControlProjection extends Command<Controlled> {
  constructor(
    readonly name: string,
    readonly action: ProjectionAction,
    readonly origin: Origin,
    readonly wish: Wish = {},
  ) {
    super();
  }
}

interface Parts {
  readonly readModel: ReadModel;
  readonly chores: Chores;
}

type Do = (parts: Parts, standing: ProjectionStanding, wish: Wish) => Promise<Controlled>;

const wanting =
  (wanted: Wanted): Do =>
  async ({ readModel }, { name }) => {
    await readModel.projections.want(name, wanted);
    return 'accepted';
  };

const asking =
  (kind: 'rebuild' | 'verify' | 'rollback'): Do =>
  async ({ chores }, { name }, wish) => {
    const asked = await chores.ask(name, kind, wish);
    return asked.accepted ? 'accepted' : { notNow: asked.why };
  };

const DO: Readonly<Record<ProjectionAction, Do>> = {
  rebuild: asking('rebuild'),
  verify: asking('verify'),
  rollback: asking('rollback'),
  prune: async ({ chores }, { name }) => {
    const asked = await chores.prune(name);
    return asked.accepted ? 'accepted' : { notNow: asked.why };
  },
  pause: wanting({ paused: true }),
  resume: wanting({ paused: false }),
  retry: async (parts, standing, wish) => {
    const notNow = `${standing.name} is paused, and nobody tries anything while it is: resume it first`;
    return standing.paused ? { notNow } : wanting({ retry: true })(parts, standing, wish);
  },
};

@CommandHandler(ControlProjection)
export class ControlProjectionHandler implements ICommandHandler<ControlProjection> {
  constructor(
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(CHORES) private readonly chores: Chores,
    private readonly operations: OperationLog,
  ) {}

  async execute({ name, action, origin, wish }: ControlProjection): Promise<Controlled> {
    const standing = (await this.readModel.projections.standings()).find((one) => one.name === name);
    if (standing === undefined) return 'unknown';
    const controlled = await DO[action]({ readModel: this.readModel, chores: this.chores }, standing, wish);
    if (controlled === 'accepted')
      await this.operations.record({ kind: `projection_${action}`, origin, about: aboutProjection(standing, wish) });
    return controlled;
  }
}
