import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ProjectionStanding, Wanted } from '../../read-model/projection-control.js';
import { READ_MODEL, type ReadModel } from '../../read-model/read-model.js';

/** What a keeper can ask of a projection. */
export type ProjectionAction = 'pause' | 'resume' | 'retry';

/** Taken on, or why it cannot be done now; `unknown` where there is no such projection. */
export type Controlled = 'accepted' | 'unknown' | { readonly notNow: string };

/** `POST /projections/:name/{pause,resume,retry}`. */
export class ControlProjection extends Command<Controlled> {
  constructor(
    readonly name: string,
    readonly action: ProjectionAction,
  ) {
    super();
  }
}

interface Action {
  readonly wanted: Wanted;
  /** Who is at it, where that keeps it from being done. */
  readonly refusal?: (standing: ProjectionStanding) => string | undefined;
}

const ACTIONS: Readonly<Record<ProjectionAction, Action>> = {
  pause: { wanted: { paused: true } },
  resume: { wanted: { paused: false } },
  retry: {
    wanted: { retry: true },
    refusal: ({ paused, name }) =>
      paused ? `${name} is paused, and nobody tries anything while it is: resume it first` : undefined,
  },
};

@CommandHandler(ControlProjection)
export class ControlProjectionHandler implements ICommandHandler<ControlProjection> {
  constructor(@Inject(READ_MODEL) private readonly readModel: ReadModel) {}

  async execute({ name, action }: ControlProjection): Promise<Controlled> {
    const { projections } = this.readModel;
    const standing = (await projections.standings()).find((one) => one.name === name);
    if (standing === undefined) return 'unknown';
    const notNow = ACTIONS[action].refusal?.(standing);
    if (notNow !== undefined) return { notNow };
    await projections.want(name, ACTIONS[action].wanted);
    return 'accepted';
  }
}
