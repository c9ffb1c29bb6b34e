import { Problem } from '../../contract/problem.js';
import type { DecisionTime } from '../../domain/decision-time.js';
import { matches } from '../../read-model/matches.js';
import type { ReadModel } from '../../read-model/read-model.js';
import type { Keyset, Selection } from '../../read-model/list-request.js';
import type { FreshExecutions } from './fresh-executions.js';
import { inOrder } from '../in-order.js';

/** How many are read of the list at once, and how many of these are looked at anew. */
const PAGE = 200;
const AT_ONCE = 8;

/** The list could not be read to its end, or one of the executions in it not at all. */
export interface ListInterrupted {
  readonly lost: unknown;
  readonly executionId?: string;
}

/** What a bulk selects from. */
export interface SelectionSources {
  readonly readModel: ReadModel;
  readonly executions: FreshExecutions;
  readonly now: () => DecisionTime;
  readonly stopping: () => boolean;
}

/**
 * The executions that a filter lets through, newest first: those registered while the list is read are not met, so that it
 * ends. Lists are as old as the projection: each is looked at anew, as its stream stands, right before it is given.
 */
export async function* selectExecutions(
  from: SelectionSources,
  filter: Selection,
): AsyncGenerator<string | ListInterrupted> {
  const looked = inOrder(listed(from, filter), AT_ONCE, async (one) =>
    typeof one === 'string' ? look(from, filter, one) : one,
  );
  for await (const one of looked) if (one !== undefined) yield one;
}

/** The execution, if the filter lets it through as it is now. */
async function look({ executions, now }: SelectionSources, filter: Selection, executionId: string) {
  try {
    const one = await executions.one(executionId);
    return one && matches(filter, one, now()) ? executionId : undefined;
  } catch (lost) {
    return { lost, executionId };
  }
}

async function* listed(
  { readModel, now: clock, stopping }: SelectionSources,
  filter: Selection,
): AsyncGenerator<string | ListInterrupted> {
  const now = clock();
  let after: Keyset | undefined;
  for (;;) {
    try {
      if (stopping()) throw Problem.of('unavailable', 'the ledger is stopping; send the same again');
      const place = after ? { after } : {};
      const { rows, more } = await readModel.list({ filter, sort: '-created_at', limit: PAGE, now, ...place });
      yield* rows.map(({ executionId }) => executionId);
      const last = rows.at(-1);
      if (!more) return;
      after = { key: last!.state.created_at, executionId: last!.executionId };
    } catch (lost) {
      return yield { lost };
    }
  }
}
