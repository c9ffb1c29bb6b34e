/** What a producer imports: `execution-ledger/client`. It works in Node.js and, without the outbox in a file, in browsers. */
export { connect, type Connection, type ConnectionOptions, type RetryOptions } from './connection.js';
export type { Ending, ExecutionOptions, Outcome, Progress } from './execution-options.js';
export { Execution, ExecutionStopped, within } from './execution.js';
export {
  Ledger,
  LedgerRequired,
  type LedgerOptions,
  type Ran,
  type RunOptions,
  type Running,
  type Work,
} from './ledger.js';
export { MemoryOutbox, type Outbox, type OutboxOptions, type Send } from './outbox.js';
export type { components, paths } from './openapi.js';
export { reportOf, type Answer, type Current, type Report, type Verdict } from './report.js';
export { isFinal, NoAnswer, send } from './send.js';
