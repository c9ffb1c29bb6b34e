import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Inject } from '@nestjs/common';
import type { ResumeBody } from '../../contract/commands.js';
import { invalid } from '../../contract/problem.js';
import { compact } from '../../domain/json.js';
import { executionStream } from '../../domain/stream.js';
import { EVENT_STORE, type EventStore } from '../../event-store/event-store.js';
import { HandleExecution } from './handle-execution.js';
import { throwOutcomeUnknown } from './outcome-unknown.js';
import { RUNTIME, type Runtime } from '../ports.js';
import { ExecutionCommand, attemptMember, type RequestEnvelope } from './execution-command.js';

/** Continues a paused attempt or opens the next one; of any number at once, one wins (docs/semantics.md §4, resume). */
export class ResumeExecution extends ExecutionCommand<ResumeBody> {}

@CommandHandler(ResumeExecution)
export class ResumeExecutionHandler implements ICommandHandler<ResumeExecution> {
  constructor(
    private readonly executions: HandleExecution,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async execute({ envelope, body, attempt }: ResumeExecution) {
    await this.refusePastDeadline(envelope, body.deadline);
    const { reason, new_attempt, unnumbered, deadline, timeout_ms } = body;
    const asked = compact({ reason, new_attempt, unnumbered, deadline, timeout_ms }) as Partial<ResumeBody>;
    return this.executions.handle({
      ...envelope,
      input: { kind: 'resume', ...attemptMember(attempt), ...(asked as object) },
    });
  }

  /** A deadline that has passed would time the attempt out at once; a winner's retry is answered however late it comes. */
  private async refusePastDeadline({ executionId, id }: RequestEnvelope, deadline: string | undefined): Promise<void> {
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
