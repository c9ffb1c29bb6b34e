import { InvalidArgumentError } from 'commander';
import { DURATION_MS, parseDuration } from '../quantity.js';

/** The longest that a timer waits: of a longer one it makes a millisecond. */
const MOST_MS = 24 * 86_400_000;

/** Reads an option that is a duration of 1 s to 24 days, such as `30m`; in milliseconds. */
export function durationOption(text: string): number {
  const value = parseDuration(text);
  if (value >= DURATION_MS.least && value <= MOST_MS) return value;
  throw new InvalidArgumentError('expected a duration of 1 s to 24 d, such as 90s, 30m or 2h');
}
