import { Inject, Injectable, type Type } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { invalid } from '../../contract/problem.js';
import type { CommandBodies } from '../../contract/to-input.js';
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

/** Decides one request on the state at the head, and appends what follows at that revision: one compare-and-set. */
@Injectable()
class ExecutionCommandHandler implements ICommandHandler<ExecutionCommand> {
  constructor(protected readonly executions: HandleExecution) {}

  execute({ request }: ExecutionCommand): Promise<DecisionResult> {
    return this.executions.handle(request);
  }
}

/** What a producer says about an execution, or that it is alive (docs/semantics.md §3). */
export class ReportExecution extends ExecutionCommand {}
@CommandHandler(ReportExecution)
class ReportExecutionHandler extends ExecutionCommandHandler {}

/** A submitter announces an execution (docs/semantics.md §4, register). */
class RegisterExecution extends ExecutionCommand {}
@CommandHandler(RegisterExecution)
class RegisterExecutionHandler extends ExecutionCommandHandler {}

/** The submitter hands the attempt to whoever runs it (docs/semantics.md §4, dispatch). */
class DispatchExecution extends ExecutionCommand {}
@CommandHandler(DispatchExecution)
class DispatchExecutionHandler extends ExecutionCommandHandler {}

/** The submitter could not stage or dispatch the attempt (docs/semantics.md §4, abort). */
class AbortExecution extends ExecutionCommand {}
@CommandHandler(AbortExecution)
class AbortExecutionHandler extends ExecutionCommandHandler {}

/** An operator's pause (docs/semantics.md §4, pause). */
class PauseExecution extends ExecutionCommand {}
@CommandHandler(PauseExecution)
class PauseExecutionHandler extends ExecutionCommandHandler {}

/** An operator's cancel: anything that is not sealed, at once (docs/semantics.md §4, cancel). */
class CancelExecution extends ExecutionCommand {}
@CommandHandler(CancelExecution)
class CancelExecutionHandler extends ExecutionCommandHandler {}

/** Continues a paused attempt or opens the next one; of any number at once, one wins (docs/semantics.md §4, resume). */
class ResumeExecution extends ExecutionCommand {}
@CommandHandler(ResumeExecution)
class ResumeExecutionHandler extends ExecutionCommandHandler {
  constructor(
    executions: HandleExecution,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {
    super(executions);
  }

  override async execute({ request }: ResumeExecution): Promise<DecisionResult> {
    await this.refusePastDeadline(request);
    return this.executions.handle(request);
  }

  /** A deadline that has passed would time the attempt out at once; a winner's retry is answered however late it comes. */
  private async refusePastDeadline({ executionId, id, input }: LedgerRequest): Promise<void> {
    const deadline = input.kind === 'resume' ? input.deadline : undefined;
    if (deadline === undefined || Date.parse(deadline) > this.runtime.clock()) return;
    // Where it cannot be read, the first may stand all the same.
    const first =
      id === undefined
        ? undefined
        : await this.store.findEvent(executionStream(executionId), id).catch(throwOutcomeUnknown(id));
    if (first) return;
    throw invalid('deadline', 'has already passed: expected a moment in the future');
  }
}

/** The command of each kind that callers can ask for; a kind without one does not compile. */
const COMMANDS: Readonly<Record<keyof CommandBodies, Type<ExecutionCommand>>> = {
  register: RegisterExecution,
  dispatch: DispatchExecution,
  abort: AbortExecution,
  resume: ResumeExecution,
  pause: PauseExecution,
  cancel: CancelExecution,
};

/** A request of a kind as the command that the bus knows. */
export const commandOf = (kind: keyof CommandBodies, request: LedgerRequest): ExecutionCommand =>
  new COMMANDS[kind](request);

export const COMMAND_HANDLERS = [
  ReportExecutionHandler,
  RegisterExecutionHandler,
  DispatchExecutionHandler,
  AbortExecutionHandler,
  ResumeExecutionHandler,
  PauseExecutionHandler,
  CancelExecutionHandler,
];
