import type { ExecutionEventType } from '../../src/domain/events.js';
import { authorityOfEvent, evolve } from '../../src/domain/evolve.js';
import { initial, skip, type ExistingExecution } from '../../src/domain/execution.js';
import type { Authority } from '../../src/domain/status.js';
import { authorityOf } from '../../src/domain/verdict.js';
import {
  ask,
  at,
  became,
  existing,
  fact,
  fold,
  given,
  HOUR,
  recorded,
  standing,
  type Fact,
} from '../support/domain/given.js';
import { answers, grid } from '../support/domain/grid.js';

const NONE = { regressions: 0, dropped: 0, conflicts: 0, fenced: 0, superseded: 0 };

describe('§6 a first event other than ExecutionRegistered registers as a report would', () => {
  const FIRST: readonly (readonly [ExecutionEventType, string, object])[] = [
    ['ExecutionDescribed', 'pending', {}],
    ['ExecutionDispatched', 'queued', {}],
    ['ExecutionQueued', 'queued', {}],
    ['ExecutionStarted', 'running', {}],
    ['ExecutionWaiting', 'waiting', {}],
    ['ExecutionPaused', 'paused', {}],
    ['ExecutionProgressed', 'pending', {}],
    ['HeartbeatRecorded', 'pending', {}],
    ['ExecutionSucceeded', 'succeeded', {}],
    ['ExecutionFailed', 'failed', {}],
    ['ExecutionTimedOut', 'timeout', {}],
    ['ExecutionCancelled', 'cancelled', {}],
    ['ExecutionResumed', 'pending', { dropped: 1 }],
  ];
  it.each(FIRST)('%s', (type, status, anomalies) => {
    for (const attempt of [{}, { attempt: 1 }]) {
      const state = existing(fact(type, attempt, { by: 'nobody', at: HOUR }));
      expect(state).toMatchObject({ status, revision: 0, attempt: 1, created_at: at(HOUR), created_by_report: true });
      expect(state.anomalies).toEqual({ ...NONE, ...anomalies });
    }
  });

  it('one that names an attempt never opened registers, and counts for no more', () => {
    expect(existing(fact('ExecutionSucceeded', { attempt: 2 }))).toMatchObject({
      status: 'pending',
      attempt: 1,
      anomalies: { ...NONE, fenced: 1 },
    });
  });

  it('a late registration may still describe it', () => {
    given(became('running', 'nobody'))
      .when(ask.register({ run_id: 'r' }))
      .then('applied', [{ type: 'ExecutionDescribed', data: { attempt: 1, run_id: 'r' } }]);
  });

  it('what is not ours may stand before it', () => {
    const skipped = skip(skip(initial, { revision: 0, position: 5n }), { revision: 1, position: 6n });
    expect(skipped).toEqual({ status: 'none', revision: 1, position: 6n });
    expect(fold([fact('ExecutionRegistered', { run_id: 'r' })], skipped)).toMatchObject({
      status: 'pending',
      revision: 2,
      description: { run_id: 'r' },
    });
  });
});

describe('§6 reading an event twice', () => {
  it('changes nothing, nor does an older one', () => {
    const registered = recorded(fact('ExecutionRegistered'), initial, at(0));
    const state = evolve(initial, registered);
    const started = recorded(became('running'), state, at(1));
    const running = evolve(state, started);
    expect(evolve(running, started)).toBe(running);
    expect(evolve(running, registered)).toBe(running);
  });
});

