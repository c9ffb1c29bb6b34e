import { Command } from '@nestjs/cqrs';
import type { DecisionResult, LedgerRequest } from '../request.js';

/** A request but for its input: whom it is about, who asks, under which id (docs/semantics.md §2, §3.0). */
export type RequestEnvelope = Omit<LedgerRequest, 'input'>;

/** A command on the bus: what is asked of which execution, with the body as the contract reads it. */
export abstract class ExecutionCommand<Body> extends Command<DecisionResult> {
  constructor(
    readonly envelope: RequestEnvelope,
    readonly body: Body,
    /** The attempt that the caller named, in the id or the body. */
    readonly attempt?: number,
  ) {
    super();
  }
}

/** The attempt as a command carries it: absent, not undefined, where none was named. */
export const attemptMember = (attempt: number | undefined): { attempt?: number } =>
  attempt === undefined ? {} : { attempt };
