import { expectProblem, fresh, serving, standing, type Http, type Start } from './http.js';

const times = <T>(count: number, ask: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => ask(n)));

function raceOfEnds(http: Http, rounds: number): void {
  it('of a cancel and a success at once one wins, and both are told who', async () => {
    const ends = await times(rounds, async (n) => {
      const id = await standing(http, 'running');
      const cancel = () => http.post(`/executions/${id}/cancel`);
      const succeed = () => http.say(id, 'succeeded', { result: n });
      const [cancelled, succeeded] =
        n % 2 ? await Promise.all([cancel(), succeed()]) : (await Promise.all([succeed(), cancel()])).reverse();
      const { status, revision } = await http.show(id);
      expect(revision).toBe(2);
      expect(cancelled!.status).toBe(200);
      if (status === 'cancelled') {
        expect(cancelled!.body).toMatchObject({ applied: true, cancelled: true });
        expect(expectProblem(succeeded!, 409, 'conflict').current).toMatchObject({ status: 'cancelled' });
      } else {
        expect(cancelled!.body).toMatchObject({
          verdict: 'conflict',
          applied: false,
          cancelled: false,
          already_terminal: true,
        });
        expect(succeeded!.body).toMatchObject({ applied: true, status: 'succeeded', result: n });
      }
      return status;
    });
    expect(new Set([...ends, 'cancelled', 'succeeded'])).toEqual(new Set(['cancelled', 'succeeded']));
  }, 60_000);
}