describe('§1, §6 authority: a payload can lower it, never raise it', () => {
  /** Rows: what the reporter may, `nobody` without metadata. Columns: what the payload claims. */
  const AUTHORITY = grid(`
             | none     operator worker   watchdog
    operator | operator operator worker   watchdog
    worker   | worker   worker   worker   watchdog
    watchdog | watchdog watchdog watchdog watchdog
    nobody   | worker   worker   worker   watchdog
  `);
  it.each(AUTHORITY)('reporter $row', (row) => {
    const actual = answers(row, (claim) => {
      const authority = claim === 'none' ? {} : { authority: claim as Authority };
      const said = fact('ExecutionFailed', authority, { by: row.row as Fact['by'] & string });
      expect(authorityOf(fold([said], existing(...standing('running'))))).toBe(
        authorityOfEvent(recorded(said, initial, at(0))),
      );
      return authorityOfEvent(recorded(said, initial, at(0)));
    });
    expect(actual).toEqual(row.cells);
  });

  it("a cancel without metadata is no operator's: it discards nothing", () => {
    const cancel = fact('ExecutionCancelled', { attempt: 1, authority: 'operator' }, { by: 'nobody' });
    expect(existing(...standing('failed worker'), cancel)).toMatchObject({
      status: 'failed',
      anomalies: { conflicts: 1 },
    });
  });
});

describe('§6 ExecutionResumed counts only on a resumable status, with a higher number or the same from paused', () => {
  it('clocks are not judged again: a running attempt that was not silent is taken over', () => {
    const resumed = fact('ExecutionResumed', { attempt: 2, takeover: true }, { by: 'operator', at: 1 });
    expect(existing(...standing('running'), resumed)).toMatchObject({ status: 'running', attempt: 2, anomalies: NONE });
  });

  it('a number further on opens that attempt: a producer that counts its own tries may skip some', () => {
    const resumed = fact('ExecutionResumed', { attempt: 3 }, { by: 'operator' });
    for (const name of ['failed worker', 'paused', 'running'])
      expect(existing(...standing(name), resumed)).toMatchObject({ status: 'running', attempt: 3, anomalies: NONE });
    expect(existing(...standing('succeeded worker'), resumed)).toMatchObject({ status: 'succeeded', attempt: 1 });
  });

  it('without a number it speaks for attempt 1: it continues that one where it is paused', () => {
    const resumed = fact('ExecutionResumed', {}, { by: 'nobody' });
    expect(existing(...standing('paused'), resumed)).toMatchObject({ status: 'pending', attempt: 1, anomalies: NONE });
    expect(existing(...standing('failed worker'), resumed)).toMatchObject({
      status: 'failed',
      anomalies: { dropped: 1 },
    });
    expect(existing(...standing('paused', { attempt: 2 }), resumed)).toMatchObject({
      status: 'paused',
      anomalies: { fenced: 1 },
    });
  });
});

describe('ExecutionDescribed fills, replaces nothing', () => {
  it('member by member, labels one by one', () => {
    const opened = fact('ExecutionRegistered', {
      created_by_report: true,
      run_id: 'r',
      input: null,
      labels: { a: '1' },
      deadline: at(HOUR),
    });
    const described = fact(
      'ExecutionDescribed',
      {
        attempt: 1,
        run_id: 'x',
        workflow_id: 'w',
        input: 1,
        labels: { a: '2', b: '2' },
        deadline: at(1),
        timeout_ms: 9,
      },
      { by: 'operator' },
    );
    expect(existing(opened, described)).toMatchObject({
      description: { run_id: 'r', workflow_id: 'w', input: null, labels: { a: '1', b: '2' } },
      deadline: at(HOUR),
      timeout_ms: 9,
      anomalies: { ...NONE, conflicts: 1 },
    });
  });
});

