import type { Description } from './events.js';
import type { ExistingExecution } from './execution.js';
import { isExpected } from './resumable.js';
import type { DecisionTime, SilentAfter } from './decision-time.js';
import { isTerminal } from './status.js';

/** How long the worker of an execution may say nothing, in milliseconds. */
export const silentAfterOf = (description: Description, { ms, exceptions }: SilentAfter): number =>
  exceptions.find(({ by, value }) => description[by] === value)?.ms ?? ms;

/** Whether a worker has it, should be heard of, and has said nothing for longer than so many milliseconds. */
export const isSilentFor = (state: ExistingExecution, ms: number, now: DecisionTime): boolean =>
  isExpected(state) && state.dispatched && Date.parse(now.at) - Date.parse(state.last_activity_at) > ms;

/** The flag `silent` (docs/semantics.md §1): what to look at, not what to take over. */
export const isSilent = (state: ExistingExecution, now: DecisionTime): boolean =>
  isSilentFor(state, silentAfterOf(state.description, now.silent_after), now);

/** Opened by a resume, and no worker has taken it up (docs/http-api.md, The execution): the ledger starts nothing. */
export const awaitsWorker = ({ status, attempt, dispatched }: ExistingExecution): boolean =>
  attempt > 1 && !dispatched && !isTerminal(status);
