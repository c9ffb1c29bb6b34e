import { isOfDatabase, sqlStateOf } from '../../postgres/failure.js';
import { StoreError } from '../../errors.js';

/**
 * What a failed call means for its batch:
 * - `culprit`: the database refuses something in it (22 data, 54 limit, XX internal): halve until it is alone
 * - `ours`: this program failed, not the database: halve until it is alone, for the rest may be as good as ever
 * - `passing`: nothing was written and nobody is to blame (a lock, a cancel, a shortage, 23 somebody who
 *   wrote to the table without the lock): the same again in a while
 * - `setup`: nothing was written, nor will be before somebody acts (no schema, no permission, a wrong password)
 * - `lost`: the connection is gone or useless, and what was written is not known
 */
export type AppendFailure = 'culprit' | 'ours' | 'passing' | 'setup' | 'lost';

/** By SQLSTATE, for severities are translated by the server. */
export function failureOf(error: unknown): AppendFailure {
  if (!(error instanceof StoreError) && !isOfDatabase(error)) return 'ours';
  const code = sqlStateOf(error) ?? '';
  if (/^(2[12]|54|XX)/.test(code)) return 'culprit';
  if (/^(23|40|53|55|57014)/.test(code)) return 'passing';
  if (/^(28|3D|42|LE)/.test(code)) return 'setup';
  return 'lost';
}
