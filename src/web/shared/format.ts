const WHOLE = new Intl.NumberFormat('en');
const SHORT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** A number with its thousands parted. */
export const whole = (number: number | bigint): string => WHOLE.format(number);

/** A number in at most five characters, such as `1.2M`. */
export const short = (number: number): string => SHORT.format(number);

/** The steps of a duration, the largest first: its unit, its length in milliseconds. */
const STEPS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** A duration in milliseconds as people say it, in its two largest units: `13 h 51 min`, `8.4 s`, `120 ms`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const at = STEPS.findIndex(([, length]) => ms >= length);
  const [unit, length] = STEPS[at]!;
  const [smaller, smallerLength] = STEPS[at + 1]!;
  const rest = Math.floor((ms % length) / smallerLength);
  return `${Math.floor(ms / length)} ${unit}${rest > 0 ? ` ${rest} ${smaller}` : ''}`;
}

/** How long ago a moment was, in one unit: `now`, `14 s ago`, `in 3 min` where it lies ahead. */
export function ago(at: number, now: number): string {
  const ms = Math.abs(now - at);
  const [unit, length] = STEPS.find(([, long]) => ms >= long) ?? [];
  if (unit === undefined || length === undefined) return 'now';
  const said = `${Math.floor(ms / length)} ${unit}`;
  return now < at ? `in ${said}` : `${said} ago`;
}

const BYTES = ['B', 'KB', 'MB', 'GB'] as const;

/** A number of bytes in the unit that leaves one to three digits before the point; a KB is 1,024 bytes. */
export function bytes(count: number): string {
  const at = count < 1 ? 0 : Math.min(Math.floor(Math.log2(count) / 10), BYTES.length - 1);
  const amount = count / 1_024 ** at;
  return `${at === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${BYTES[at]}`;
}
