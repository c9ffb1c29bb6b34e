import { Problem } from '../contract/problem.js';
import type { LedgerRequest } from './request.js';

/** Whether a caller may know of an execution; `within`: what the ids begin with that its key is confined to, if it is. */
export const isWithin = (within: string | undefined, executionId: string): boolean =>
  within === undefined || executionId.startsWith(within);

/** What a confined caller is told of its key. */
export const confinedTo = (within: string): string =>
  `the API key is confined to ids that begin with ${JSON.stringify(within)}`;

/** What a confined caller is told where everything would be shown. */
export const aboutAll = (within: string): string => `this is about all executions, and ${confinedTo(within)}`;

/** @throws Problem 403, whether or not there is such an execution: whoever is confined is to learn nothing of the others */
export function refuseOutside(within: string | undefined, executionId: string, path = 'execution_id'): void {
  if (within === undefined || isWithin(within, executionId)) return;
  throw Problem.of('forbidden', `${path}: ${confinedTo(within)}`);
}

/** A report or command may neither be about an execution outside nor name one as the parent: its cascade would reach in. */
export function refuseRequestOutside({
  executionId,
  input,
  origin: { within },
}: Pick<LedgerRequest, 'executionId' | 'input' | 'origin'>): void {
  refuseOutside(within, executionId);
  const parent = 'description' in input ? input.description?.parent_execution_id : undefined;
  if (parent !== undefined) refuseOutside(within, parent, 'parent_execution_id');
}
