import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { RegisterBody } from '../../contract/commands.js';
import type { Description } from '../../domain/events.js';
import { compact } from '../../domain/json.js';
import { HandleExecution } from './handle-execution.js';
import { ExecutionCommand } from './execution-command.js';

/** A submitter announces an execution (docs/semantics.md §4, register). */
export class RegisterExecution extends ExecutionCommand<RegisterBody> {}

@CommandHandler(RegisterExecution)
export class RegisterExecutionHandler implements ICommandHandler<RegisterExecution> {
  constructor(private readonly executions: HandleExecution) {}

  execute({ envelope, body }: RegisterExecution) {
    const { execution_id: _id, command_id: _command, ...description } = body;
    const input = {
      kind: 'register' as const,
      digest: envelope.digest,
      description: compact(description) as Description,
    };
    return this.executions.handle({ ...envelope, input });
  }
}
