import { expectProblem, fresh, serving, standing, type Http, type Start } from './http.js';
import { eventually } from '../../support/eventually.js';

const resume = (http: Http, id: string) => http.post(`/executions/${id}/resume`);

/** Executions whose worker falls silent for so long that they may be taken over: RESUME_STALE_AFTER is short here, and waited for. */
export function describeSilence(start: Start): void {
  describe('silence', () => {
    const http = serving(start, { RESUME_STALE_AFTER: '3s' });
    const silent = (id: string) =>
      eventually(
        () => http.show(id),
        ({ stale }) => stale === true,
      );

    it('a running one that is stale may be taken over, by one; waiting and paused are never stale', async () => {
      const [id, waiting, beating] = [
        await standing(http, 'running'),
        await standing(http, 'waiting'),
        await standing(http, 'running'),
      ];
      expectProblem(await resume(http, id), 409, 'not_resumable');
      const kept = eventually(
        async () => (await http.post(`/executions/${beating}/heartbeat`), http.history(beating)),
        ({ events }) => events.length >= 4,
      );
      expect(await silent(id)).toMatchObject({ resumable: true, status: 'running' });
      expect(await http.show(waiting)).toMatchObject({ stale: false, resumable: false });
      const answers = await Promise.all(Array.from({ length: 8 }, () => resume(http, id)));
      const won = answers.filter(({ status }) => status === 200);
      expect(won.map(({ body }) => body)).toMatchObject([{ previous_status: 'running', takeover: true, attempt: 2 }]);
      for (const lost of answers.filter((answer) => !won.includes(answer))) expectProblem(lost, 409, 'not_resumable');
      expect((await http.tell(id, 'succeeded')).body).toMatchObject({ verdict: 'fenced' });
      const { events } = await kept;
      expect(events[3]).toMatchObject({ type: 'HeartbeatRecorded', status: 'running' });
    }, 20_000);

    it('the cursor pins the clock: who falls silent between two pages stays on the list it was on', async () => {
      const workflow_id = fresh('w');
      const ids = [await standing(http, 'queued'), fresh(), fresh()];
      await http.tell(ids[1]!, 'running', { workflow_id });
      const { body } = await http.tell(ids[2]!, 'running', { workflow_id });
      const query = `workflow_id=${workflow_id}&stale=false`;
      const first = (await http.get(`/executions?${query}&limit=1&wait_for=${body.position}`)).body;
      expect(first.executions).toMatchObject([{ execution_id: ids[2], stale: false }]);
      await silent(ids[1]!);
      await silent(ids[2]!);
      const second = (await http.get(`/executions?limit=5&cursor=${first.next_cursor}`)).body;
      expect(second.executions).toMatchObject([{ execution_id: ids[1], stale: false }]);
      expect((await http.get(`/executions?${query}`)).body.executions).toEqual([]);
      const stale = (await http.get(`/executions?workflow_id=${workflow_id}&stale=true&resumable=true`)).body
        .executions;
      expect(stale).toMatchObject([{ execution_id: ids[2] }, { execution_id: ids[1] }]);
      const { recorded_at } = (await http.history(ids[1]!)).events[1];
      const then = await http.get(`/executions/${ids[1]}/state?at_time=${recorded_at}`);
      expect(then.body).toMatchObject({ stale: false, resumable: false });
    }, 20_000);
  });
}

