import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { AbortBody } from '../../contract/commands.js';
import { errorFields } from '../../encoding/error-fields.js';
import { HandleExecution } from './handle-execution.js';
import { ExecutionCommand, attemptMember } from './execution-command.js';

/** The submitter could not stage or dispatch the attempt (docs/semantics.md §4, abort). */
export class AbortExecution extends ExecutionCommand<AbortBody> {}

@CommandHandler(AbortExecution)
export class AbortExecutionHandler implements ICommandHandler<AbortExecution> {
  constructor(private readonly executions: HandleExecution) {}

  execute({ envelope, body, attempt }: AbortExecution) {
    const failure = { error: '', ...errorFields(body.error) };
    const input = { kind: 'abort' as const, ...attemptMember(attempt), phase: body.phase, ...failure };
    return this.executions.handle({ ...envelope, input });
  }
}
