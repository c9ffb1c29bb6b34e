import type { EventDataByType, ExecutionEvent } from '../../src/domain/events.js';
import { isResumable, isStale } from '../../src/domain/resumable.js';
import { ask, at, DAY, existing, fact, given, heartbeat, nowAt, report, standing } from '../support/domain/given.js';

describe('§4 resume', () => {
  const opensNext = (previous: EventDataByType['ExecutionResumed']['previous'], takeover: boolean): ExecutionEvent => ({
    type: 'ExecutionResumed',
    data: { attempt: 2, previous: previous as NonNullable<typeof previous>, takeover },
  });

  it('from failed and timeout it opens the next attempt, with nothing of the last', () => {
    const failed = fact('ExecutionFailed', {
      attempt: 1,
      authority: 'worker',
      error: 'e',
      error_status_code: 500,
      worker: 'w',
      message: 'm',
    });
    const resumed = given(
      ...standing('running'),
      fact('ExecutionProgressed', { attempt: 1, progress: 50 }),
      failed,
    ).when(ask.resume());
    resumed.then('applied', [opensNext({ status: 'failed', error: 'e', authority: 'worker' }, false)]);
    expect(resumed.after).toMatchObject({ status: 'running', attempt: 2, dispatched: false, unnumbered: false });
    for (const gone of ['error', 'error_status_code', 'worker', 'message', 'progress', 'completed_at', 'authority']) {
      expect(resumed.after).toHaveProperty(gone, undefined);
    }
    given(...standing('timeout watchdog'))
      .when(ask.resume())
      .then('applied', [opensNext({ status: 'timeout', authority: 'watchdog' }, false)]);
  });

  it('from running it takes over, strictly later than RESUME_STALE_AFTER', () => {
    const silent = given(...standing('running'));
    silent.when(ask.resume(), 3 * DAY).then('not_resumable', [], false);
    silent
      .when(ask.resume(), 3 * DAY + 1)
      .then('applied', [opensNext({ status: 'running', authority: null }, true)])
      .when(report('succeeded'))
      .then('fenced', [], true);
  });

  const BEFORE = ['pending', 'queued', 'running', 'waiting'] as const;
  it.each(BEFORE)('from paused it continues the same attempt as %s', (status) => {
    const resumed = given(...standing(status))
      .when(ask.pause())
      .when(ask.resume({ reason: 'go' }));
    const previous = { status: 'paused', authority: null } as const;
    resumed.then('applied', [
      { type: 'ExecutionResumed', data: { attempt: 1, previous, takeover: false, reason: 'go' } },
    ]);
    expect(resumed.after).toMatchObject({ status, attempt: 1 });
    for (const gone of ['paused_from', 'paused_at', 'paused_revision'])
      expect(resumed.after).toHaveProperty(gone, undefined);
  });

  it.each(BEFORE)('from paused (before: %s) new_attempt opens the next', (status) => {
    const resumed = given(...standing(status))
      .when(ask.pause())
      .when(ask.resume({ new_attempt: true }));
    resumed.then('applied', [opensNext({ status: 'paused', authority: null }, false)]);
    expect(resumed.after).toMatchObject({ status: 'running', attempt: 2 });
  });

  it('carries what it was asked for', () => {
    const wishes = { reason: 'r', unnumbered: true, deadline: at(9 * DAY), timeout_ms: 5 };
    const resumed = given(...standing('failed worker')).when(ask.resume(wishes));
    resumed.then('applied', [
      {
        type: 'ExecutionResumed',
        data: { attempt: 2, previous: { status: 'failed', authority: 'worker' }, takeover: false, ...wishes },
      },
    ]);
    expect(resumed.after).toMatchObject({ unnumbered: true, deadline: at(9 * DAY), timeout_ms: 5 });
  });

  it('§7.6 resume wins iff resumable, and the flag stale is another matter', () => {
    const RESUMABLE = ['paused', 'failed worker', 'failed watchdog', 'timeout worker', 'timeout watchdog'];
    const OTHERS = [
      'pending',
      'queued',
      'running',
      'waiting',
      'succeeded worker',
      'cancelled operator',
      'succeeded watchdog',
    ];
    for (const [names, resumable] of [
      [RESUMABLE, true],
      [OTHERS, false],
    ] as const) {
      for (const name of names) {
        for (const ms of [0, 3 * DAY, 3 * DAY + 1]) {
          const state = existing(...standing(name));
          const silent = ms > 3 * DAY;
          expect([name, ms, isResumable(state, nowAt(ms))]).toEqual([
            name,
            ms,
            resumable || (name === 'running' && silent),
          ]);
          expect([name, ms, isStale(state, nowAt(ms))]).toEqual([
            name,
            ms,
            silent && ['pending', 'queued', 'running'].includes(name),
          ]);
        }
      }
    }
    expect(isResumable(given().state, nowAt(0))).toBe(false);
    expect(isStale(given().state, nowAt(9 * DAY))).toBe(false);
  });

  it('a sign of life ends the silence', () => {
    given(...standing('running'))
      .when(heartbeat(), 2 * DAY)
      .then('applied')
      .when(ask.resume(), 4 * DAY)
      .then('not_resumable');
  });
});
