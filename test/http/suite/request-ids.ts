import { CONDITIONAL, opened } from './endpoints.js';
import { expectProblem, fresh, serving, type Start } from './http.js';

/** docs/http-api.md, Headers: `Idempotency-Key` and the ids it stands for. */
export function describeRequestIds(start: Start): void {
  describe('Idempotency-Key', () => {
    const http = serving(start);
    const key = (id: string) => ({ 'idempotency-key': id });

    it.each([...CONDITIONAL, ['heartbeat', {}] as const])(
      'and the id in the body of %s: if both are given they must agree, else 400',
      async (endpoint, body) => {
        const id = await opened(http);
        const name = ['status', 'progress', 'heartbeat'].includes(endpoint) ? 'event_id' : 'command_id';
        const path = `/executions/${id}/${endpoint}`;
        expectProblem(await http.post(path, { ...body, [name]: 'a' }, key('b')), 400, 'validation');
        expectProblem(await http.post(path, { ...body, [name]: '' }), 400, 'validation');
        expectProblem(await http.post(path, { ...body, [name]: 'x'.repeat(201) }), 400, 'validation');
        expectProblem(await http.post(path, body, key('x'.repeat(201))), 400, 'validation');
        expect((await http.show(id)).revision).toBe(0);
        const agreed = await http.post(path, { ...body, [name]: 'a' }, key('a'));
        expect(agreed.status).toBe(endpoint === 'resume' ? 409 : 200);
      },
    );

    it('says the same as event_id: under either the report is the same one', async () => {
      const id = fresh();
      const first = await http.tell(id, 'running', { event_id: 'k'.repeat(200) });
      const again = await http.post(
        '/workflow/executions/events',
        { execution_id: id, status: 'running' },
        key('k'.repeat(200)),
      );
      expect(again.body).toMatchObject({ applied: true, replayed: true, position: first.body.position });
      expect((await http.history(id)).events.at(-1).event_id).toBe('k'.repeat(200));
    });

    it('gives a registration without an execution_id its id (UUIDv5), so that a retry finds it', async () => {
      const submit = fresh('submit');
      const one = await http.post('/executions', { kind: 'job' }, key(submit));
      expect(one.status).toBe(201);
      expect(one.body.execution_id).toMatch(/^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
      const again = await http.post('/executions', { kind: 'job', command_id: submit });
      expect(again.status).toBe(200);
      expect(again.body).toMatchObject({ execution_id: one.body.execution_id, applied: true, replayed: true });
      const other = await http.post('/executions', { kind: 'job' }, key(fresh('submit')));
      expect(other.body.execution_id).not.toBe(one.body.execution_id);
    });

    it('without API keys that id follows from the Idempotency-Key alone, in every release', async () => {
      const { body } = await http.post('/executions', {}, key('submission-1'));
      expect(body.execution_id).toBe('ef078ae8-727f-50d9-8580-533219b8591f');
    });

    it('else it is a UUIDv7, another each time', async () => {
      const [one, two] = await Promise.all([http.post('/executions', {}), http.post('/executions')]);
      for (const { status, body } of [one, two]) {
        expect(status).toBe(201);
        expect(body.execution_id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
      }
      expect(one.body.execution_id).not.toBe(two.body.execution_id);
    });
  });
}
