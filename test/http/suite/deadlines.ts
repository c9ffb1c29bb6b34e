import { expectProblem, fresh, standing, type Http } from './http.js';
import { passed } from '../../support/eventually.js';

const resume = (http: Http, id: string, body?: object) => http.post(`/executions/${id}/resume`, body);

/** docs/semantics.md §4, deadlines as a resume carries them. */
export function describeDeadlines(http: Http): void {
  const PAST = '2020-01-01T00:00:00Z';

  it('a deadline that is already past is a bad request; a winner’s retry is answered all the same', async () => {
    const id = await standing(http, 'failed');
    expectProblem(await resume(http, id, { deadline: PAST }), 400, 'validation');
    expect((await http.show(id)).status).toBe('failed');
    const deadline = new Date(Date.now() + 250).toISOString();
    const first = await resume(http, id, { deadline, command_id: 'r' });
    expect(first.body).toMatchObject({ applied: true, attempt: 2 });
    await passed(Date.parse(deadline));
    const again = await resume(http, id, { deadline, command_id: 'r' });
    expect(again.body).toMatchObject({ applied: true, replayed: true, position: first.body.position });
  });

  it('a resume may carry new ones: a moment for the execution, or a time that counts anew', async () => {
    const id = await standing(http, 'failed');
    await resume(http, id, { deadline: '2999-01-01T00:00:00Z' });
    expect(await http.show(id)).toMatchObject({ deadline: '2999-01-01T00:00:00.000Z' });
    await http.tell(`${id}~2`, 'failed');
    await resume(http, id, { timeout_ms: 3_600_000 });
    const { deadline, last_activity_at } = await http.show(id);
    expect(Date.parse(deadline) - Date.parse(last_activity_at)).toBe(3_600_000);
  });

  it('an absolute deadline that has already passed is dropped by the resume; its event says so', async () => {
    const id = fresh();
    await http.post('/executions', { execution_id: id, deadline: PAST });
    await http.tell(id, 'failed'); // one its own clock timed out already may be resumed just the same
    await resume(http, id);
    expect((await http.history(id)).events.at(-1)).toMatchObject({
      type: 'ExecutionResumed',
      data: { deadline_dropped: true },
    });
    expect(await http.show(id)).not.toHaveProperty('deadline');
  });

  it.each([
    [{ deadline: 'soon' }],
    [{ timeout_ms: -1 }],
    [{ new_attempt: 'yes' }],
    [{ unnumbered: 1 }],
    [{ reason: 1 }],
    [[]],
  ])('%j is 400', async (body) => {
    expectProblem(await resume(http, await standing(http, 'failed'), body), 400, 'validation');
  });
}
