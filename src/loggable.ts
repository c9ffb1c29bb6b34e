import pg from 'pg';

/** Errors whose message quotes what was read: a parser's, and the database's of a value. */
const quotes = (error: unknown): boolean => error instanceof SyntaxError || error instanceof pg.DatabaseError;

/**
 * An error as a log line tells it. Where its message quotes what was read, its kind is told instead: what producers write is
 * not for those who read the log.
 */
export function loggable(error: unknown): string {
  if (!quotes(error)) return String(error);
  const { name, code } = error as Error & { code?: string };
  return `${name}${code === undefined ? '' : ` ${code}`} (its message quotes data)`;
}

/** The same with the places in this program that it came through. */
export function loggableStack(error: unknown): string {
  const { stack = '' } = (error ?? {}) as { stack?: string };
  const places = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return [loggable(error), ...places].join('\n');
}
