import { followStream, type Following } from '../../support/ledger/event-stream.js';
import { expectProblem, fresh, serving, type Start } from './http.js';

/** docs/http-api.md, Following. */
export function describeStream(start: Start): void {
  describe('the stream of changes', () => {
    const http = serving(start);
    const open: Following[] = [];
    afterEach(() => open.splice(0).forEach((one) => one.stop()));
    const follow = async (...[path, headers]: [string?, Record<string, string>?]): Promise<Following> => {
      const one = await followStream(http.url, path, headers);
      open.push(one);
      return one;
    };
    const about = (id: string) => (sent: Following['sent']) => sent.filter(({ data }) => data?.execution_id === id);
    const listed = async (id: string) => (await http.get(`/executions?q=${id}`)).body.executions[0];

    it('begins at once, with an id to come back to before anything has happened', async () => {
      const one = await follow();
      expect(one.response).toMatchObject({
        statusCode: 200,
        headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' },
      });
      const id = fresh();
      const { body } = await http.tell(id, 'running', { progress: 5, result: { large: true } });
      await one.until((sent) => sent.at(-1)?.id === body.position);
      const frame = one.sent.at(-1);
      expect(frame).toEqual({ event: 'execution', id: body.position, data: await listed(id) });
      expect(frame!.data.result).toBeUndefined();
    }, 20_000);

    it('whoever comes back is sent each execution that changed since, once, as it is now', async () => {
      const [changed, untouched, last] = [fresh(), fresh(), fresh()];
      await http.tell(untouched, 'running');
      const { body } = await http.tell(changed, 'running');
      const { position } = body;
      for (const status of ['waiting', 'running', 'succeeded']) await http.tell(changed, status);
      const end = (await http.tell(last, 'running')).body.position;
      await http.get(`/executions?limit=1&wait_for=${end}`);
      for (const [path, headers] of [
        [`?after=${position}`, {}],
        ['', { 'last-event-id': position }],
        ['?after=0', { 'last-event-id': position }], // where it has come to since, not where it began
      ] as const) {
        const one = await follow(path, headers);
        await one.until((sent) => about(last)(sent as never).length > 0);
        expect(one.sent.map(({ data }) => data.execution_id)).toEqual([changed, last]);
        expect(one.sent[0]!.data).toMatchObject({ status: 'succeeded' });
        expect(one.lastId).toBe(end);
      }
      const all = await follow('?after=0');
      await all.until((sent) => about(last)(sent as never).length > 0);
      expect(about(untouched)(all.sent)).toHaveLength(1);
      expect(about(changed)(all.sent)).toHaveLength(1);
    }, 20_000);

    it('refuses a place that is none', async () => {
      const head = BigInt((await http.get('//health/ready')).body.head);
      expectProblem(await http.get(`/stream?after=${head + 1_000_000n}`), 409, 'position_ahead');
      expectProblem(await http.get('/stream?after=x'), 400, 'validation');
      expectProblem(await http.get('/stream?status=failed'), 400, 'validation');
      expectProblem(await http.get('/stream', { 'last-event-id': 'x' }), 400, 'validation');
      expect((await http.call('HEAD', '/stream')).status).toBe(200);
    });
  });
}
