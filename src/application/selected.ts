import { Problem } from '../contract/problem.js';
import type { ListFilter } from '../contract/queries.js';
import type { Now } from '../domain/resumable.js';
import type { Keyset, ReadModel } from '../read-model/read-model.js';

/** How many are read of the list at once. */
const PAGE = 200;

/** The list could not be read to its end. */
export interface Lost {
  readonly lost: unknown;
}

/**
 * The executions that a filter lets through, newest first: those registered while it is read are not met, so that it
 * ends. What leaves the filter meanwhile is passed over or not; whatever is done with it is decided on the true state.
 */
export async function* selected(
  readModel: ReadModel,
  filter: ListFilter,
  now: Now,
  stopping: () => boolean,
): AsyncGenerator<string | Lost> {
  let after: Keyset | undefined;
  for (;;) {
    try {
      if (stopping()) throw Problem.of('unavailable', 'the ledger is stopping; send the same again');
      const place = after ? { after } : {};
      const { rows } = await readModel.list({ filter, sort: '-created_at', limit: PAGE, now, ...place });
      yield* rows.map(({ executionId }) => executionId);
      const last = rows.at(-1);
      if (rows.length < PAGE) return;
      after = { key: last!.state.created_at, executionId: last!.executionId };
    } catch (lost) {
      return yield { lost };
    }
  }
}
