import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import {
  PROJECTION_OPERATIONS,
  type ProjectionOperations,
  type OperationOptions,
} from '../../rebuild/projection-operation.js';
import type { ProjectionStatus, ControlRequest } from '../../read-model/projection-control.js';
import { READ_MODEL, type ReadModel } from '../../read-model/read-model.js';
import type { Origin } from '../request.js';
import { aboutProjection, OperationLog } from './operation-log.js';

/** What an operator can ask of a projection. */
export const PROJECTION_ACTIONS = ['rebuild', 'verify', 'pause', 'resume', 'rollback', 'prune', 'retry'] as const;
export type ProjectionAction = (typeof PROJECTION_ACTIONS)[number];

/** Taken on, or why it cannot be done now; `unknown` where there is no such projection. */
export type ControlResult = 'accepted' | 'unknown' | { readonly notNow: string };

/** `POST /projections/:name/{rebuild,verify,pause,resume,rollback,prune,retry}`. */
export class ControlProjection extends Command<ControlResult> {
  constructor(
    readonly name: string,
    readonly action: ProjectionAction,
    readonly origin: Origin,
    readonly options: OperationOptions = {},
  ) {
    super();
  }
}

interface Parts {
  readonly readModel: ReadModel;
  readonly operations: ProjectionOperations;
}

type Control = (parts: Parts, status: ProjectionStatus, options: OperationOptions) => Promise<ControlResult>;

const requestControl =
  (wanted: ControlRequest): Control =>
  async ({ readModel }, { name }) => {
    await readModel.projections.request(name, wanted);
    return 'accepted';
  };

const requestOperation =
  (kind: 'rebuild' | 'verify' | 'rollback'): Control =>
  async ({ operations }, { name }, options) => {
    const asked = await operations.request(name, kind, options);
    return asked.accepted ? 'accepted' : { notNow: asked.why };
  };

const CONTROLS: Readonly<Record<ProjectionAction, Control>> = {
  rebuild: requestOperation('rebuild'),
  verify: requestOperation('verify'),
  rollback: requestOperation('rollback'),
  prune: async ({ operations }, { name }) => {
    const asked = await operations.prune(name);
    return asked.accepted ? 'accepted' : { notNow: asked.why };
  },
  pause: requestControl({ paused: true }),
  resume: requestControl({ paused: false }),
  retry: async (parts, status, options) => {
    const notNow = `${status.name} is paused, and nobody tries anything while it is: resume it first`;
    return status.paused ? { notNow } : requestControl({ retry: true })(parts, status, options);
  },
};

@CommandHandler(ControlProjection)
export class ControlProjectionHandler implements ICommandHandler<ControlProjection> {
  constructor(
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(PROJECTION_OPERATIONS) private readonly operations: ProjectionOperations,
    private readonly operationLog: OperationLog,
  ) {}

  async execute({ name, action, origin, options }: ControlProjection): Promise<ControlResult> {
    const status = (await this.readModel.projections.statuses()).find((one) => one.name === name);
    if (status === undefined) return 'unknown';
    const controlled = await CONTROLS[action](
      { readModel: this.readModel, operations: this.operations },
      status,
      options,
    );
    if (controlled === 'accepted')
      await this.operationLog.record({
        kind: `projection_${action}`,
        origin,
        about: aboutProjection(status, options),
      });
    return controlled;
  }
}
