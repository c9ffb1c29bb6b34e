import type { ExecutionEvent } from '../../src/domain/events.js';
import type { ExistingExecution } from '../../src/domain/execution.js';
import type { Status } from '../../src/domain/status.js';
import { given, heartbeat, report, standing, statusOf, written } from '../support/domain/given.js';

describe('§3.2 no stream', () => {
  /** Columns: the word; cells: what follows ExecutionRegistered. */
  const FIRST: Readonly<Record<string, string[]>> = {
    pending: [],
    queued: ['ExecutionQueued #1'],
    running: ['ExecutionStarted #1'],
    waiting: ['ExecutionWaiting #1'],
    paused: ['ExecutionPaused #1 worker'],
    succeeded: ['ExecutionSucceeded #1 worker'],
    failed: ['ExecutionFailed #1 worker'],
    timeout: ['ExecutionTimedOut #1 worker'],
    cancelled: ['ExecutionCancelled #1 worker'],
    progress: [],
  };

  it.each(Object.entries(FIRST))('fire-and-forget: %s registers the execution and is applied', (word, events) => {
    for (const attempt of [{}, { attempt: 1 }]) {
      const { decision, after } = given().when(report(statusOf(word), attempt));
      expect([decision.verdict, ...written(decision)]).toEqual(['applied', 'ExecutionRegistered', ...events]);
      expect(after.status).toBe(word === 'progress' ? 'pending' : word);
    }
  });

  it.each(Object.entries(FIRST))(
    'fire-and-forget: %s with progress writes it between, a terminal last',
    (word, events) => {
      const { decision } = given().when(report(statusOf(word), { progress: 10 }));
      expect(written(decision)).toEqual(['ExecutionRegistered', 'ExecutionProgressed #1', ...events]);
    },
  );

  it.each(Object.keys(FIRST))(
    'fire-and-forget: %s may name attempt 1, a higher one is unknown and not kept',
    (word) => {
      given()
        .when(report(statusOf(word), { attempt: 2 }))
        .then('unknown_attempt', [], false);
    },
  );

  it.each(Object.keys(FIRST))('strict: %s is not found, whatever the attempt, and not kept', (word) => {
    for (const attempt of [{}, { attempt: 1 }, { attempt: 2 }]) {
      given()
        .when(report(statusOf(word), { mode: 'strict', ...attempt }))
        .then('not_found', [], false);
    }
  });

  it('a heartbeat is not found', () => {
    given().when(heartbeat()).then('not_found', [], false);
  });

  it('what the report says of the identity opens the stream, and counts only there', () => {
    const description = { run_id: 'r', target: 'builder', input: { a: 1 } };
    const opened = given().when(report('running', { description }));
    opened.then('applied', [
      { type: 'ExecutionRegistered', data: { ...description, created_by_report: true } },
      { type: 'ExecutionStarted', data: { attempt: 1 } },
    ]);
    const later = opened.when(report('waiting', { description: { run_id: 'other' } }));
    expect((later.after as ExistingExecution).description).toEqual(description);
  });

  it('a first report keeps all it brought', () => {
    const brought = { worker: 'w1', status_reason: 'why', message: 'm', data: { n: null } };
    given()
      .when(report('pending', brought))
      .then('applied', [
        { type: 'ExecutionRegistered', data: { created_by_report: true } },
        { type: 'ExecutionProgressed', data: { attempt: 1, status: 'pending', ...brought } },
      ]);
  });
});

describe('§2 what the events carry', () => {
  const told = { worker: 'w1', status_reason: 'why', message: 'm', data: [1] };
  const outcome = {
    result: { ok: true },
    error: 'e',
    error_details: { code: 1 },
    error_status_code: 500,
    duration_ms: 12,
    completed_at: '2029-12-31T23:00:00.000Z',
  };
  const all = { ...told, ...outcome, progress: 5 };

  const EXPECTED: readonly (readonly [Status, ExecutionEvent])[] = [
    ['queued', { type: 'ExecutionQueued', data: { attempt: 1, ...told } }],
    ['running', { type: 'ExecutionStarted', data: { attempt: 1, ...told } }],
    ['waiting', { type: 'ExecutionWaiting', data: { attempt: 1, ...told } }],
    ['paused', { type: 'ExecutionPaused', data: { attempt: 1, authority: 'worker', ...told } }],
    ['succeeded', { type: 'ExecutionSucceeded', data: { attempt: 1, authority: 'worker', ...told, ...outcome } }],
    [
      'failed',
      { type: 'ExecutionFailed', data: { attempt: 1, authority: 'worker', phase: 'execution', ...told, ...outcome } },
    ],
    ['timeout', { type: 'ExecutionTimedOut', data: { attempt: 1, authority: 'worker', ...told, ...outcome } }],
    [
      'cancelled',
      {
        type: 'ExecutionCancelled',
        data: { attempt: 1, authority: 'worker', previous_status: 'pending', ...told, ...outcome },
      },
    ],
  ];

  const outcomeOf = (status: Status) =>
    status === 'succeeded' || status === 'failed' || status === 'timeout' || status === 'cancelled'
      ? { outcome: status }
      : {};

  it.each(EXPECTED)('%s carries all it may, beside the progress', (status, event) => {
    given(...standing('pending'))
      .when(report(status, all))
      .then('applied', [
        { type: 'ExecutionProgressed', data: { attempt: 1, progress: 5, ...outcomeOf(status) } },
        event,
      ]);
  });

  it('a cancellation by report names the status it found', () => {
    const previous = (name: string) =>
      given(...standing(name)).when(report('cancelled')).decision.events[0]?.data as { previous_status?: string };
    expect(previous('waiting').previous_status).toBe('waiting');
    expect(previous('timeout watchdog').previous_status).toBe('timeout');
  });

  it('progress without a status writes only what it brought', () => {
    given(...standing('running'))
      .when(report(undefined, { ...told, progress: 5 }))
      .then('applied', [{ type: 'ExecutionProgressed', data: { attempt: 1, progress: 5, ...told } }]);
  });
});
