import { describe, expect, it } from '@jest/globals';
import { connect, ExecutionStopped, Ledger, LedgerRequired, type LedgerOptions } from '../../src/client/index.js';
import { eventually } from '../support/eventually.js';
import { usingLedger } from '../support/ledger/ledger.js';

const ledger = usingLedger();
const reporting = (options: LedgerOptions = {}): Ledger => new Ledger(connect({ url: ledger.url }), options);
const shown = async (id: string) => (await ledger.call('GET', `/executions/${id}`)).body;
/** Until the ledger has heard that it runs: what an execution says is delivered beside its work. */
const heard = (id: string): Promise<unknown> =>
  eventually(
    () => shown(id),
    ({ status }) => status === 'running',
  );
/** Works until it is told to stop. */
const untilStopped = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
  });

describe('a function that runs as an execution', () => {
  it('is registered, dispatched, running while it works, and succeeds with what it returns', async () => {
    const { value, ending } = await reporting().run(
      { id: 'sum', target: 'math.sum', workflow: 'nightly', labels: { team: 'a' }, worker: 'w1', input: [1, 2] },
      async (execution) => {
        execution.progress(50);
        execution.progress({ message: 'adding' });
        return { sum: 3 };
      },
    );
    expect(value).toEqual({ sum: 3 });
    expect(ending).toMatchObject({ status: 'succeeded', won: true, verdict: 'applied' });
    const view = await shown('sum');
    expect(view).toMatchObject({ status: 'succeeded', sealed: true, target: 'math.sum', workflow_id: 'nightly' });
    expect(view).toMatchObject({ labels: { team: 'a' }, worker: 'w1', message: 'adding', progress: 50, input: [1, 2] });
    expect(view).toMatchObject({ result: { sum: 3 }, refused_count: 0 });
    const { events } = (await ledger.call('GET', '/executions/sum/events')).body;
    expect(events.map(({ type }: { type: string }) => type)).toEqual([
      'ExecutionRegistered',
      'ExecutionDispatched',
      'ExecutionStarted',
      'ExecutionProgressed',
      'ExecutionProgressed',
      'ExecutionSucceeded',
    ]);
  });

  it('fails with what it throws, and throws it on', async () => {
    const broken = new RangeError('no such page');
    await expect(
      reporting().run({ id: 'broken', target: 'pages' }, () => {
        throw broken;
      }),
    ).rejects.toBe(broken);
    expect(await shown('broken')).toMatchObject({
      status: 'failed',
      error: 'no such page',
      error_details: { name: 'RangeError' },
    });
  });

  it('fails with the beginning of what it throws, however much that is', async () => {
    const whole = 'no room '.repeat(500_000);
    const failing = reporting().run({ id: 'verbose', target: 'pages' }, () => Promise.reject(new Error(whole)));
    await expect(failing).rejects.toThrow('no room');
    const { status, error } = (await shown('verbose')) as { status: string; error: string };
    expect(status).toBe('failed');
    expect(whole.startsWith(error.replace(/…$/, ''))).toBe(true);
  });

  it('is told to stop when it is cancelled, and reports nothing then', async () => {
    const running = reporting().run({ id: 'long', target: 'long', heartbeatMs: 50 }, async ({ signal }) => {
      await heard('long');
      await ledger.call('POST', '/executions/long/cancel', {});
      return untilStopped(signal);
    });
    const error = await running.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ExecutionStopped);
    expect(error).toMatchObject({ why: 'cancelled', current: { status: 'cancelled', authority: 'operator' } });
    expect(await shown('long')).toMatchObject({ status: 'cancelled', refused_count: 0 });
  });

  it('is told to stop when another attempt is the current one', async () => {
    const running = reporting().run({ id: 'taken', target: 'taken', heartbeatMs: 50 }, async ({ signal }) => {
      await heard('taken');
      await ledger.call('POST', '/workflow/executions/events', {
        execution_id: 'taken',
        status: 'failed',
        inferred: true,
      });
      await ledger.call('POST', '/executions/taken/resume', {});
      return untilStopped(signal);
    });
    await expect(running).rejects.toMatchObject({ why: expect.stringMatching(/fenced|over/) });
  });

  it('returns beside its value that its outcome lost, where it was cancelled meanwhile', async () => {
    const { value, ending } = await reporting().run({ id: 'lost', target: 'lost' }, async () => {
      await heard('lost');
      await ledger.call('POST', '/executions/lost/cancel', {});
      return 1;
    });
    expect(value).toBe(1);
    expect(ending).toMatchObject({ won: false, verdict: 'conflict', current: { status: 'cancelled' } });
  });

  it('has children in its run, which are cancelled with it', async () => {
    const parent = reporting().run(
      { id: 'parent', target: 'p', workflow: 'nightly', heartbeatMs: 50 },
      async (execution) => {
        await execution.child({ id: 'child', target: 'c' }, () => 1);
        return execution.child({ id: 'left', target: 'c' }, async ({ signal }) => {
          await heard('left');
          await ledger.call('POST', '/executions/parent/cancel', {});
          return untilStopped(signal);
        });
      },
    );
    await expect(parent).rejects.toBeInstanceOf(ExecutionStopped);
    expect(await shown('child')).toMatchObject({
      parent_execution_id: 'parent',
      run_id: 'nightly',
      status: 'succeeded',
    });
    expect(await shown('left')).toMatchObject({ status: 'cancelled', authority: 'worker' });
  });

  it('goes on in the attempt that a resume opened for it', async () => {
    await ledger.call('POST', '/workflow/executions/events', { execution_id: 'again', status: 'failed' });
    await ledger.call('POST', '/executions/again/resume', {});
    const { ending } = await reporting().run({ id: 'again~2', target: 'again' }, () => 1);
    expect(ending.won).toBe(true);
    expect(await shown('again')).toMatchObject({ status: 'succeeded', attempt: 2 });
  });

  it('is not begun where the word of the ledger is required and somebody else began it', async () => {
    await reporting().run({ id: 'once', target: 'once', required: true }, () => 1);
    const second = reporting().run({ id: 'once', target: 'once', required: true }, () => {
      throw new Error('it was begun');
    });
    await expect(second).rejects.toBeInstanceOf(LedgerRequired);
  });

  it('does not lose its outcome to a result that no ledger takes', async () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    await reporting().run({ id: 'circle', target: 't' }, () => circle);
    const large = await reporting().run({ id: 'large', target: 't' }, () => 'x'.repeat(2 * 1024 * 1024));
    expect(large.ending.won).toBe(true);
    await reporting().run({ id: 'fed', target: 't', input: 'x'.repeat(2 * 1024 * 1024) }, () => 1);
    for (const id of ['circle', 'large', 'fed'])
      expect(await shown(id)).toMatchObject({ status: 'succeeded', target: 't' });
    const troubles: unknown[] = [];
    const impatient = reporting({ onTrouble: (error) => troubles.push(error) });
    const late = await impatient.run({ id: 'late', target: 't', patienceMs: 0 }, () => 'x'.repeat(2 * 1024 * 1024));
    expect(late.ending.won).toBeUndefined();
    await eventually(
      () => shown('late'),
      ({ status }) => status === 'succeeded',
    );
    expect(troubles.map(String)).toEqual(['Error: late: HTTP 413: a report is told without its payload']);
  });
});
