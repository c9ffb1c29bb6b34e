import type { ExecutionEvent, Particulars } from '../../src/domain/events.js';
import type { ExistingExecution } from '../../src/domain/execution.js';
import type { Report } from '../../src/domain/report.js';
import { currentOf } from '../../src/domain/verdict.js';
import { ask, at, became, fact, given, report, standing } from '../support/domain/given.js';

describe('§3.3 the attempt is terminal', () => {
  it('a worker corrects a watchdog: its word replaces the guess, whole', () => {
    const guess = fact(
      'ExecutionFailed',
      {
        attempt: 1,
        authority: 'watchdog',
        error: 'silent',
        error_details: 1,
        error_status_code: 504,
        phase: 'execution',
      },
      { by: 'watchdog' },
    );
    const after = given(...standing('running'), guess).when(report('succeeded', { result: 42 })).after;
    expect(after).toMatchObject({ status: 'succeeded', authority: 'worker', result: 42 });
    for (const gone of ['error', 'error_details', 'error_status_code', 'phase'])
      expect(after).toHaveProperty(gone, undefined);
  });

  it('the same status is a correction too, and only one: then it stands', () => {
    const corrected = given(...standing('failed watchdog')).when(report('failed', { error: 'the real one' }));
    corrected.then('applied');
    expect(corrected.after).toMatchObject({ status: 'failed', authority: 'worker', error: 'the real one' });
    corrected.when(report('succeeded')).then('conflict', [], true);
  });

  it('a correction that brings progress counts whole, in the fold as in the decision', () => {
    const { after } = given(...standing('timeout watchdog')).when(report('succeeded', { progress: 100 }));
    expect(after).toMatchObject({ status: 'succeeded', progress: 100, anomalies: { dropped: 0 } });
  });

  it('once succeeded there is no error, whatever the report or the guess said', () => {
    for (const name of ['running', 'failed watchdog']) {
      const said = report('succeeded', { error: 'e', error_details: 1, error_status_code: 5 });
      const { after } = given(...standing(name))
        .when(said)
        .then('applied');
      for (const none of ['error', 'error_details', 'error_status_code', 'phase'])
        expect(after).toHaveProperty(none, undefined);
    }
  });

  const stood = (data: object) => given(...standing('running'), fact('ExecutionFailed', { attempt: 1, ...data }));
  const SAME: readonly [string, object, Partial<Report>, boolean][] = [
    ['nothing', { error: 'e' }, {}, false],
    ['the same error', { error: 'e' }, { error: 'e' }, false],
    ['another error', { error: 'e' }, { error: 'f' }, true],
    ['an error where none stood', {}, { error: 'f' }, true],
    ['the same result, keys in another order', { result: { a: 1, b: 2 } }, { result: { b: 2, a: 1 } }, false],
    ['another result', { result: { a: 1 } }, { result: { a: 2 } }, true],
    ['a null result where none stood', {}, { result: null }, true],
    ['other error details', { error_details: [1] }, { error_details: [2] }, true],
    ['the same duration', { duration_ms: 5 }, { duration_ms: 5 }, false],
    ['another duration', { duration_ms: 5 }, { duration_ms: 6 }, true],
    ['another end', { completed_at: at(-1) }, { completed_at: at(-2) }, true],
    ['another code', { error_status_code: 500 }, { error_status_code: 502 }, true],
    ['a message', {}, { message: 'm' }, true],
    ['the message that stands', { message: 'm' }, { message: 'm' }, false],
    ['data', {}, { data: { a: 1 } }, true],
    ['a progress', {}, { progress: 5 }, true],
    ['another worker', { worker: 'w' }, { worker: 'v' }, true],
    ['another reason', { status_reason: 'r' }, { status_reason: 's' }, true],
    ['something that could not be read', {}, { left_out: true }, true],
  ];
  it.each(SAME)('the same status is a duplicate; bringing %s', (_, data, brought, kept) => {
    stood(data).when(report('failed', brought)).then('duplicate', [], kept);
  });

  it('a duplicate re-stamps nothing', () => {
    const { state, when } = stood({ error: 'e' });
    expect(when(report('failed', { error: 'f', completed_at: '2029-01-01T00:00:00.000Z' })).after).toBe(state);
  });
});

