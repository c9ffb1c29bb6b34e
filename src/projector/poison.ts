import { StoreError, isUnreadable } from '../errors.js';
import { FoldFailed } from './contributions.js';
import { CheckpointLost } from './projection-store.js';

/** Of PostgreSQL's classes: 22 (data), 23 (constraint), 54 (limits). */
const REFUSED_DATA = /^(22|23|54)/;
/** Of any other class the database, the connection or the moment is to blame. */
const SQL_STATE = /^[0-9A-Z]{5}$/;

/**
 * Whether an error is the event's own: it will fail however often it is tried. Data that the database refuses is, more text
 * than a string holds, a stream that is not there any more, and whatever a projection throws; never what is known to be the store's or the connection's.
 */
export function isPoison(error: unknown): boolean {
  if (isUnreadable(error)) return true; // its stream is gone: it would hold up all others for ever
  if (error instanceof CheckpointLost || error instanceof StoreError) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && SQL_STATE.test(code)) return REFUSED_DATA.test(code);
  return error instanceof FoldFailed || error instanceof RangeError;
}
