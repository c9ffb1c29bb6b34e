import { decide } from '../../src/domain/decide.js';
import { isResumable, hasGoneStale, staleBefore } from '../../src/domain/resumable.js';
import {
  ask,
  at,
  DAY,
  existing,
  given,
  heartbeat,
  HOUR,
  MINUTE,
  nowAt,
  report,
  SECOND,
  standing,
} from '../support/domain/given.js';

describe('§2 a heartbeat is written when the last activity is older than RESUME_STALE_AFTER / 20, SILENT_AFTER / 3, at most 15 min', () => {
  const INTERVALS: readonly [string, number, number, number][] = [
    ['3 days and 15 min: 5 min', 3 * DAY, 15 * MINUTE, 5 * MINUTE],
    ['3 days and 2 hours: 15 min', 3 * DAY, 2 * HOUR, 15 * MINUTE],
    ['5 hours and 2 days: 15 min', 5 * HOUR, 2 * DAY, 15 * MINUTE],
    ['1 hour and 15 min: 3 min', HOUR, 15 * MINUTE, 3 * MINUTE],
    ['1 hour and 30 s: 10 s', HOUR, 30 * SECOND, 10 * SECOND],
    ['1 second and 15 min: 50 ms', SECOND, 15 * MINUTE, 50],
  ];
  it.each(INTERVALS)('%s', (_, stale_after, silent_after, interval) => {
    const state = existing(...standing('running'));
    for (const input of [heartbeat({ worker: 'w' }), report('running')]) {
      const beats = (ms: number) =>
        decide(input, state, {
          ...nowAt(ms, stale_after),
          silent_after: { ms: silent_after, exceptions: [] },
        }).events.map(({ type }) => type);
      expect([beats(0), beats(interval), beats(interval + 1)]).toEqual([[], [], ['HeartbeatRecorded']]);
    }
  });

  it('an execution with a SILENT_AFTER of its own has an interval of its own', () => {
    const exceptions = [
      { by: 'workflow_id', value: 'w', ms: 30 * SECOND },
      { by: 'target', value: 't', ms: 60 * SECOND },
    ] as const;
    const beats = (description: { workflow_id?: string; target?: string }, ms: number) => {
      const state = { ...existing(...standing('running')), description };
      const now = { ...nowAt(ms), silent_after: { ms: 15 * MINUTE, exceptions } };
      return decide(heartbeat(), state, now).events.length;
    };
    expect([beats({}, 20_001), beats({ target: 't' }, 20_001), beats({ target: 't' }, 20_000)]).toEqual([0, 1, 0]);
    const both = { workflow_id: 'w', target: 't' };
    expect([beats(both, 10_000), beats(both, 10_001)]).toEqual([0, 1]); // the first that fits
  });

  it('in any open status, and what counts is applied whether or not it is written', () => {
    for (const name of ['pending', 'queued', 'running', 'waiting', 'paused']) {
      const beating = given(...standing(name));
      beating.when(heartbeat(), 0).then('applied', [], false);
      const written = beating.when(heartbeat({ worker: 'w' }));
      written.then('applied', [{ type: 'HeartbeatRecorded', data: { attempt: 1, worker: 'w' } }], false);
      expect(written.after).toMatchObject({ status: name, last_activity_at: at(HOUR), worker: 'w', dispatched: false });
      written.when(heartbeat()).then('applied', [], false);
    }
  });

  it('on a terminal it is dropped', () => {
    for (const name of ['succeeded worker', 'failed watchdog', 'cancelled operator', 'timeout worker']) {
      given(...standing(name))
        .when(heartbeat())
        .then('dropped', [], false);
    }
  });

  it('§7.8 at most one per interval, however many duplicates', () => {
    let step = given(...standing('running')).when(report('running'), 0);
    let beats = 0;
    for (let ms = MINUTE; ms <= 2 * HOUR; ms += MINUTE) {
      step = step.when(report('running'), ms).then('duplicate');
      beats += step.decision.events.length;
    }
    expect(beats).toBe(20); // at minutes 6, 12, … 120
  });
});

describe('§4 silence is strictly older than RESUME_STALE_AFTER, or unknown', () => {
  it.each([
    [3 * DAY - 1, false],
    [3 * DAY, false],
    [3 * DAY + 1, true],
  ])('after %d ms: %s', (ms, silent) => {
    expect(hasGoneStale(at(0), nowAt(ms))).toBe(silent);
    expect(isResumable(existing(...standing('running')), nowAt(ms))).toBe(silent);
  });

  it('unknown', () => expect(hasGoneStale(undefined, nowAt(0))).toBe(true));

  it('a measure beyond all dates makes nothing silent and throws nothing', () => {
    expect(staleBefore(nowAt(0, Number.MAX_SAFE_INTEGER))).toBe('0001-01-01T00:00:00.000Z');
    expect(hasGoneStale(at(0), nowAt(1e6 * DAY, 1e300))).toBe(false);
  });
});

describe('§1 stale is shown, never judged', () => {
  it('a stale execution takes reports as ever', () => {
    given(...standing('running'))
      .when(report('succeeded'), 9 * DAY)
      .then('applied');
  });

  it('a resumed attempt was active just now', () => {
    const { after } = given(...standing('failed worker')).when(ask.resume(), 9 * DAY);
    expect(isResumable(after, nowAt(9 * DAY))).toBe(false);
  });
});
