import { expectProblem, fresh, standing, type Http } from './http.js';

/** domain.md §1: every word the edge takes for a status. */
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

const VERDICTS: Record<string, string> = {
  A: 'applied',
  D: 'duplicate',
  R: 'regression',
  C: 'conflict',
  S: 'superseded',
  X: 'dropped',
  P: 'not_running',
  N: 'not_resumed',
};

/** domain.md §3.3, §3.4: what stands × what a worker reports, in the order of STATUSES, then progress; F: strict differs. */
const TABLE: Record<string, string> = {
  pending: 'D A A A A A A A A A',
  queued: 'S D A A A A A A A A',
  running: 'S S D A A A A A A A',
  waiting: 'S S A D A F A F A A',
  paused: 'N N N N D P P P P A',
  succeeded: 'R R R R R D C C C X',
  failed: 'R R R R R C D C C X',
  timeout: 'R R R R R C C D C X',
  cancelled: 'R R R R R C C C D X',
};

/** domain.md §1, the words. */
export function describeWords(http: Http): void {
  it.each(Object.entries(ALIASES))('%s is what is meant by each of: %s', async (status, words) => {
    for (const word of words.split(' ').flatMap((one) => [one, ` ${one.toUpperCase()}\t`])) {
      const [told, said] = [fresh(), fresh()];
      expect((await http.tell(told, word)).body).toMatchObject({ verdict: 'applied', current: { status } });
      await http.post('/executions', { execution_id: said });
      expect((await http.say(said, word)).body).toMatchObject({ status });
    }
  });

  it('anything else is unsupported_status: the strict door answers 400 and names the allowed words', async () => {
    const id = await standing(http, 'running');
    for (const word of ['finished', '', 'constructor', '__proto__', 'succeeded.']) {
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
    const told = await http.tell(id, 'finished', { attempt: 7 });
    expect(told.status).toBe(200);
    expect(told.body).toMatchObject({ success: true, verdict: 'unsupported_status', applied: false });
    expect(told.body.current).toMatchObject({ status: 'running', revision: 1 });
    expect((await http.tell(nobody, 'finished')).body).toEqual({
      success: true,
      verdict: 'unsupported_status',
      applied: false,
      execution_id: nobody,
      current: null,
    });
    expectProblem(await http.get(`/executions/${nobody}`), 404, 'not_found');
    for (const one of [id, nobody]) {
      const [kept] = await http.refused(one);
      expect(kept).toMatchObject({ verdict: 'unsupported_status', data: { report: { status: 'finished' } } });
    }
  });
}

/** One cell of the table, on both doors. */
async function judged(http: Http, status: string, word: string | undefined, code: string): Promise<void> {
  const [told, said] = [await standing(http, status), await standing(http, status)];
  const { revision } = await http.show(said);
  const lenient = VERDICTS[code] ?? 'applied';
  const strict = VERDICTS[code] ?? 'not_running';
  const one = await http.tell(told, word, word ? {} : { message: 'news' });
  const wins = lenient === 'applied';
  expect(one).toMatchObject({ status: 200, body: { success: true, verdict: lenient, applied: wins } });
  expect(one.body.updated).toBe(wins ? true : undefined);
  const two = word ? await http.say(said, word) : await http.post(`/executions/${said}/progress`, { message: 'news' });
  if (strict === 'applied' || strict === 'duplicate') {
    expect(two.body).toMatchObject({ verdict: strict, applied: strict === 'applied', status: word ?? status });
    return;
  }
  const problem = expectProblem(two, 409, strict);
  expect(problem).toMatchObject({ verdict: strict, requested: word ?? 'progress', current: { status, revision } });
  expect(await http.show(said)).toMatchObject({ status, revision });
}

/** domain.md §3, the verdicts. */
export function describeTable(http: Http): void {
  const reports = [...STATUSES, undefined];

  it.each(Object.entries(TABLE))('on %s a worker’s report gets the verdict of the table: %s', async (status, row) => {
    await Promise.all(row.split(' ').map((code, index) => judged(http, status, reports[index], code)));
  });

  it.each(['failed', 'timeout', 'succeeded', 'cancelled'])(
    'a watchdog’s %s is replaced by a worker’s terminal, the same included; by nothing else',
    async (status) => {
      for (const word of STATUSES.slice(5)) {
        const id = await standing(http, status, 'watchdog');
        const guess = (await http.tell(id, word, { inferred: true })).body;
        expect(guess.verdict).toBe(word === status ? 'duplicate' : 'conflict');
        expect((await http.tell(id, 'running')).body.verdict).toBe('regression');
        expect((await http.tell(id, undefined, { progress: 5 })).body.verdict).toBe('dropped');
        const corrected = (await http.tell(id, word)).body;
        expect(corrected).toMatchObject({ verdict: 'applied', current: { status: word, authority: 'worker' } });
        expect((await http.tell(id, word)).body.verdict).toBe('duplicate');
      }
    },
  );
}
