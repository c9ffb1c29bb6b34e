import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { invalid } from '../../contract/problem.js';
import { executionStream } from '../../domain/stream.js';
import { EVENT_STORE, type EventStore } from '../../event-store/event-store.js';
import { RUNTIME, type Runtime } from '../ports.js';
import type { DecisionResult, LedgerRequest } from '../request.js';
import { HandleExecution } from './handle-execution.js';
import { throwOutcomeUnknown } from './outcome-unknown.js';

/** A report or command on the bus: what is asked of which execution, and by whom. */
export class ExecutionCommand extends Command<DecisionResult> {
  constructor(readonly request: LedgerRequest) {
    super();
  }
}

@CommandHandler(ExecutionCommand)
export class ExecutionCommandHandler implements ICommandHandler<ExecutionCommand> {
  constructor(
    private readonly executions: HandleExecution,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  execute({ request }: ExecutionCommand): Promise<DecisionResult> {
    const { input } = request;
    if (input.kind === 'resume' && input.deadline !== undefined) return this.resumeUntil(input.deadline, request);
    return this.executions.handle(request);
  }

  /** A deadline that has passed would time the attempt out at once; a winner's retry is answered however late it comes. */
  private async resumeUntil(deadline: string, request: LedgerRequest): Promise<DecisionResult> {
    const isPast = Date.parse(deadline) <= this.runtime.clock();
    if (isPast && !(await this.isRepeated(request)))
      throw invalid('deadline', 'has already passed: expected a moment in the future');
    return this.executions.handle(request);
  }

  private async isRepeated({ executionId, id }: LedgerRequest): Promise<boolean> {
    if (id === undefined) return false;
    // Where it cannot be read, the first may stand all the same.
    const first = await this.store.findEvent(executionStream(executionId), id).catch(throwOutcomeUnknown(id));
    return first !== undefined;
  }
}
