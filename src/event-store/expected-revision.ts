import { NO_STREAM } from '../domain/stream.js';

/**
 * Where the writer believes the stream to stand.
 * - a number ≥ 0: exactly this revision is the head
 * - `no_stream`: the stream has no event
 * - `stream_exists`: it has at least one
 * - `any`: wherever it stands
 */
export type ExpectedRevision = number | 'no_stream' | 'stream_exists' | 'any';

/** The one reading of an expected revision. `actual` is the head's revision, {@link NO_STREAM} without a stream. */
export function matchesExpected(expected: ExpectedRevision, actual: number): boolean {
  switch (expected) {
    case 'any':
      return true;
    case 'no_stream':
      return actual === NO_STREAM;
    case 'stream_exists':
      return actual !== NO_STREAM;
    default:
      return actual === expected;
  }
}
