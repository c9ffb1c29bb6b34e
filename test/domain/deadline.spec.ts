import { deadlineOf } from '../../src/domain/execution.js';
import type { ExistingExecution } from '../../src/domain/execution.js';
import {
  ask,
  at,
  became,
  existing,
  fact,
  given,
  HOUR,
  MINUTE,
  report,
  standing,
  type Fact,
} from '../support/domain/given.js';

const registered = (data: { deadline?: string; timeout_ms?: number }): Fact =>
  fact('ExecutionRegistered', data, { by: 'operator' });
const BOTH = { deadline: at(2 * HOUR), timeout_ms: HOUR };

const came = (status: 'running' | 'waiting' | 'paused', ms: number): Fact => ({ ...became(status), at: ms });
const resumed = (attempt: number, ms: number, data = {}): Fact =>
  fact('ExecutionResumed', { attempt, ...data }, { by: 'operator', at: ms });

describe('§4 deadlines', () => {
  it('none was registered: none counts', () => {
    expect(deadlineOf(existing(registered({})))).toBeUndefined();
  });

  it('deadline is a moment for the whole execution', () => {
    const facts = [registered({ deadline: at(HOUR) }), came('waiting', 5), came('running', 6)];
    expect(deadlineOf(existing(...facts))).toBe(at(HOUR));
    const next = [became('failed'), resumed(2, 10)];
    expect(deadlineOf(existing(...facts, ...next))).toBe(at(HOUR));
  });

  it('timeout_ms counts from the opening of the attempt, not from its running', () => {
    expect(deadlineOf(existing(registered({ timeout_ms: HOUR }), came('running', MINUTE)))).toBe(at(HOUR));
  });

  it.each([
    [HOUR, 2 * HOUR],
    [2 * HOUR, HOUR],
  ])('with both, the earlier: deadline %d, timeout %d', (deadline, timeout_ms) => {
    expect(deadlineOf(existing(registered({ deadline: at(deadline), timeout_ms })))).toBe(at(HOUR));
  });

  it.each(['succeeded worker', 'failed watchdog', 'cancelled operator', 'timeout watchdog'])('none once %s', (name) => {
    expect(deadlineOf(existing(...standing(name, { registered: BOTH })))).toBeUndefined();
  });

  it('of any size: one beyond all dates never comes', () => {
    expect(deadlineOf(existing(registered({ timeout_ms: 1e300 })))).toBe('9999-12-31T23:59:59.999Z');
  });
});

describe('§4 timeout_ms: time in waiting or paused is not counted', () => {
  const timed = registered({ timeout_ms: HOUR });
  const M = MINUTE;

  it.each(['waiting', 'paused'] as const)('while it stands in %s there is none', (status) => {
    expect(deadlineOf(existing(timed, came('running', M), came(status, 10 * M)))).toBeUndefined();
  });

  it.each(['waiting', 'paused'] as const)('while it stands in %s an absolute deadline still counts', (status) => {
    expect(deadlineOf(existing(registered(BOTH), came(status, 10 * M)))).toBe(at(2 * HOUR));
  });

  const STOOD: readonly [string, Fact[], number][] = [
    ['a wait', [came('waiting', 10 * M), came('running', 30 * M)], 80 * M],
    ['a wait said twice', [came('waiting', 10 * M), came('waiting', 20 * M), came('running', 30 * M)], 80 * M],
    ['two waits', [came('waiting', M), came('running', 2 * M), came('waiting', 4 * M), came('running', 7 * M)], 64 * M],
    ['a pause', [came('paused', 10 * M), resumed(1, 50 * M)], 100 * M],
    ['a pause said twice', [came('paused', 10 * M), came('paused', 20 * M), resumed(1, 50 * M)], 100 * M],
    [
      'a pause within a wait, once',
      [came('waiting', 10 * M), came('paused', 20 * M), resumed(1, 40 * M), came('running', 50 * M)],
      100 * M,
    ],
    [
      'a wait and then a pause',
      [came('waiting', M), came('running', 3 * M), came('paused', 5 * M), resumed(1, 9 * M)],
      66 * M,
    ],
  ];
  it.each(STOOD)('%s', (_, facts, ends) => {
    expect(deadlineOf(existing(timed, came('running', 0), ...facts))).toBe(at(ends));
  });

  it('a resume from paused back into waiting leaves the clock standing', () => {
    const facts = [came('waiting', 10 * M), came('paused', 20 * M), resumed(1, 40 * M)];
    expect(deadlineOf(existing(timed, ...facts))).toBeUndefined();
  });

  it('a late description starts the clock at the opening', () => {
    const described = fact('ExecutionDescribed', { attempt: 1, timeout_ms: HOUR }, { by: 'operator', at: 5 * M });
    expect(deadlineOf(existing(came('running', 0), described))).toBe(at(HOUR));
  });
});