describe('what an event says besides its status', () => {
  it.each([
    'ExecutionQueued',
    'ExecutionStarted',
    'ExecutionWaiting',
    'ExecutionPaused',
    'ExecutionProgressed',
  ] as const)('%s: each said thing stands until another is said', (type) => {
    const first = fact('ExecutionProgressed', { attempt: 1, worker: 'w', message: 'm', data: 1, status_reason: 'r' });
    const state = existing(...standing('pending'), first, fact(type, { attempt: 1, message: 'n', data: null }));
    expect(state).toMatchObject({ worker: 'w', message: 'n', data: null });
  });

  it('a reason stands as long as its status', () => {
    const said = (type: ExecutionEventType, status_reason?: string) =>
      fact(type, { attempt: 1, ...(status_reason === undefined ? {} : { status_reason }) } as never);
    const reasonOf = (...facts: Fact[]) =>
      (existing(...standing('running'), ...facts) as ExistingExecution).status_reason;
    const waits = said('ExecutionWaiting', 'r');
    expect(reasonOf(waits, said('HeartbeatRecorded'), said('ExecutionProgressed'), said('ExecutionWaiting'))).toBe('r');
    expect(reasonOf(waits, said('ExecutionProgressed', 's'))).toBe('s');
    expect(reasonOf(waits, said('ExecutionStarted'))).toBeUndefined();
    expect(reasonOf(waits, said('ExecutionStarted', 's'))).toBe('s');
    expect(reasonOf(waits, said('ExecutionSucceeded'))).toBeUndefined();
    expect(reasonOf(said('ExecutionPaused', 'r'), fact('ExecutionResumed', { attempt: 1 }, { by: 'operator' }))).toBe(
      undefined,
    );
    const pending = fact('ExecutionProgressed', { attempt: 1, status: 'pending', status_reason: 'r' });
    expect(existing(...standing('pending'), pending).status_reason).toBe('r');
    expect(existing(...standing('pending'), pending, said('ExecutionDispatched')).status_reason).toBeUndefined();
  });

  it('a worker’s outcome without a reason is not explained by that of the guess it corrects', () => {
    const guess = fact('ExecutionTimedOut', { attempt: 1, status_reason: 'r', authority: 'watchdog' });
    expect(existing(...standing('running'), guess, became('timeout')).status_reason).toBeUndefined();
  });

  it.each([
    ['its error', { error: 'e' }, true],
    ['its word', { doubt: true }, true],
    ['nothing', {}, undefined],
    ['an error that is none', { error: ' ' }, undefined],
  ])('a success is in doubt by %s, until another outcome replaces it', (_, data, doubt) => {
    const succeeded = fact('ExecutionSucceeded', { attempt: 1, authority: 'watchdog', ...data });
    const doubtOf = (...facts: Fact[]) => (existing(...standing('running'), ...facts) as { doubt?: true }).doubt;
    expect(doubtOf(succeeded)).toBe(doubt);
    expect(doubtOf(succeeded, became('succeeded'))).toBeUndefined();
    expect(doubtOf(succeeded, became('failed'))).toBeUndefined();
    expect(doubtOf(fact('ExecutionFailed', { attempt: 1, ...data }))).toBeUndefined();
  });

  it('a second pause leaves the way back and the moment of the first', () => {
    const state = existing(...standing('waiting'), became('paused'), { ...became('paused', 'worker'), at: HOUR });
    expect(state).toMatchObject({ status: 'paused', paused_from: 'waiting', paused_at: at(0), paused_revision: 2 });
    expect(state.last_activity_at).toBe(at(HOUR));
  });

  it('progress that came with an outcome stands or falls with it', () => {
    const brought = fact('ExecutionProgressed', { attempt: 1, progress: 99, outcome: 'succeeded' });
    const progressOf = (name: string) => (existing(...standing(name), brought) as ExistingExecution).progress;
    expect([progressOf('running'), progressOf('timeout watchdog')]).toEqual([99, 99]);
    expect([progressOf('timeout worker'), progressOf('paused'), progressOf('succeeded worker')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe("§7.3 after its first terminal: one worker's correction, then one operator's discard", () => {
  it('and nothing more', () => {
    const state = existing(
      ...standing('timeout watchdog'),
      became('failed', 'worker'),
      became('succeeded', 'worker'),
      became('cancelled', 'operator'),
      became('succeeded', 'worker'),
      became('failed', 'operator'),
      became('cancelled', 'operator'),
    );
    expect(state).toMatchObject({ status: 'cancelled', authority: 'operator', anomalies: { ...NONE, conflicts: 3 } });
  });
});
