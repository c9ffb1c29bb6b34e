import { appliedTo, expectProblem, fresh, serving, standing, type Answer, type Http, type Start } from './http.js';

const cancel = (http: Http, id: string, more: object = {}) =>
  http.post(`/executions/${id}/cancel`, { cascade: true, ...more });
const ids = ({ body }: Answer): string[] => body.children.map((child: { execution_id: string }) => child.execution_id);

/** docs/http-api.md, Commands: a cancel that is passed on to the descendants. */
export function describeCascade(start: Start): void {
  describe('cascading cancels', () => {
    const http = serving(start);
    const child = async (parent: string, name = 'child', status = 'running'): Promise<string> => {
      const id = fresh(name);
      const { body } = await http.tell(id, status, { parent_execution_id: parent });
      expect(body).toMatchObject({ applied: true });
      return id;
    };

    it('reach the open descendants, nearest and oldest first, each with a receipt of its own', async () => {
      const root = await standing(http, 'running');
      const first = await child(root);
      const second = await child(`${root}~7`, 'child', 'waiting'); // the link may name an attempt
      const grandchild = await child(first, 'grandchild', 'queued');
      const last = await child(grandchild, 'great-grandchild', 'paused');
      const stranger = await child(fresh('elsewhere'));
      const answer = await cancel(http, root, { reason: 'enough' });
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ applied: true, cancelled: true, previous_status: 'running' });
      expect(answer.body).not.toHaveProperty('children_omitted');
      expect(ids(answer)).toEqual([first, second, grandchild, last]);
      for (const [n, previous_status] of ['running', 'waiting', 'queued', 'paused'].entries()) {
        expect(answer.body.children[n]).toEqual({
          ...appliedTo(ids(answer)[n]!),
          current: expect.objectContaining({ status: 'cancelled', authority: 'operator', sealed: true }),
          cancelled: true,
          previous_status,
          cancelled_at: expect.stringMatching(/Z$/),
        });
      }
      expect(await http.show(stranger)).toMatchObject({ status: 'running' });
    }, 20_000);

    it('carry who asked, in which trace, why, and after which event', async () => {
      const root = await standing(http, 'running');
      const below = await child(root);
      const headers = { 'x-actor-id': 'mara', 'x-correlation-id': 'trace-1' };
      await http.post(`/executions/${root}/cancel`, { cascade: true, reason: 'enough' }, headers);
      const [own, passed] = [(await http.history(root)).events.at(-1), (await http.history(below)).events.at(-1)];
      expect(passed).toMatchObject({
        type: 'ExecutionCancelled',
        data: { reason: 'enough', previous_status: 'running' },
        reporter: own.reporter,
        on_behalf_of: 'mara',
        source: 'cancel',
        correlation_id: 'trace-1',
        causation_id: own.event_id,
      });
    }, 20_000);

    it('survive a circle of parents, and reach what hangs below an execution that is over', async () => {
      const root = fresh('root');
      const [one, two] = [fresh('one'), fresh('two')];
      await http.tell(root, 'running', { parent_execution_id: two });
      await http.tell(one, 'running', { parent_execution_id: root });
      await http.tell(two, 'succeeded', { parent_execution_id: one });
      const below = await child(two);
      const answer = await cancel(http, root);
      expect(ids(answer)).toEqual([one, two, below]);
      expect(answer.body.children.map(({ cancelled }: { cancelled: boolean }) => cancelled)).toEqual([
        true,
        false,
        true,
      ]);
      const self = fresh('self');
      await http.tell(self, 'running', { parent_execution_id: self });
      expect((await cancel(http, self)).body).toMatchObject({ cancelled: true, children: [] });
    }, 20_000);

    it.each([
      ['succeeded', 'worker', 'conflict'],
      ['cancelled', 'worker', 'duplicate'],
      ['failed', 'worker', 'dropped'],
      ['timeout', 'watchdog', 'dropped'],
      ['cancelled', 'watchdog', 'dropped'],
    ] as const)(
      'leave a child that is %s (%s) as it is, and say so: %s',
      async (status, by, verdict) => {
        const root = await standing(http, 'running');
        const over = fresh(status);
        await http.tell(over, status, { parent_execution_id: root, ...(by === 'watchdog' ? { inferred: true } : {}) });
        const before = await http.history(over);
        const open = await child(root);
        const answer = await cancel(http, root);
        const told = { verdict, applied: false, cancelled: false, already_terminal: true, previous_status: status };
        expect(answer.body.children).toMatchObject([
          { ...told, execution_id: over },
          { execution_id: open, cancelled: true },
        ]);
        expect(await http.history(over)).toEqual(before);
      },
      20_000,
    );

    it('reach the attempt that is the current one', async () => {
      const root = await standing(http, 'running');
      const below = await child(root, 'child', 'failed');
      await http.post(`/executions/${below}/resume`);
      const { body } = await cancel(http, root);
      expect(body.children).toMatchObject([{ cancelled: true, current: { attempt: 2, status: 'cancelled' } }]);
    }, 20_000);

    it('repeated under its command_id: every receipt is the first one again', async () => {
      const root = await standing(http, 'running');
      const below = [await child(root), await child(root)];
      await http.tell(below[1]!, 'succeeded');
      const first = await cancel(http, root, { command_id: 'c' });
      const again = await cancel(http, root, { command_id: 'c' });
      expect(again.body).toEqual({
        ...first.body,
        replayed: true,
        children: [{ ...first.body.children[0], replayed: true }, first.body.children[1]],
      });
      expectProblem(await http.post(`/executions/${root}/cancel`, { command_id: 'c' }), 409, 'id_reused');
    }, 20_000);

    it('go on where a cancel without a cascade, or another one, came before', async () => {
      const root = await standing(http, 'running');
      const below = await child(root);
      await http.post(`/executions/${root}/cancel`);
      const late = await cancel(http, root);
      expect(late.body).toMatchObject({ verdict: 'duplicate', cancelled: false });
      expect(late.body.children).toMatchObject([{ execution_id: below, cancelled: true }]);
      const added = await child(root); // registered after the cancel: reached by the next
      const { body } = await cancel(http, root);
      expect(body.children).toMatchObject([
        { execution_id: below, verdict: 'duplicate', cancelled: false },
        { execution_id: added, cancelled: true },
      ]);
    }, 20_000);

    it('a cancel that lost to a success cancels no child', async () => {
      const root = await standing(http, 'succeeded');
      const below = await child(root);
      expect((await cancel(http, root)).body).toMatchObject({ verdict: 'conflict', cancelled: false, children: [] });
      expect(await http.show(below)).toMatchObject({ status: 'running' });
    }, 20_000);

    it('a cancel that is refused cancels no child', async () => {
      const root = await standing(http, 'running');
      const below = await child(root);
      expectProblem(await cancel(http, root, { attempt: 2 }), 409, 'fenced');
      const stale = await http.post(`/executions/${root}/cancel`, { cascade: true }, { 'if-match': '"0"' });
      expectProblem(stale, 412, 'precondition_failed');
      expectProblem(await cancel(http, fresh()), 404, 'not_found');
      expectProblem(await cancel(http, root, { cascade: 'yes' }), 400, 'validation');
      expect(await http.show(below)).toMatchObject({ status: 'running' });
    }, 20_000);

    it('go down 32 generations, and say when there are more', async () => {
      const root = await standing(http, 'running');
      let parent = root;
      const line: string[] = [];
      for (let n = 0; n < 33; n++) line.push((parent = await child(parent, `generation-${n + 1}`)));
      const answer = await cancel(http, root);
      expect(ids(answer)).toEqual(line.slice(0, 32));
      expect(answer.body.children_omitted).toBe('depth');
      expect(await http.show(line[32]!)).toMatchObject({ status: 'running' });
    }, 20_000);

    it('a cancel without a cascade answers nothing about children', async () => {
      const root = await standing(http, 'running');
      const below = await child(root);
      const { body } = await http.post(`/executions/${root}/cancel`, { cascade: false });
      expect(body).not.toHaveProperty('children');
      expect(await http.show(below)).toMatchObject({ status: 'running' });
    }, 20_000);
  });
}