/** docs/semantics.md §7 over HTTP: what must hold whoever comes first. */
export function describeRaces(start: Start): void {
  describe('races', () => {
    const http = serving(start);

    it.each(['failed', 'timeout', 'paused'])(
      'of 32 resumes at once of a %s one wins; the losers are not_resumable',
      async (status) => {
        const id = await standing(http, status);
        const answers = await times(32, (n) =>
          http.post(`/executions/${id}/resume`, { new_attempt: true, ...(n % 2 ? { command_id: `r${n}` } : {}) }),
        );
        const won = answers.filter((answer) => answer.status === 200);
        expect(won.map(({ body }) => body)).toMatchObject([
          { applied: true, attempt: 2, previous_status: status, report_as: `${id}~2` },
        ]);
        for (const lost of answers.filter((answer) => !won.includes(answer))) {
          const problem = expectProblem(lost, 409, 'not_resumable');
          expect(problem.current).toMatchObject({ status: 'running', attempt: 2 });
        }
        expect((await http.show(id)).revision).toBe(2);
      },
    );

    it('of 32 of one command_id at once one is the first, the others its replays', async () => {
      const id = await standing(http, 'failed');
      const answers = await times(32, () => http.post(`/executions/${id}/resume`, { command_id: 'r' }));
      expect(answers.filter(({ body }) => body.replayed === undefined)).toHaveLength(1);
      for (const { body } of answers)
        expect(body).toMatchObject({ applied: true, attempt: 2, position: answers[0]!.body.position });
    });

    it('of 200 first words of a try that its producer counts one opens the attempt, and none twice', async () => {
      const id = await standing(http, 'failed');
      const answers = await times(200, (n) =>
        http.tell(id, 'running', { attempt: 2, event_id: `t${n}`, message: `m${n % 50}` }),
      );
      expect(new Set(answers.map(({ body }) => body.current.attempt))).toEqual(new Set([2]));
      for (const { body } of answers) expect(['applied', 'duplicate']).toContain(body.verdict);
      const { events } = await http.history(id);
      const opened = events.filter(({ type }: { type: string }) => type === 'ExecutionResumed');
      expect(opened).toMatchObject([
        {
          attempt: 2,
          data: { reason: 'producer_retry', previous: { status: 'failed' } },
          reporter: { authority: 'worker' },
        },
      ]);
      expect(await http.show(id)).toMatchObject({ status: 'running', attempt: 2, report_as: `${id}~2`, anomalies: {} });
      // Whoever lost may say the next one: the number behind an id opens nothing, on whatever endpoint.
      await http.tell(id, 'failed', { attempt: 2 });
      expect((await http.tell(`${id}~3`, 'running')).body).toMatchObject({
        verdict: 'unknown_attempt',
        applied: false,
      });
      expectProblem(await http.post(`/executions/${id}~3/status`, { status: 'running' }), 409, 'unknown_attempt');
      expectProblem(await http.post(`/executions/${id}/progress`, { progress: 1, attempt: 3 }), 409, 'unknown_attempt');
      const strict = await http.post(`/executions/${id}/status`, { status: 'succeeded', attempt: 5, result: 1 });
      expect(strict.body).toMatchObject({ applied: true, status: 'succeeded', attempt: 5, result: 1 });
    }, 20_000);

    raceOfEnds(http, 50);

    it('of an abort and a dispatch at once one wins, and the other is told who', async () => {
      await times(40, async (n) => {
        const id = fresh();
        await http.post('/executions', { execution_id: id });
        const ask = {
          abort: () => http.post(`/executions/${id}/abort`, { phase: 'dispatch', error: 'e' }),
          dispatch: () => http.post(`/executions/${id}/dispatch`),
        };
        const names = n % 2 ? (['abort', 'dispatch'] as const) : (['dispatch', 'abort'] as const);
        const answers = await Promise.all(names.map((name) => ask[name]()));
        const winner = names[answers.findIndex(({ status }) => status === 200)];
        const lost = answers[winner === names[0] ? 1 : 0]!;
        const stands = await http.show(id);
        expect(stands.revision).toBe(1);
        if (winner === 'abort') {
          expect(stands).toMatchObject({ status: 'failed', authority: 'watchdog', dispatched: false });
          expect(expectProblem(lost, 409, 'regression').current).toMatchObject({ status: 'failed' });
        } else {
          expect(stands).toMatchObject({ status: 'queued', dispatched: true });
          expectProblem(lost, 409, 'already_dispatched');
        }
      });
    }, 20_000);

    it('100 reports of one event_id at once: exactly one is applied, the others are its replays', async () => {
      const id = fresh();
      const answers = await times(100, () => http.tell(id, 'running', { event_id: 'e' }));
      const firsts = answers.filter(({ body }) => body.replayed === undefined);
      expect(firsts.map(({ body }) => body)).toMatchObject([{ created: true, verdict: 'applied' }]);
      for (const { body } of answers)
        expect(body).toMatchObject({ success: true, applied: true, position: firsts[0]!.body.position });
      expect((await http.show(id)).revision).toBe(1);
    }, 60_000);

    it('50 of one event_id and different bodies: one is applied, the others are id_reused', async () => {
      const id = fresh();
      const answers = await times(50, (n) => http.tell(id, 'running', { event_id: 'e', message: `m${n}` }));
      expect(answers.filter(({ body }) => body.applied)).toHaveLength(1);
      expect(answers.filter(({ body }) => body.verdict === 'id_reused')).toHaveLength(49);
      expect((await http.refused(id)).length).toBe(49);
    });

    it('50 terminals at once: one outcome, kept by the others’ refusals', async () => {
      const id = await standing(http, 'running');
      const outcomes = ['succeeded', 'failed', 'timeout', 'cancelled'];
      const answers = await times(48, (n) => http.tell(id, outcomes[n % 4]!));
      const [winner] = answers.filter(({ body }) => body.applied);
      const { status } = winner!.body.current;
      expect(answers.map(({ body }) => body.verdict).sort()).toEqual([
        'applied',
        ...Array(36).fill('conflict'),
        ...Array(11).fill('duplicate'),
      ]);
      expect(await http.show(id)).toMatchObject({ status, revision: 2 });
      expect(await http.refused(id)).toHaveLength(3); // a loop keeps one copy
    });

    it('registrations of one id at once: one opens it, the others get its receipt', async () => {
      const id = fresh();
      const answers = await times(32, () => http.post('/executions', { execution_id: id, kind: 'job' }));
      expect(answers.map(({ status }) => status).sort()).toEqual([...Array(31).fill(200), 201]);
      for (const { body } of answers)
        expect(body).toMatchObject({ applied: true, position: answers[0]!.body.position });
    });
  });
}

/** As often as it takes to meet what is rare. */
export function describeManyRaces(start: Start): void {
  describe('races, 500 times', () => {
    const http = serving(start);
    raceOfEnds(http, 500);

    it('500 reports at once on one execution: every one applied once, revisions without a hole', async () => {
      const id = fresh();
      const answers = await times(500, (n) => http.tell(id, undefined, { message: `m${n}`, progress: n }));
      expect(answers.filter(({ body }) => body.created)).toHaveLength(1);
      expect(new Set(answers.map(({ body }) => body.verdict))).toEqual(new Set(['applied']));
      expect(new Set(answers.map(({ body }) => body.position)).size).toBe(500);
      const { events } = await http.history(id);
      expect(events.map(({ revision }: { revision: number }) => revision)).toEqual(
        Array.from({ length: 501 }, (_, n) => n),
      );
      const said = events.slice(1).map(({ data }: { data: { message: string } }) => data.message);
      expect(new Set(said).size).toBe(500);
      for (const { body } of answers) expect(events[body.current.revision].position).toBe(body.position);
    }, 60_000);
  });
}
