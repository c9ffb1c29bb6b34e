import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { parseJson } from '../../src/encoding/json.js';
import { decode, EVENT_SCHEMAS, type EventSchema } from '../../src/event-store/codec.js';
import type { StoredEvent } from '../../src/event-store/event-store.js';

const stored = (type: string, data: unknown, metadata: unknown = {}): StoredEvent => ({
  stream: 'execution-x',
  revision: 3,
  position: 9n,
  recordedAt: '2030-01-01T00:00:00.000Z',
  eventId: 'e',
  type,
  data,
  metadata: metadata as StoredEvent['metadata'],
});

/** A type that was written in three ways: `ms`, then `took_ms`, then seconds. */
const registry: Record<string, EventSchema> = {
  Measured: {
    version: 3,
    data: z.strictObject({ seconds: z.number() }),
    upcasters: [
      (data) => ({ took_ms: (data as { ms: number }).ms }),
      (data) => ({ seconds: (data as { took_ms: number }).took_ms / 1000 }),
    ],
  },
};

describe('an event of an older version', () => {
  it.each([
    [undefined, { ms: 2_000 }],
    [1, { ms: 2_000 }],
    [2, { took_ms: 2_000 }],
    [3, { seconds: 2 }],
  ])('(%p) is read as the newest', (schema_version, data) => {
    const metadata = schema_version === undefined ? {} : { schema_version };
    expect(decode(stored('Measured', data, metadata), registry)).toMatchObject({
      kind: 'ours',
      event: { type: 'Measured', data: { seconds: 2 }, revision: 3, position: 9n, event_id: 'e' },
    });
  });

  it('that is newer than the program is unreadable', () => {
    expect(decode(stored('Measured', { hours: 1 }, { schema_version: 4 }), registry)).toEqual({
      kind: 'unreadable',
      reason: 'Measured is of version 4; this program reads up to 3',
    });
  });

  it('that the step to a newer version fails on is unreadable, however it fails', () => {
    expect(decode(stored('Measured', { ms: 'long' }), registry).kind).toBe('unreadable');
    expect(decode(stored('Measured', null), registry).kind).toBe('unreadable');
  });
});

it.each(['12', '12345678901234567890'])('data that are the number %s are unreadable', (number) => {
  expect(decode(stored('ExecutionRegistered', parseJson(number))).kind).toBe('unreadable');
});

it.each(['InvoiceSent', 'constructor', '__proto__', 'toString'])('%s is foreign', (type) => {
  expect(decode(stored(type, {}))).toEqual({ kind: 'foreign' });
});

it.each(Object.keys(EVENT_SCHEMAS))('%s keeps what it does not know, and refuses what is no record', (type) => {
  expect(decode(stored(type, { attempt: 1, more: { a: [1] } }))).toMatchObject({
    kind: 'ours',
    event: { data: { more: { a: [1] } } },
  });
  for (const data of [null, 'text', 7, []]) expect(decode(stored(type, data)).kind).toBe('unreadable');
});

it.each([
  ['no record', 'text'],
  ['a reporter of no authority that exists', { reporter: { actor: 'a', authority: 'king' } }],
  ['a moment that is none', { occurred_at: 'yesterday' }],
])('metadata with %s counts as none', (_case, metadata) => {
  expect(decode(stored('ExecutionQueued', { attempt: 1 }, metadata))).toMatchObject({
    kind: 'ours',
    event: { metadata: {} },
  });
});

it.each([
  ['occurred_at', { a: 1 }],
  ['digest', 7],
  ['source', ['events']],
  ['correlation_id', null],
  ['schema_version', 'two'],
])('metadata is read member by member: a broken %s costs no other', (member, broken) => {
  const reporter = { actor: 'a', authority: 'operator' };
  const written = stored('ExecutionCancelled', { attempt: 1 }, { on_behalf_of: 'b', reporter, [member]: broken });
  expect(decode(written)).toMatchObject({ event: { metadata: { on_behalf_of: 'b', reporter } } });
  expect(decode(written)).not.toHaveProperty(['event', 'metadata', member]);
});

