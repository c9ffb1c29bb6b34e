import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { AbortBody } from '../../contract/commands.js';
import { readError } from '../../contract/to-input.js';
import { HandleExecution } from '../handle-execution.js';
import { Asked, naming } from './ask.js';

/** The submitter could not stage or dispatch the attempt (docs/semantics.md §4, abort). */
export class AbortExecution extends Asked<AbortBody> {}

@CommandHandler(AbortExecution)
export class AbortExecutionHandler implements ICommandHandler<AbortExecution> {
  constructor(private readonly executions: HandleExecution) {}

  execute({ ask, body, attempt }: AbortExecution) {
    const failure = { error: '', ...readError(body.error) };
    const input = { kind: 'abort' as const, ...naming(attempt), phase: body.phase, ...failure };
    return this.executions.handle({ ...ask, input });
  }
}
