import fc from 'fast-check';
import type { EventMetadata } from '../../../src/domain/events.js';
import { EVENT_SCHEMAS } from '../../../src/event-store/codec.js';
import type { StoredEvent } from '../../../src/event-store/event-store.js';
import { at, DAY } from './given.js';
import { anyText } from './json-text.js';

/** A field as somebody else's program may write it: right, of the wrong kind, or missing. */
const field = (...right: unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...right) },
    { weight: 8, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom<unknown>(null, -1, 1e300, '', 'running', true, [], {}) },
  );

const moments = ['no date', at(-DAY), at(0), at(900 * DAY), '2030-01-01', '+275760-09-13T00:00:00.000Z'];
const data = fc
  .record({
    attempt: field(1, 2, 3, 2 ** 40),
    authority: field('operator', 'worker', 'watchdog'),
    progress: field(0, 50, 1e300),
    status: field('pending', 'running', 'paused'),
    outcome: field('succeeded', 'failed'),
    result: field(null, 1, { a: [] }),
    error: field('e', ''),
    error_details: field({ a: 1 }),
    duration_ms: field(0, 5, 1e300),
    completed_at: field(...moments),
    phase: field('staging', 'dispatch', 'execution'),
    unnumbered: field(true, false),
    created_by_report: field(true, false),
    deadline: field(...moments),
    timeout_ms: field(0, 5, 1e300),
    deadline_dropped: field(true),
    labels: field({ a: 'b' }),
    previous: field({ status: 'failed', authority: null }),
    message: anyText,
    worker: field('w', 'v'),
    run_id: field('r', '\0'),
    nobody_knows: field('this'),
  })
  .map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)));

const metadata = fc.record(
  {
    digest: fc.constantFrom('a', 'b'),
    occurred_at: fc.constantFrom(...moments),
    reporter: fc.constantFrom<unknown>(
      { actor: 'a', authority: 'operator' },
      { actor: 'a', authority: 'worker' },
      {
        actor: 'a',
        authority: 'watchdog',
      },
      'nobody',
    ),
    schema_version: fc.constantFrom(1, 2),
  },
  { requiredKeys: [] },
);

const TYPES = Object.keys(EVENT_SCHEMAS);

/** What a stream may hold that anybody writes to: events of ours, whole and broken, and others'; revisions without a hole. */
export const streams: fc.Arbitrary<StoredEvent[]> = fc
  .array(
    fc.record({
      type: fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom(...TYPES) },
        { weight: 1, arbitrary: fc.oneof(anyText, fc.constantFrom('InvoiceSent', 'constructor', '__proto__')) },
      ),
      data: fc.oneof({ weight: 9, arbitrary: data as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: fc.jsonValue() }),
      metadata: metadata as fc.Arbitrary<EventMetadata>,
      ms: fc.integer({ min: 0, max: 9 * DAY }),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((events) =>
    events.map(({ ms, ...event }, revision) => ({
      ...event,
      eventId: `e${revision}`,
      stream: 'execution-x',
      revision,
      position: BigInt(3 * revision + 1),
      recordedAt: at(ms),
    })),
  );