/** Executions that are shown as silent, or as not taken up. */
export function describeStuck(start: Start): void {
  describe('what is stuck', () => {
    const slow = fresh('slow');
    const http = serving(start, { SILENT_AFTER: `1s,workflow=${slow}:1h` });
    const listed = async (query: string): Promise<string[]> =>
      (await http.get(`/executions?${query}&sort=created_at`)).body.executions.map(
        ({ execution_id }: { execution_id: string }) => execution_id,
      );

    it('is what a worker has and says nothing of; each workflow in its own time', async () => {
      const target = fresh('t');
      const ids = { stuck: fresh(), slow: fresh(), unheard: fresh(), waiting: fresh(), over: fresh() };
      const shown = () => http.show(ids.stuck);
      await http.tell(ids.stuck, 'running', { target });
      expect(await shown()).toMatchObject({ silent: false, stale: false, dispatched: true, awaiting_worker: false });
      await http.tell(ids.slow, 'running', { target, workflow_id: slow });
      await http.post('/executions', { execution_id: ids.unheard, target });
      await http.tell(ids.waiting, 'running', { target });
      await http.tell(ids.waiting, 'waiting');
      await http.tell(ids.over, 'running', { target });
      const last = await http.tell(ids.over, 'succeeded');
      const of = `target=${target}&wait_for=${last.body.position}`;
      expect(await eventually(shown, ({ silent }) => silent === true)).toMatchObject({ stale: false });
      expect(await listed(`${of}&silent=true`)).toEqual([ids.stuck]);
      expect(await listed(`${of}&silent=false`)).toEqual([ids.slow, ids.unheard, ids.waiting, ids.over]);
      const both = () => listed(`${of}&silent_for=1s`);
      expect(await eventually(both, ({ length }) => length > 1)).toEqual([ids.stuck, ids.slow]);
      expect(await listed(`${of}&silent_for=1h`)).toEqual([]);
      expect(await listed(`${of}&dispatched=false`)).toEqual([ids.unheard]);
      const { body } = await http.get(`/executions?${of}&silent_for=1s&limit=1&sort=created_at`);
      expect(body.executions).toMatchObject([{ execution_id: ids.stuck, silent: true }]);
      const { executions } = (await http.get(`/executions?limit=5&cursor=${body.next_cursor}&silent_for=1000ms`)).body;
      expect(executions).toMatchObject([{ execution_id: ids.slow, silent: false }]);
      expectProblem(await http.get(`/executions?silent_for=soon`), 400, 'validation');
      await http.post(`/executions/${ids.stuck}/heartbeat`);
      expect(await shown()).toMatchObject({ silent: false, stale: false });
    }, 20_000);

    it('and what was resumed and nobody has taken up: the resume says that it starts nothing', async () => {
      const id = await standing(http, 'failed');
      const { body } = await resume(http, id);
      expect(body).toMatchObject({ attempt: 2, note: expect.stringContaining('starts no work') });
      expect(await http.show(id)).toMatchObject({ status: 'running', awaiting_worker: true, silent: false });
      expect(await listed(`awaiting_worker=true&q=${id}&wait_for=${body.position}`)).toEqual([id]);
      expect(await listed(`awaiting_worker=false&q=${id}`)).toEqual([]);
      await http.tell(`${id}~2`, 'running');
      expect(await http.show(id)).toMatchObject({ awaiting_worker: false, dispatched: true });
    });

    it('and a zombie: a worker of an older attempt reports while the next one stands', async () => {
      const id = await standing(http, 'failed');
      await resume(http, id);
      const zombie = async (asked: boolean, after: string) =>
        (await listed(`zombie=${asked}&q=${id}&wait_for=${after}`)).length === 1;
      const { body: taken } = await http.tell(`${id}~2`, 'running');
      expect(await zombie(true, taken.position)).toBe(false);
      expect((await http.tell(`${id}~1`, 'succeeded')).body).toMatchObject({ verdict: 'fenced' });
      await eventually(() => zombie(true, taken.position), Boolean);
      await http.tell(`${id}~2`, 'failed');
      const { body: resumed } = await resume(http, id);
      expect([await zombie(true, resumed.position), await zombie(false, resumed.position)]).toEqual([false, true]);
      await http.tell(`${id}~2`, 'running');
      await eventually(() => zombie(true, resumed.position), Boolean);
      const { body: over } = await http.tell(`${id}~3`, 'succeeded');
      expect(await zombie(true, over.position)).toBe(false);
    });

    it('and what is past due and is not timed out, for it waits', async () => {
      const [late, early] = [fresh(), fresh()];
      for (const [execution_id, ms] of [
        [late, 1_500],
        [early, 3_600_000],
      ] as const) {
        await http.post('/executions', { execution_id, deadline: new Date(Date.now() + ms).toISOString() });
        await http.tell(execution_id, 'waiting');
      }
      const due = () => listed(`past_due=true&q=${late}`);
      expect(await eventually(due, ({ length }) => length === 1)).toEqual([late]);
      expect(await listed(`past_due=true&q=${early}`)).toEqual([]);
      expect(await listed(`past_due=false&q=${early}`)).toEqual([early]);
      expect(await http.show(late)).toMatchObject({ status: 'waiting' });
      await http.post(`/executions/${late}/cancel`);
      await eventually(due, ({ length }) => length === 0);
    });
  });
}
