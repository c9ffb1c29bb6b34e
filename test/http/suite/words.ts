import { DIALECTS } from '../../../src/sources/sources.js';
import { expectProblem, fresh, standing, type Http } from './http.js';

/** docs/semantics.md §1: every word the edge takes for a status. */
const ALIASES = {
  succeeded: 'succeeded success successful completed complete done ok',
  failed: 'failed error errored failure',
  cancelled: 'cancelled canceled cancel',
  timeout: 'timeout timed_out timedout',
  queued: 'queued wait',
  running: 'running in_progress processing started',
  waiting: 'waiting awaiting_approval awaiting_human approval_pending',
  paused: 'paused pause hold on_hold suspended',
  pending: 'pending',
};
const STATUSES = 'pending queued running waiting paused succeeded failed timeout cancelled'.split(' ');

/** docs/semantics.md §1, the words. */
export function describeWords(http: Http): void {
  it.each(Object.entries(ALIASES))('%s is what is meant by each of: %s', async (status, words) => {
    for (const word of words.split(' ').flatMap((one) => [one, ` ${one.toUpperCase()}\t`])) {
      const [told, said] = [fresh(), fresh()];
      expect((await http.tell(told, word)).body).toMatchObject({ verdict: 'applied', current: { status } });
      await http.post('/executions', { execution_id: said });
      expect((await http.say(said, word)).body).toMatchObject({ status });
    }
  });

  it('anything else is unsupported_status: the strict endpoint answers 400 and names the allowed words', async () => {
    const id = await standing(http, 'running');
    for (const word of ['exploded', '', 'constructor', '__proto__', 'succeeded.']) {
      const problem = expectProblem(await http.say(id, word), 400, 'unsupported_status');
      expect(problem.verdict).toBe('unsupported_status');
      expect([...problem.allowed].sort()).toEqual([...STATUSES].sort());
      expect(problem.detail).toContain('succeeded');
      expectProblem(await http.say(fresh(), word), 400, 'unsupported_status');
    }
    expect(await http.refused(id)).toEqual([]);
  });

  it('anything else is unsupported_status: fire-and-forget answers 200 and keeps it, even of nobody', async () => {
    const [id, nobody] = [await standing(http, 'running'), fresh()];
    const told = await http.tell(id, 'exploded', { attempt: 7 });
    expect(told.status).toBe(200);
    expect(told.body).toMatchObject({
      success: true,
      verdict: 'unsupported_status',
      applied: false,
      allowed: STATUSES,
    });
    expect(told.body.current).toMatchObject({ status: 'running', revision: 1 });
    expect((await http.tell(nobody, 'exploded')).body).toEqual({
      success: true,
      verdict: 'unsupported_status',
      applied: false,
      execution_id: nobody,
      current: null,
      allowed: STATUSES,
    });
    expectProblem(await http.get(`/executions/${nobody}`), 404, 'not_found');
    for (const one of [id, nobody]) {
      const [kept] = await http.refused(one);
      expect(kept).toMatchObject({ verdict: 'unsupported_status', data: { report: { status: 'exploded' } } });
    }
  });
}

