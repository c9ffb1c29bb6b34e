import pg from 'pg';

/**
 * What a failed call means for its batch:
 * - `culprit`: the database refuses something in it (22 data, 54 limit, XX internal): halve until it is alone
 * - `passing`: nothing was written and nobody is to blame (a lock, a cancel, a shortage, 23 somebody who
 *   wrote to the table without the lock): the same again in a while
 * - `setup`: nothing was written, nor will be before somebody acts (no schema, no permission, a wrong password)
 * - `lost`: the connection is gone or useless, and what was written is not known
 */
export type AppendFailure = 'culprit' | 'passing' | 'setup' | 'lost';

/** By SQLSTATE, for severities are translated by the server. */
export function failureOf(error: unknown): AppendFailure {
  const code = error instanceof pg.DatabaseError ? (error.code ?? '') : '';
  if (/^(2[12]|54|XX)/.test(code)) return 'culprit';
  if (/^(23|40|53|55|57014)/.test(code)) return 'passing';
  if (/^(28|3D|42|LE)/.test(code)) return 'setup';
  return 'lost';
}

/** Whether the culprit, alone, can never be stored; an internal error of the database (XX) says nothing about it. */
export const isUnacceptable = (error: unknown): boolean => /^(2[12]|54)/.test((error as pg.DatabaseError).code ?? '');
