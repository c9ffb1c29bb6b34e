import type { ExistingExecution } from '../../src/domain/execution.js';
import { ask, at, DAY, fact, given, HOUR, report, standing } from '../support/domain/given.js';

describe('§4 register', () => {
  const opened = given().when(report('running', { description: { run_id: 'r', labels: { a: '1' } } }));

  it('no stream: it registers', () => {
    const description = { run_id: 'r', input: [1], timeout_ms: 5 };
    given()
      .when(ask.register(description))
      .then('applied', [{ type: 'ExecutionRegistered', data: description }]);
  });

  it('a stream that a report opened, open and not yet claimed: it fills, and replaces nothing', () => {
    const late = { run_id: 'other', workflow_id: 'w', labels: { a: '2', b: '3' }, timeout_ms: 9 };
    const described = opened.when(ask.register(late));
    described.then('applied', [
      { type: 'ExecutionDescribed', data: { attempt: 1, workflow_id: 'w', labels: { b: '3' }, timeout_ms: 9 } },
    ]);
    expect(described.after).toMatchObject({
      status: 'running',
      timeout_ms: 9,
      description: { run_id: 'r', workflow_id: 'w', labels: { a: '1', b: '3' } },
    });
    expect((described.after as ExistingExecution).description).not.toHaveProperty('attempt');
  });

  it('at most once: another body then is id_reused, and claims nothing by what it adds', () => {
    opened
      .when(ask.register({ workflow_id: 'w' }, 'first'))
      .then('applied')
      .when(ask.register({ workflow_id: 'v' }, 'second'))
      .then('id_reused', [], false)
      .when(ask.register({ target: 't' }, 'third'))
      .then('id_reused', [{ type: 'ExecutionDescribed', data: { attempt: 1, target: 't' } }], false)
      .when(ask.register({ target: 't' }, 'third'))
      .then('id_reused', [], false);
  });

  it('in whichever attempt the execution is by then', () => {
    given()
      .when(report('failed'))
      .when(ask.resume())
      .when(ask.register({ run_id: 'r' }))
      .then('applied', [{ type: 'ExecutionDescribed', data: { attempt: 2, run_id: 'r' } }]);
  });

  it('same body again: the first receipt, whatever happened since', () => {
    const registered = given().when(ask.register({ run_id: 'r' }, 'body'));
    for (const since of ['running', 'succeeded', 'failed'] as const) {
      const again = registered.when(report(since)).when(ask.register({ run_id: 'r' }, 'body'));
      again.then('applied', [], false);
      expect(again.decision.repeats).toBe(0);
    }
  });

  it('same body again: also that of the late description', () => {
    const described = opened.when(ask.register({ workflow_id: 'w' }, 'late'));
    const again = described.when(ask.register({ workflow_id: 'w' }, 'late'));
    again.then('applied', [], false);
    expect(again.decision.repeats).toBe(2);
  });

  it('terminal: regression, so that the submitter does not start', () => {
    given().when(report('succeeded')).when(ask.register({}, 'late')).then('regression', [], false);
    given()
      .when(report('succeeded'))
      .when(ask.register({ target: 't' }, 'late'))
      .then('regression', [{ type: 'ExecutionDescribed', data: { attempt: 1, target: 't' } }], false)
      .when(ask.register({ target: 't' }, 'late'))
      .then('regression', [], false);
    given(...standing('failed worker'))
      .when(ask.register({}, 'other'))
      .then('regression', [], false);
  });
});

describe('§4 dispatch', () => {
  it('pending becomes queued, and the handle stays', () => {
    const dispatched = given(...standing('pending')).when(ask.dispatch({ handle: { pid: 7 } }));
    dispatched.then('applied', [{ type: 'ExecutionDispatched', data: { attempt: 1, handle: { pid: 7 } } }]);
    expect(dispatched.after).toMatchObject({ status: 'queued', dispatched: true, handle: { pid: 7 } });
    dispatched.when(ask.dispatch({ handle: { pid: 8 } })).then('already_dispatched', [], false);
  });

  it('a cancel before the runner starts stops the runner', () => {
    given(...standing('pending'))
      .when(ask.cancel())
      .then('applied')
      .when(ask.dispatch())
      .then('regression', [], false);
  });

  it('the handle is of the attempt', () => {
    const { after } = given(...standing('pending'))
      .when(ask.dispatch({ handle: 1 }))
      .when(report('failed'))
      .when(ask.resume());
    expect(after).toHaveProperty('handle', undefined);
  });
});