it('moments are read in UTC with milliseconds, whatever zone they were written in', () => {
  const written = stored('ExecutionSucceeded', { attempt: 1, completed_at: '2030-01-01T02:00:00+02:00' });
  expect(decode(written)).toMatchObject({ event: { data: { completed_at: '2030-01-01T00:00:00.000Z' } } });
});

describe('an event that somebody appended directly is read as generously as a report', () => {
  const read = (data: object, type = 'ExecutionFailed') => {
    const decoded = decode(stored(type, data));
    return decoded.kind === 'ours' ? [decoded.event.data, decoded.unread] : decoded;
  };

  it('null is absent, but of what may be any JSON', () => {
    const nothing = {
      attempt: null,
      worker: null,
      error: null,
      duration_ms: null,
      completed_at: null,
      authority: null,
    };
    expect(read({ ...nothing, result: null, data: null })).toStrictEqual([{ result: null, data: null }, 0]);
    expect(read({ labels: null, deadline: null, input: null }, 'ExecutionRegistered')).toStrictEqual([
      { input: null },
      0,
    ]);
  });

  it.each([
    [{ message: 'm', code: 1 }, 'm', { message: 'm', code: 1 }],
    [{ code: 1 }, '{"code":1}', { code: 1 }],
    [['a'], '["a"]', ['a']],
    [7, '7', 7],
    [false, 'false', false],
  ])('an error may be %j', (error, text, error_details) => {
    expect(read({ attempt: 1, error })).toStrictEqual([{ attempt: 1, error: text, error_details }, 0]);
  });

  it('an error stays whole beside details of its own', () => {
    expect(read({ error: { message: 'm' }, error_details: [1] })).toStrictEqual([
      { error: '{"message":"m"}', error_details: [1] },
      0,
    ]);
  });

  it.each([
    ['ExecutionFailed', { duration_ms: -1 }],
    ['ExecutionFailed', { duration_ms: '12s', error_status_code: '137' }],
    ['ExecutionFailed', { completed_at: '2026-01-10T13:50:54' }],
    ['ExecutionFailed', { phase: 'lunch', worker: 7, message: {} }],
    ['ExecutionProgressed', { progress: 101 }],
    ['ExecutionProgressed', { progress: '50%', status: 'nonsense', outcome: 7 }],
    ['ExecutionResumed', { previous: 'failed', takeover: 'yes', unnumbered: 1 }],
    ['ExecutionRegistered', { timeout_ms: -1, deadline: 'soon', run_id: 7 }],
  ])('%s: what cannot be read of it is left out and counted: %j', (type, broken) => {
    const rest = type === 'ExecutionRegistered' ? { target: 't' } : { attempt: 1 };
    expect(read({ ...rest, ...broken }, type)).toStrictEqual([rest, Object.keys(broken).length]);
  });

  it('measures are read as doubles, and of labels the bad ones alone are left out', () => {
    const labels = { a: 'b', bad: 1, worse: null };
    expect(read({ labels }, 'ExecutionRegistered')).toStrictEqual([{ labels: { a: 'b' } }, 2]);
    const progress = parseJson('100.00000000000001');
    expect(read({ attempt: 1, progress }, 'ExecutionProgressed')).toStrictEqual([{ attempt: 1, progress: 100 }, 0]);
  });

  it('an authority that cannot be read lowers the outcome, and never raises it', () => {
    expect(read({ attempt: 1, authority: 'king' })).toStrictEqual([{ attempt: 1, authority: 'watchdog' }, 1]);
  });

  it.each([[{ attempt: 'first' }], [{ attempt: 0 }], [{ attempt: 1.5 }], [{ attempt: true, duration_ms: -1 }]])(
    'without an attempt that can be read it is none: %j',
    (data) =>
      expect(decode(stored('ExecutionFailed', data))).toMatchObject({
        kind: 'unreadable',
        reason: expect.stringContaining('attempt'),
      }),
  );
});
