import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Heartbeat, Report } from '../../domain/report.js';
import { HandleExecution } from '../handle-execution.js';
import { Asked } from './ask.js';

/** What a producer says about an execution (docs/semantics.md §3). */
export class ReportExecution extends Asked<Report | Heartbeat> {}

@CommandHandler(ReportExecution)
export class ReportExecutionHandler implements ICommandHandler<ReportExecution> {
  constructor(private readonly executions: HandleExecution) {}

  execute({ ask, body }: ReportExecution) {
    return this.executions.handle({ ...ask, input: body });
  }
}