describe('§4 timeout_ms counts anew from the opening of each attempt', () => {
  const failed = { ...became('failed'), at: 30 * MINUTE };

  it('with nothing of what the last one stood', () => {
    const facts = [registered({ timeout_ms: HOUR }), came('waiting', 0), came('running', 20 * MINUTE), failed];
    expect(deadlineOf(existing(...facts, resumed(2, 3 * HOUR)))).toBe(at(4 * HOUR));
  });

  it('also where a paused attempt is left for a new one', () => {
    const facts = [registered({ timeout_ms: HOUR }), came('paused', 20 * MINUTE)];
    expect(deadlineOf(existing(...facts, resumed(2, 3 * HOUR)))).toBe(at(4 * HOUR));
  });

  it('a resume may carry a new one', () => {
    const facts = [registered({ timeout_ms: HOUR }), failed];
    expect(deadlineOf(existing(...facts, resumed(2, HOUR, { timeout_ms: 5 })))).toBe(at(HOUR + 5));
  });

  it('from paused a new one counts from the resume', () => {
    const facts = [registered({ timeout_ms: HOUR }), came('running', 0), came('paused', 20 * MINUTE)];
    expect(deadlineOf(existing(...facts, resumed(1, HOUR, { timeout_ms: 5 })))).toBe(at(HOUR + 5));
    const waiting = [registered({ timeout_ms: HOUR }), came('waiting', 0), came('paused', 1)];
    const standing = existing(...waiting, resumed(1, HOUR, { timeout_ms: 5 }), came('running', 2 * HOUR));
    expect(deadlineOf(standing)).toBe(at(2 * HOUR + 5));
  });
});

describe('§4 a resume and an absolute deadline', () => {
  const failed = given(...standing('failed worker', { registered: { deadline: at(HOUR) } }));
  const dropped = (outcome: ReturnType<typeof failed.when>) =>
    (outcome.decision.events[0]?.data as { deadline_dropped?: boolean }).deadline_dropped;

  it.each([
    ['before it', HOUR - 1, undefined],
    ['at it', HOUR, true],
    ['after it', HOUR + 1, true],
  ])('one that has passed is dropped, and the event says so: %s', (_, ms, expected) => {
    const resume = failed.when(ask.resume(), ms);
    expect(dropped(resume)).toBe(expected);
    expect((resume.after as ExistingExecution).deadline).toBe(expected ? undefined : at(HOUR));
    resume.when(ask.time_out(), ms).then('dropped');
  });

  it('also by a resume from paused', () => {
    const paused = given(...standing('paused', { registered: { deadline: at(HOUR) } }));
    const resume = paused.when(ask.resume(), 2 * HOUR);
    expect(dropped(resume)).toBe(true);
    expect(deadlineOf(resume.after as ExistingExecution)).toBeUndefined();
  });

  it('a new one takes its place', () => {
    const resume = failed.when(ask.resume({ deadline: at(9 * HOUR) }), 2 * HOUR);
    expect(dropped(resume)).toBeUndefined();
    expect(deadlineOf(resume.after as ExistingExecution)).toBe(at(9 * HOUR));
  });

  it('timeout_ms outlives the dropped deadline', () => {
    const both = given(...standing('failed worker', { registered: BOTH })).when(ask.resume(), 3 * HOUR);
    expect(deadlineOf(both.after as ExistingExecution)).toBe(at(4 * HOUR));
  });
});

describe('§4 time out: once a deadline or timeout has passed, and not before', () => {
  it.each([
    ['deadline', { deadline: at(HOUR) }],
    ['timeout_ms', { timeout_ms: HOUR }],
  ])('%s', (_, data) => {
    for (const name of ['pending', 'queued', 'running']) {
      const due = given(...standing(name, { registered: data }));
      due.when(ask.time_out(), HOUR - 1).then('dropped', [], false);
      due
        .when(ask.time_out(), HOUR)
        .then('applied', [{ type: 'ExecutionTimedOut', data: { attempt: 1, authority: 'watchdog' } }]);
    }
  });

  it.each(['waiting', 'paused'])('not while %s, passed or not', (name) => {
    given(...standing(name, { registered: BOTH }))
      .when(ask.time_out(), 9 * HOUR)
      .then('dropped', [], false);
  });

  it('a wait that ended in time moves it', () => {
    const moved = given(registered({ timeout_ms: HOUR }), came('waiting', 0), came('running', 10 * MINUTE));
    moved.when(ask.time_out(), HOUR).then('dropped');
    moved
      .when(ask.time_out(), 70 * MINUTE)
      .then('applied')
      .when(report('succeeded'))
      .then('applied');
  });
});
