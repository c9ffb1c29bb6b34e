/** A `Date` leaves out the part of its second. */
const DATE_MS = 1_000;
/** What is less, nobody notices. */
const NOTICED_MS = 1_000;

/** When an answer was asked for and had, by this browser's clock, in milliseconds since 1970. */
export interface RoundTrip {
  readonly sent: number;
  readonly received: number;
}

/**
 * How far the ledger's clock is ahead of this browser's, in milliseconds: it stood in the second of `date` at some time while the
 * question was on its way. What that leaves open stays as it is `known`, or an answer that took long would put a clock right that
 * is right.
 */
export function aheadBy(known: number, date: number, { sent, received }: RoundTrip): number {
  const [least, most] = [date - received, date + DATE_MS - sent];
  if (most < least) return known; // this browser's clock was set in between
  const ahead = Math.min(Math.max(known, least), most);
  return Math.abs(ahead) > NOTICED_MS ? ahead : 0;
}