describe('§4 abort', () => {
  it.each(['staging', 'dispatch'] as const)('fails the attempt by watchdog, in phase %s', (phase) => {
    const aborted = given(...standing('queued')).when(ask.abort({ phase, error: 'e', error_details: { e: 1 } }));
    const data = { attempt: 1, authority: 'watchdog', phase, error: 'e', error_details: { e: 1 } } as const;
    aborted.then('applied', [{ type: 'ExecutionFailed', data }]);
    expect(aborted.after).toMatchObject({ status: 'failed', authority: 'watchdog', phase, error: 'e' });
  });

  it('a worker that started after all corrects it', () => {
    given(...standing('pending'))
      .when(ask.abort())
      .when(report('running'))
      .then('regression', [], true)
      .when(report('succeeded'))
      .then('applied');
  });
});

describe('§4 pause', () => {
  it('keeps its reason, and a second one leaves the first as it was', () => {
    const paused = given(...standing('waiting')).when(ask.pause({ reason: 'lunch' }));
    paused.then('applied', [
      {
        type: 'ExecutionPaused',
        data: { attempt: 1, authority: 'operator', previous_status: 'waiting', reason: 'lunch' },
      },
    ]);
    expect(paused.after).toMatchObject({ status: 'paused', paused_from: 'waiting', paused_at: at(HOUR) });
    const again = paused.when(ask.pause());
    again.then('duplicate', [], false);
    expect(again.after).toBe(paused.after);
  });
});

describe('§4 cancel', () => {
  const FOUND = ['pending', 'queued', 'running', 'waiting', 'paused', 'failed', 'timeout'] as const;
  it.each(FOUND)('anything not sealed, at once: %s', (status) => {
    const cancelled = given(...standing(`${status} worker`)).when(ask.cancel({ reason: 'no more' }));
    cancelled.then('applied', [
      {
        type: 'ExecutionCancelled',
        data: { attempt: 1, authority: 'operator', previous_status: status, reason: 'no more' },
      },
    ]);
    expect(cancelled.after).toMatchObject({ status: 'cancelled', authority: 'operator', completed_at: at(HOUR) });
    for (const gone of ['paused_from', 'standing_since']) expect(cancelled.after).toHaveProperty(gone, undefined);
    cancelled.when(ask.cancel()).then('duplicate', [], false);
    cancelled.when(report('succeeded')).then('conflict', [], true);
    cancelled.when(ask.resume()).then('not_resumable', [], false);
  });

  it('of a failed execution keeps the error, as what was discarded', () => {
    const error = {
      error: 'e',
      error_details: { a: 1 },
      error_status_code: 500,
      phase: 'execution',
      duration_ms: 7,
    } as const;
    const { after } = given(
      ...standing('running'),
      fact('ExecutionFailed', { attempt: 1, result: 'half', ...error }),
    ).when(ask.cancel());
    expect(after).toMatchObject({ status: 'cancelled', result: 'half', ...error });
  });

  it('§7.7 after the seal changes nothing, completed_at included', () => {
    for (const name of ['succeeded worker', 'cancelled worker', 'cancelled operator']) {
      const { after, before } = given(...standing(name)).when(ask.cancel());
      expect(after).toBe(before);
    }
  });
});

describe('§4 time out', () => {
  it('never invents a terminal for an execution that registered no deadline', () => {
    for (const name of ['pending', 'queued', 'running', 'waiting', 'paused']) {
      given(...standing(name))
        .when(ask.time_out(), 1000 * DAY)
        .then('dropped', [], false);
    }
  });

  it("is a watchdog's guess: a worker may correct it, a resume may follow", () => {
    const timedOut = given(...standing('running', { registered: { timeout_ms: HOUR } })).when(ask.time_out());
    timedOut.then('applied', [{ type: 'ExecutionTimedOut', data: { attempt: 1, authority: 'watchdog' } }]);
    timedOut.when(report('succeeded')).then('applied');
    timedOut.when(ask.resume()).then('applied');
  });
});
