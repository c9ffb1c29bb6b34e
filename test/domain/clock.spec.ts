import type { EventDataByType } from '../../src/domain/events.js';
import type { TerminalExecution } from '../../src/domain/execution.js';
import {
  at,
  became,
  DAY,
  existing,
  fact,
  given,
  HOUR,
  MINUTE,
  report,
  standing,
  type Fact,
} from '../support/domain/given.js';

const registered = fact('ExecutionRegistered', {}, { by: 'operator' });
const started = (ms: number, occurred_at?: string): Fact => ({
  ...became('running'),
  at: ms,
  ...(occurred_at === undefined ? {} : { occurred_at }),
});
const succeeded = (ms: number, data: EventDataByType['ExecutionSucceeded'] = {}, occurred_at?: string): Fact =>
  fact(
    'ExecutionSucceeded',
    { attempt: 1, ...data },
    { at: ms, ...(occurred_at === undefined ? {} : { occurred_at }) },
  );
const ended = (...facts: Fact[]) => existing(...facts) as TerminalExecution;

describe("§2 created_at and last_activity_at are the ledger's clock", () => {
  it('whatever the reporter says', () => {
    const first = { ...became('running'), at: HOUR, occurred_at: at(-DAY) };
    expect(existing(first)).toMatchObject({ created_at: at(HOUR), last_activity_at: at(HOUR) });
    expect(existing(first, succeeded(2 * HOUR, {}, at(5)))).toMatchObject({
      created_at: at(HOUR),
      last_activity_at: at(2 * HOUR),
    });
  });

  it('what changed nothing is no activity', () => {
    const late = { ...became('queued'), at: 2 * HOUR };
    expect(existing(registered, started(HOUR), late).last_activity_at).toBe(at(HOUR));
  });
});

describe("§2 started_at is the reporter's, if given and not in the future, else the ledger's", () => {
  const STARTS: readonly [string, string | undefined, string][] = [
    ['not given', undefined, at(HOUR)],
    ['given', at(MINUTE), at(MINUTE)],
    ['before the execution was created', at(-DAY), at(-DAY)],
    ['this very moment', at(HOUR), at(HOUR)],
    ['in the future', at(HOUR + 1), at(HOUR)],
    ['no moment at all', 'yesterday', at(HOUR)],
  ];
  it.each(STARTS)('%s', (_, occurred_at, started_at) => {
    expect(existing(registered, started(HOUR, occurred_at)).started?.at).toBe(started_at);
  });

  it('of the first running: neither a wait nor a second running moves it', () => {
    const facts = [registered, started(HOUR), { ...became('waiting'), at: 2 * HOUR }, started(3 * HOUR)];
    expect(existing(...facts).started?.at).toBe(at(HOUR));
  });

  it('is absent before the attempt ran', () => {
    for (const name of ['pending', 'queued', 'waiting', 'paused']) {
      expect(existing(...standing(name))).toHaveProperty('started', undefined);
    }
  });

  it("of a resumed attempt is the resume, until the worker's first running", () => {
    const resumed = fact('ExecutionResumed', { attempt: 2 }, { by: 'operator', at: HOUR });
    const facts = [...standing('failed worker'), resumed];
    expect(existing(...facts).started?.at).toBe(at(HOUR));
    const guess: Fact = { ...became('running', 'watchdog', 2), at: 2 * HOUR };
    expect(existing(...facts, guess).started?.at).toBe(at(HOUR));
    const first: Fact = { ...became('running', 'worker', 2), at: 3 * HOUR };
    expect(existing(...facts, first).started?.at).toBe(at(3 * HOUR));
    expect(existing(...facts, first, { ...first, at: 4 * HOUR }).started?.at).toBe(at(3 * HOUR));
  });
});

describe("§2 completed_at is the reporter's (completed_at, occurred_at), if not in the future, else the ledger's", () => {
  const ENDS: readonly [string, string | undefined, string | undefined, string][] = [
    ['neither', undefined, undefined, at(HOUR)],
    ['completed_at', at(MINUTE), undefined, at(MINUTE)],
    ['occurred_at', undefined, at(MINUTE), at(MINUTE)],
    ['both', at(2 * MINUTE), at(MINUTE), at(2 * MINUTE)],
    ['a completed_at in the future', at(DAY), undefined, at(HOUR)],
    ['both in the future', at(DAY), at(2 * DAY), at(HOUR)],
    ['a completed_at in the future beside an occurred_at that is not', at(DAY), at(MINUTE), at(MINUTE)],
  ];
  it.each(ENDS)('%s', (_, completed_at, occurred_at, expected) => {
    const data = completed_at === undefined ? {} : { completed_at };
    expect(ended(registered, succeeded(HOUR, data, occurred_at)).completed_at).toBe(expected);
  });
});

