import { expectProblem, standing, type Http } from './http.js';

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

/**
 * docs/semantics.md §3.3, §3.4: what stands × what a worker reports, in the order of STATUSES, then progress; F: strict
 * differs.
 */
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

/** One cell of the table, on both endpoints. */
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

/** docs/semantics.md §3, the verdicts. */
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
