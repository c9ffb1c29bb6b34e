import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { PauseBody } from '../../contract/commands.js';
import { compact } from '../../domain/json.js';
import { HandleExecution } from './handle-execution.js';
import { ExecutionCommand, attemptMember } from './execution-command.js';

/** An operator's pause (docs/semantics.md §4, pause). */
export class PauseExecution extends ExecutionCommand<PauseBody> {}

@CommandHandler(PauseExecution)
export class PauseExecutionHandler implements ICommandHandler<PauseExecution> {
  constructor(private readonly executions: HandleExecution) {}

  execute({ envelope, body, attempt }: PauseExecution) {
    const input = {
      kind: 'pause' as const,
      ...attemptMember(attempt),
      ...(compact({ reason: body.reason }) as { reason?: string }),
    };
    return this.executions.handle({ ...envelope, input });
  }
}