describe("§2 duration_ms is the reporter's, else a difference on one clock", () => {
  const began = at(10 * MINUTE);
  it("the reporter's", () => {
    expect(ended(registered, started(HOUR), succeeded(2 * HOUR, { duration_ms: 7 })).duration_ms).toBe(7);
  });

  it("both ends on the reporter's clock", () => {
    const facts = [registered, started(HOUR, began), succeeded(2 * HOUR, { completed_at: at(12 * MINUTE) })];
    expect(ended(...facts).duration_ms).toBe(2 * MINUTE);
  });

  it.each([
    ['only the start', began, undefined],
    ['only the end', undefined, at(11 * MINUTE)],
    ['a start in the future', at(DAY), at(11 * MINUTE)],
    ['an end in the future', began, at(DAY)],
    ['neither', undefined, undefined],
  ])("%s on the reporter's clock: the ledger's difference", (_, start, end) => {
    const facts = [
      registered,
      started(HOUR, start),
      succeeded(3 * HOUR, end === undefined ? {} : { completed_at: end }),
    ];
    expect(ended(...facts).duration_ms).toBe(2 * HOUR);
  });

  it("never below nothing, where a reporter's clock ran backwards", () => {
    expect(ended(registered, started(HOUR, began), succeeded(HOUR, { completed_at: at(MINUTE) })).duration_ms).toBe(0);
  });

  it('none where the attempt never ran', () => {
    expect(ended(registered, succeeded(HOUR))).toHaveProperty('duration_ms', undefined);
  });

  it('of a resumed attempt counts from its own start', () => {
    const resumed = fact('ExecutionResumed', { attempt: 2 }, { by: 'operator', at: 5 * HOUR });
    expect(ended(...standing('failed worker'), resumed, succeeded(6 * HOUR, { attempt: 2 })).duration_ms).toBe(HOUR);
  });

  it("of a correction is anew, the guess's is gone", () => {
    const guess = fact('ExecutionTimedOut', { attempt: 1, duration_ms: 5 }, { by: 'watchdog', at: 2 * HOUR });
    expect(ended(registered, started(HOUR), guess, succeeded(4 * HOUR)).duration_ms).toBe(3 * HOUR);
  });

  it('a cancel of a failed execution re-stamps completed_at and keeps the duration', () => {
    const failed = fact('ExecutionFailed', { attempt: 1 }, { at: 2 * HOUR });
    const cancel = fact('ExecutionCancelled', { attempt: 1 }, { by: 'operator', at: 9 * HOUR });
    expect(ended(registered, started(HOUR), failed, cancel)).toMatchObject({
      completed_at: at(9 * HOUR),
      duration_ms: HOUR,
    });
  });
});

describe('§3.2 a terminal with duration_ms back-dates the start', () => {
  const brought = { duration_ms: 30 * MINUTE };

  it.each(['worker', 'watchdog'] as const)('of an execution it registers, whoever says it: %s', (authority) => {
    const { after } = given().when(report('failed', { ...brought, authority }), HOUR);
    expect(after).toMatchObject({ created_at: at(HOUR), completed_at: at(HOUR), ...brought });
    expect(after).toMatchObject({ started: { at: at(30 * MINUTE), reported: false } });
  });

  it("from the reporter's own completed_at", () => {
    const { after } = given().when(report('succeeded', { ...brought, completed_at: at(-DAY) }), HOUR);
    expect(after).toMatchObject({ started: { at: at(-DAY - 30 * MINUTE), reported: true } });
  });

  it('also where it never ran, but never a start that stands', () => {
    expect(ended(registered, succeeded(HOUR, brought)).started?.at).toBe(at(30 * MINUTE));
    expect(ended(registered, started(5), succeeded(HOUR, brought)).started?.at).toBe(at(5));
  });

  it("on either clock, so that a correction's difference is one clock's too", () => {
    const guess = fact('ExecutionTimedOut', { attempt: 1, ...brought }, { by: 'watchdog', at: HOUR });
    expect(ended(registered, guess, succeeded(2 * HOUR)).duration_ms).toBe(90 * MINUTE);
  });

  it.each([1e300, Number.MAX_SAFE_INTEGER, -1e300])('a duration of %d is no reason to stop reading', (duration_ms) => {
    const state = ended(registered, succeeded(HOUR, { duration_ms }));
    expect(state.duration_ms).toBe(duration_ms);
    expect(Date.parse(state.started?.at as string)).not.toBeNaN();
  });
});
