import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { DispatchBody } from '../../contract/commands.js';
import { compact } from '../../domain/json.js';
import { HandleExecution } from './handle-execution.js';
import { ExecutionCommand, attemptMember } from './execution-command.js';

/** The submitter hands the attempt to whoever runs it (docs/semantics.md §4, dispatch). */
export class DispatchExecution extends ExecutionCommand<DispatchBody> {}

@CommandHandler(DispatchExecution)
export class DispatchExecutionHandler implements ICommandHandler<DispatchExecution> {
  constructor(private readonly executions: HandleExecution) {}

  execute({ envelope, body, attempt }: DispatchExecution) {
    const input = { kind: 'dispatch' as const, ...attemptMember(attempt), ...compact({ handle: body.handle }) };
    return this.executions.handle({ ...envelope, input });
  }
}