describe('§1 a success that is none without doubt', () => {
  const successes = (brought: Partial<Report>) =>
    given(...standing('running'))
      .when(report('succeeded', brought))
      .decision.events.map(({ data }) => data);

  it('says so: beside an error by its reason, by a doubtful word with that', () => {
    const said = { attempt: 1, authority: 'worker' };
    expect(successes({ error: 'e' })).toStrictEqual([{ ...said, error: 'e', status_reason: 'completed_with_error' }]);
    expect(successes({ error: 'e', status_reason: 'r' })).toStrictEqual([{ ...said, error: 'e', status_reason: 'r' }]);
    expect(successes({ doubt: true, status_reason: 'unstable' })).toStrictEqual([
      { ...said, doubt: true, status_reason: 'unstable' },
    ]);
    for (const none of ['', ' ', '{}', '[]', 'false'])
      expect(successes({ error: none })).toStrictEqual([{ ...said, error: none }]);
  });

  it('no other outcome does', () => {
    const failed = given(...standing('running')).when(report('failed', { error: 'e' })).decision.events[0]!.data;
    expect(failed).toStrictEqual({ attempt: 1, authority: 'worker', error: 'e', phase: 'execution' });
  });
});

describe('§7.11 what only an outcome may say, said of an attempt that goes on', () => {
  const early: Partial<Report> = { result: 1, error: 'e', duration_ms: 5, completed_at: at(-1) };

  it.each(['pending', 'queued', 'running', 'waiting', 'paused'] as const)(
    '%s: it is kept, and counts nothing',
    (name) => {
      const stood = given(...standing(name));
      for (const [member, value] of Object.entries(early)) {
        const said = stood.when(report(name, { [member]: value })).then('duplicate', undefined, true);
        expect(said.after).toMatchObject({ status: name });
        expect(said.after).toHaveProperty(member, undefined);
      }
      stood.when(report(name)).then('duplicate', undefined, false);
      stood.when(report(name, { left_out: true })).then('duplicate', undefined, true);
    },
  );

  it('beside news it travels with them', () => {
    const said = given(...standing('running')).when(report('running', { ...early, message: 'm' }));
    said.then(
      'applied',
      [{ type: 'ExecutionProgressed', data: { attempt: 1, status: 'running', message: 'm' } }],
      false,
    );
  });
});

describe('§3.4 the same status', () => {
  const running = [
    ...standing('running'),
    fact('ExecutionProgressed', {
      attempt: 1,
      progress: 5,
      message: 'm',
      data: { a: 1 },
      worker: 'w',
      status_reason: 'r',
    }),
  ];
  const NEWS: readonly [string, Particulars & { progress?: number }][] = [
    ['a progress', { progress: 6 }],
    ['a message', { message: 'n' }],
    ['data', { data: { a: 2 } }],
    ['a null data', { data: null }],
    ['a worker', { worker: 'v' }],
    ['a status_reason', { status_reason: 's' }],
  ];
  it.each(NEWS)('with %s that differs from what stands is applied', (_, news) => {
    given(...running)
      .when(report('running', news))
      .then('applied', [{ type: 'ExecutionProgressed', data: { attempt: 1, status: 'running', ...news } }], false);
  });

  it('with what stands already it is a heartbeat', () => {
    const same = { progress: 5, message: 'm', data: { a: 1 }, worker: 'w', status_reason: 'r' };
    const beat: ExecutionEvent = { type: 'HeartbeatRecorded', data: { attempt: 1, worker: 'w' } };
    given(...running)
      .when(report('running', same), 0)
      .then('duplicate', [], false);
    given(...running)
      .when(report('running', same))
      .then('duplicate', [beat], false);
  });

  it('the first running from the worker in an attempt that a resume opened is applied and dispatches it', () => {
    const resumed = [...standing('failed worker'), fact('ExecutionResumed', { attempt: 2 }, { by: 'operator' })];
    const first = given(...resumed).when(report('running', { attempt: 2 }));
    expect((first.before as ExistingExecution).dispatched).toBe(false);
    first.then('applied', [{ type: 'ExecutionStarted', data: { attempt: 2 } }]);
    expect((first.after as ExistingExecution).dispatched).toBe(true);
    first.when(report('running', { attempt: 2 })).then('duplicate');
  });

  it('… also after its progress, but not from a watchdog', () => {
    const resumed = [...standing('failed worker'), fact('ExecutionResumed', { attempt: 2 }, { by: 'operator' })];
    given(...resumed)
      .when(report('running', { attempt: 2, authority: 'watchdog' }))
      .then('duplicate');
    given(...resumed)
      .when(report(undefined, { attempt: 2 }))
      .when(report('running', { attempt: 2 }))
      .then('applied');
  });

  it('in attempt 1 a second running is no news, whoever said the first', () => {
    given(...standing('running'))
      .when(report('running'), 0)
      .then('duplicate', []);
  });
});

