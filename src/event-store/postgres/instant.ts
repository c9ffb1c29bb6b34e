import type { Instant } from '../../domain/events.js';

/** A `timestamptz(3)` as the session's TimeZone UTC prints it (`2026-11-21 10:33:00.12+00`), in ISO 8601 with milliseconds. */
export const instantOf = (text: string): Instant =>
  `${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20, -3).padEnd(3, '0')}Z`;
