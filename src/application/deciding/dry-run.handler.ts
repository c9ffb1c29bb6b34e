import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { decide } from '../../domain/decide.js';
import { initial, type ExecutionState } from '../../domain/execution.js';
import type { Verdict } from '../../domain/verdict.js';
import { commandInput } from '../../contract/to-input.js';
import { FreshExecutions } from '../reading/fresh-executions.js';
import { nowOf, RUNTIME, type Runtime } from '../ports.js';

/** What a command would come to now, on this state; nothing is promised of a moment later. */
export interface DryRunOutcome {
  readonly verdict: Verdict;
  readonly state: ExecutionState;
}

/** The verdict of a resume or cancel without its event. */
export class DryRun extends Query<DryRunOutcome> {
  constructor(
    readonly executionId: string,
    readonly kind: 'resume' | 'cancel',
    readonly attempt?: number,
  ) {
    super();
  }
}

@QueryHandler(DryRun)
export class DryRunHandler implements IQueryHandler<DryRun> {
  constructor(
    private readonly executions: FreshExecutions,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async execute({ executionId, kind, attempt }: DryRun): Promise<DryRunOutcome> {
    const state = (await this.executions.one(executionId))?.state ?? initial;
    const { verdict } = decide(commandInput(kind, {}, attempt), state, nowOf(this.runtime));
    return { verdict, state };
  }
}