describe('§1 dispatched: any applied worker report beyond pending', () => {
  const DISPATCHES: readonly [string, Report, boolean][] = [
    ['queued', report('queued'), true],
    ['running', report('running'), true],
    ['waiting', report('waiting'), true],
    ['paused', report('paused'), true],
    ['succeeded', report('succeeded'), true],
    ['progress without a status', report(undefined, { progress: 1 }), true],
    ['pending with news', report('pending', { progress: 1 }), false],
    ['pending', report('pending'), false],
    ['queued by a watchdog', report('queued', { authority: 'watchdog' }), false],
    ['running by a watchdog', report('running', { authority: 'watchdog' }), false],
    ['progress by a watchdog', report(undefined, { authority: 'watchdog', progress: 1 }), false],
    ['failed by a watchdog', report('failed', { authority: 'watchdog' }), false],
  ];
  it.each(DISPATCHES)('%s', (_, said, dispatched) => {
    for (const facts of [[], standing('pending')]) {
      expect(currentOf(given(...facts).when(said).after)?.dispatched).toBe(dispatched);
    }
  });

  it('is of an attempt: the next one begins without', () => {
    const { after } = given(...standing('failed worker')).when(ask.resume());
    expect(currentOf(after)).toMatchObject({ attempt: 2, dispatched: false });
  });
});

describe('kept in the refused stream', () => {
  it('unsupported_status on the fire-and-forget endpoint, with or without an execution', () => {
    for (const facts of [[], standing('pending'), standing('succeeded worker')]) {
      given(...facts)
        .when(report({ unsupported: 'exploded' }))
        .then('unsupported_status', [], true);
    }
  });

  it('on the strict endpoint an unsupported word is a bad request and not kept', () => {
    for (const facts of [[], standing('pending')]) {
      given(...facts)
        .when(report({ unsupported: 'x' }, { mode: 'strict' }))
        .then('unsupported_status', [], false);
    }
  });
});

describe('scenarios of §3', () => {
  it('a success that overtook the running that ended the wait is not stranded', () => {
    const waiting = given(...standing('waiting'));
    waiting.when(report('succeeded')).then('applied').when(report('running')).then('regression', [], true);
    waiting
      .when(report('succeeded', { mode: 'strict' }))
      .then('not_running', [], true)
      .when(report('running', { mode: 'strict' }))
      .then('applied')
      .when(report('succeeded', { mode: 'strict' }))
      .then('applied');
  });

  it('a zombie of attempt 1 cannot end attempt 2', () => {
    given(...standing('running', { attempt: 2 }))
      .when(report('succeeded'))
      .then('fenced', [], true)
      .when(report('succeeded', { attempt: 2 }))
      .then('applied');
  });

  it('from paused only a resume leads on', () => {
    given(became('running'))
      .when(report('paused'))
      .then('applied')
      .when(report('succeeded'))
      .then('not_running', [], true)
      .when(report('running'))
      .then('not_resumed', [], true)
      .when(ask.resume())
      .then('applied')
      .when(report('succeeded'))
      .then('applied');
  });
});
