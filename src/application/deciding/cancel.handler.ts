import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CancelBody } from '../../contract/commands.js';
import { compact } from '../../domain/json.js';
import { HandleExecution } from './handle-execution.js';
import { ExecutionCommand, attemptMember } from './execution-command.js';

/** An operator's cancel: anything that is not sealed, at once (docs/semantics.md §4, cancel). */
export class CancelExecution extends ExecutionCommand<CancelBody> {}

@CommandHandler(CancelExecution)
export class CancelExecutionHandler implements ICommandHandler<CancelExecution> {
  constructor(private readonly executions: HandleExecution) {}

  execute({ envelope, body, attempt }: CancelExecution) {
    const input = {
      kind: 'cancel' as const,
      ...attemptMember(attempt),
      ...(compact({ reason: body.reason }) as { reason?: string }),
    };
    return this.executions.handle({ ...envelope, input });
  }
}