/** docs/semantics.md §1: words that say more than a status, and successes in doubt. */
export function describeReasons(http: Http): void {
  it('a word that says more than its status stays in status_reason, unless the report brings its own', async () => {
    const [told, said, own] = [fresh(), await standing(http, 'running'), fresh()];
    await http.tell(told, 'UpstreamFailed');
    expect(await http.show(told)).toMatchObject({ status: 'failed', status_reason: 'upstream_failed' });
    const { body } = await http.say(said, 'out-of-memory');
    expect(body).toMatchObject({ verdict: 'applied', status: 'failed', status_reason: 'out_of_memory' });
    await http.tell(own, 'killed', { status_reason: 'by the cluster' });
    expect(await http.show(own)).toMatchObject({ status: 'failed', status_reason: 'by the cluster' });
  });

  it('a reason goes with its status', async () => {
    const id = fresh();
    await http.tell(id, 'up_for_retry');
    expect(await http.show(id)).toMatchObject({ status: 'waiting', status_reason: 'up_for_retry' });
    await http.tell(id, 'retrying');
    expect((await http.show(id)).status_reason).toBeUndefined();
  });

  it('a word of what is under way is news without a status', async () => {
    const id = await standing(http, 'running');
    expect((await http.tell(id, 'Cancelling')).body).toMatchObject({
      verdict: 'applied',
      current: { status: 'running' },
    });
    const { body } = await http.say(id, 'terminating');
    expect(body).toMatchObject({ verdict: 'applied', status: 'running', status_reason: 'terminating' });
    await http.tell(id, 'cancelled');
    expect((await http.tell(id, 'terminating')).body.verdict).toBe('dropped');
    expect(expectProblem(await http.say(id, 'terminating'), 409, 'dropped').requested).toBe('progress');
    expect((await http.show(id)).status_reason).toBeUndefined();
  });

  it('a success beside an error, or by a word that casts doubt on it, is applied and listed as in doubt', async () => {
    const workflow_id = fresh('w');
    const told: [string, object, string | undefined, boolean][] = [
      ['completed', { error: 'disk full' }, 'completed_with_error', true],
      ['finished', { error: { code: 7 } }, 'completed_with_error', true],
      ['completed', { error: 'disk full', status_reason: 'mine' }, 'mine', true],
      ['unstable', {}, 'unstable', true],
      ['PartiallySucceeded', { status_reason: 'mine' }, 'mine', true],
      ['skipped', {}, 'skipped', false],
      ['completed', { error: '' }, undefined, false],
      ['completed', { error: {} }, undefined, false],
      ['completed', {}, undefined, false],
      ['failed', { error: 'disk full' }, undefined, false],
    ];
    const ids: string[] = [];
    let position = '0';
    for (const [word, more, reason] of told) {
      const id = fresh();
      const { body } = await http.tell(id, word, { workflow_id, ...more });
      expect(body).toMatchObject({ verdict: 'applied' });
      expect((await http.show(id)).status_reason).toBe(reason);
      ids.push(id);
      position = body.position;
    }
    for (const doubt of [true, false]) {
      const query = `/executions?workflow_id=${workflow_id}&doubt=${doubt}&sort=created_at&wait_for=${position}`;
      const listed = (await http.get(query)).body.executions.map((row: { execution_id: string }) => row.execution_id);
      expect(listed).toEqual(ids.filter((_, index) => told[index]![3] === doubt));
    }
  });

  it('an outcome that its worker contradicts stands, and is listed as in doubt as long as its attempt is the last', async () => {
    const workflow_id = fresh('w');
    let position = '0';
    const listed = async (doubt: boolean): Promise<string[]> => {
      const query = `/executions?workflow_id=${workflow_id}&doubt=${doubt}&sort=created_at&wait_for=${position}`;
      const { body } = await http.get(query);
      return body.executions.map((row: { execution_id: string }) => row.execution_id);
    };
    const told = async (first: string, second: string, more: object = {}): Promise<string> => {
      const id = fresh();
      ({ position } = (await http.tell(id, first, { workflow_id })).body);
      await http.tell(id, second, more);
      return id;
    };
    const [success, failure] = [await told('succeeded', 'failed'), await told('failed', 'succeeded')];
    const [guessed, repeated] = [
      await told('succeeded', 'failed', { inferred: true }),
      await told('succeeded', 'completed'),
    ];
    expect([await listed(true), await listed(false)]).toEqual([
      [success, failure],
      [guessed, repeated],
    ]);
    expect(await http.show(success)).toMatchObject({ status: 'succeeded', sealed: true });
    ({ position } = (await http.post(`/executions/${failure}/resume`, {})).body);
    expect(await listed(true)).toEqual([success]);
  });

  it('an unknown word is counted, whichever endpoint it came through', async () => {
    const counted = async (): Promise<Record<string, number>> => {
      const { text } = await http.get('//metrics');
      const found = text.matchAll(/^ledger_unknown_status_words_total\{source="(\w+)"\} (\d+)$/gm);
      return Object.fromEntries([...found].map(([, source, count]) => [source, Number(count)]));
    };
    const before = await counted();
    expect(Object.keys(before).sort()).toEqual([...DIALECTS, 'events', 'reports', 'status'].sort());
    await http.tell(fresh(), 'exploded');
    await http.say(fresh(), 'exploded');
    const { text } = await http.post('/reports', [{ execution_id: fresh(), status: 'exploded' }]);
    expect(JSON.parse(text)).toMatchObject({ line: 1, verdict: 'unsupported_status', allowed: STATUSES });
    const after = await counted();
    expect((await http.get('//metrics')).text).toMatch(
      /^ledger_unknown_words_total\{source="events",word="exploded"\} [1-9]/m,
    );
    for (const endpoint of ['events', 'status', 'reports'])
      expect([endpoint, after[endpoint]! - before[endpoint]!]).toEqual([endpoint, 1]);
  });
}

/** README, `STATUS_WORDS`. */
export function describeOwnWords(http: Http): void {
  it('STATUS_WORDS adds words and reads words otherwise, on every endpoint', async () => {
    const [told, said, sent] = [fresh(), await standing(http, 'running'), fresh()];
    expect((await http.tell(told, 'SHIPPED')).body).toMatchObject({ current: { status: 'succeeded' } });
    expect(await http.show(told)).toMatchObject({ status_reason: 'shipped' });
    expect((await http.say(said, 'skipped')).body).toMatchObject({ status: 'cancelled', status_reason: 'skipped' });
    const { text } = await http.post('/reports', [{ execution_id: sent, status: 'shipped' }]);
    expect(JSON.parse(text)).toMatchObject({ current: { status: 'succeeded' } });
  });
}
