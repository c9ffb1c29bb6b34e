import { constants } from 'node:fs';
import { copyFile, type FileHandle, stat } from 'node:fs/promises';
import { run } from './account.js';
import { paths } from './cluster.js';
import { openOwn, readOwn } from './files.js';
import type { Place } from './place.js';

/** The log is begun anew when it is longer, and what it said before is kept beside it: twice as much at most, in bytes. */
const MAX_LOG_BYTES = 16 * 2 ** 20;
const LOOK_MS = 5_000;

/**
 * What the server writes of an error: its message. The statement and its values are a caller's, and as long as a report: they
 * are told to the ledger, which asked.
 */
export const LOG_SETTINGS = [
  'log_min_error_statement=panic',
  'log_error_verbosity=terse',
  'log_parameter_max_length=0',
  'log_parameter_max_length_on_error=0',
  'log_checkpoints=off',
] as const;

/** A setting of who serves: errors of its own statements are not written at all, for anybody can cause them. */
export const QUIET = 'log_min_messages = log';

/** Opens the log at its end, for the server to write to. */
export const openLog = ({ home, account }: Place): Promise<FileHandle> =>
  openOwn(paths(home).log, constants.O_WRONLY | constants.O_APPEND, account);

/** Begins the log anew where it has grown too long. The server need not know: it writes at the end, wherever that is. */
export async function boundLog(place: Place): Promise<void> {
  const { log, oldLog } = paths(place.home);
  const size = await stat(log).then(
    (found) => found.size,
    () => 0,
  );
  if (size <= MAX_LOG_BYTES) return;
  await (place.account ? run('cp', [log, oldLog], '/', place.account) : copyFile(log, oldLog));
  const file = await openLog(place);
  await file.truncate().finally(() => file.close());
}

/** Keeps the log bounded until it is stopped. A look that fails is followed by the next. */
export function keepLogBounded(place: Place): { stop(): void } {
  const timer = setInterval(() => void boundLog(place).catch(() => undefined), LOOK_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/** Why the server ended, in its own words. */
export async function lastWords({ home }: Place): Promise<string> {
  const lines = (await readOwn(paths(home).log).catch(() => '')).trim().split('\n');
  return lines.findLast((line) => /(FATAL|PANIC):/.test(line)) ?? lines.at(-1) ?? '';
}
