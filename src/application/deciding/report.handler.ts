import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Heartbeat, Report } from '../../domain/report.js';
import { HandleExecution } from './handle-execution.js';
import { ExecutionCommand } from './execution-command.js';

/** What a producer says about an execution (docs/semantics.md §3). */
export class ReportExecution extends ExecutionCommand<Report | Heartbeat> {}

@CommandHandler(ReportExecution)
export class ReportExecutionHandler implements ICommandHandler<ReportExecution> {
  constructor(private readonly executions: HandleExecution) {}

  execute({ envelope, body }: ReportExecution) {
    return this.executions.handle({ ...envelope, input: body });
  }
}
