const OF_LIVE = '(projection, version) in (select projection, version from ledger.checkpoints where live)';

/**
 * The tables that are not of one projection, in the order in which they are written, and which of their rows a backup takes.
 * A version that nobody reads is left out with its checkpoint.
 */
export const KEPT_ROWS: Readonly<Record<string, string>> = {
  events: 'true',
  log_pages: 'true',
  api_key_uses: 'true',
  checkpoints: 'live',
  parked_events: OF_LIVE,
  early_refusals: OF_LIVE,
};

/**
 * Tables that no backup takes: what a restore makes anew, work that was under way, what the patrol finds again, what only a log in EventStoreDB has, and
 * what somebody who finds the file could sign in with.
 */
export const NOT_KEPT: readonly string[] = ['migrations', 'rebuilds', 'drifted_rows', 'log_of', 'session_secret'];
