import type { Instant, RecordedEvent } from './events.js';

/** The first and the last moment there is: beyond these years moments would not compare as the texts they are, and databases take none. */
export const FIRST_INSTANT: Instant = '0001-01-01T00:00:00.000Z';
export const LAST_INSTANT: Instant = '9999-12-31T23:59:59.999Z';
/** Where moments are counted from. */
export const EPOCH: Instant = '1970-01-01T00:00:00.000Z';
const FIRST = Date.parse(FIRST_INSTANT);
const LAST = Date.parse(LAST_INSTANT);

/** ISO 8601 with a zone: `+00:00`, `+0000` and `+00` are one. */
const ISO_8601 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?:Z|([+-]\d\d)(?::?(\d\d))?)$/i;

/**
 * A moment in its one form; undefined for what is none, has no zone, or lies outside the years 1 to 9999 in UTC.
 * `Date` alone reads other forms in the zone of its process, and 30 February as 2 March: two readers would disagree.
 */
export function readInstant(written: string): Instant | undefined {
  const parts = ISO_8601.exec(written);
  if (!parts) return undefined;
  const [, year, month, day, time, seconds = '00', fraction = '0', hours = '+00', minutes = '00'] = parts;
  const date = `${year}-${month}-${day}`;
  if (Number.isNaN(Date.parse(date)) || !new Date(date).toISOString().startsWith(date)) return undefined;
  const at = Date.parse(`${date}T${time}:${seconds}.${fraction.slice(0, 3)}${hours}:${minutes}`);
  return at >= FIRST && at <= LAST ? new Date(at).toISOString() : undefined;
}

/** The moment `ms` milliseconds after another (before it, where negative), kept within those that there are: durations have any size. */
export function after(from: Instant, ms: number): Instant {
  const at = Date.parse(from) + ms;
  return Number.isNaN(at) ? from : new Date(Math.min(Math.max(at, FIRST), LAST)).toISOString();
}

/** Milliseconds from one moment to another, none where the second lies before the first. */
export const between = (from: Instant, to: Instant): number => Math.max(0, Date.parse(to) - Date.parse(from));

/** A moment, and whether it was read off the reporter's clock. */
export interface Moment {
  readonly at: Instant;
  readonly reported: boolean;
}

/** The first moment the reporter gave that is not in the future, else the ledger's (docs/semantics.md §2). */
export function moment(event: RecordedEvent, ...reported: (Instant | undefined)[]): Moment {
  const at = reported.find((instant) => instant !== undefined && Date.parse(instant) <= Date.parse(event.recorded_at));
  return at === undefined ? { at: event.recorded_at, reported: false } : { at, reported: true };
}

/** The part of a state that the clock of `timeout_ms` is. */
interface TimeoutClock {
  standing_since?: Instant | undefined;
  stood_ms: number;
}

/** The clock of `timeout_ms` stands (docs/semantics.md §4): from now on, or since it already did. */
export function stopClock(clock: TimeoutClock, at: Instant): void {
  clock.standing_since ??= at;
}

/** It runs again; what it stood is not counted. */
export function startClock(clock: TimeoutClock, at: Instant): void {
  if (clock.standing_since !== undefined) clock.stood_ms += between(clock.standing_since, at);
  clock.standing_since = undefined;
}
