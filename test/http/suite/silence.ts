import { eventually, expectProblem, fresh, serving, standing, type Http, type Start } from './http.js';

const resume = (http: Http, id: string) => http.post(`/executions/${id}/resume`);

/** Executions that fall silent: RESUME_STALE_AFTER is short here. */
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
        async () => (await http.post(`/executions/${beating}/heartbeat`), http.tape(beating)),
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
      const { recorded_at } = (await http.tape(ids[1]!)).events[1];
      const then = await http.get(`/executions/${ids[1]}/state?at_time=${recorded_at}`);
      expect(then.body).toMatchObject({ stale: false, resumable: false });
    }, 20_000);
  });
}
