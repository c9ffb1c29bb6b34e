import { followStream } from '../../support/ledger/event-stream.js';
import { fresh, serving, type Http, type Start } from './http.js';

const LONG = 'x'.repeat(9_000);
const CUT = `${'x'.repeat(4_093)}…`;
/** As long as a text is shown, and six times as long as JSON. */
const ESCAPED = '\u0001'.repeat(4_096);
const MOST = 4 * 1024 * 1024;

type Row = Record<string, unknown>;

/** An execution of whose texts some are long. */
async function long(http: Http) {
  const id = fresh('long');
  await http.post('/executions', { execution_id: id, target: LONG, input: LONG, labels: { short: 's', long: LONG } });
  await http.post(`/executions/${id}/dispatch`, { handle: { long: LONG } });
  const { body } = await http.say(id, 'failed', { error: { message: LONG }, result: LONG, message: LONG });
  return { id, body, position: body.position as string };
}

/** docs/http-api.md, The execution: what lists, frames and batches show. */
export function describeInShort(start: Start): void {
  describe('an execution in short', () => {
    const http = serving(start);

    it('is the same in lists, frames and batches; GET and the answer to its reporter show it whole', async () => {
      const { id, body, position } = await long(http);
      const listed = (await http.get(`/executions?q=${id}&wait_for=${position}`)).body.executions[0];
      expect(listed).toMatchObject({ target: CUT, error: CUT, message: CUT, labels: { short: 's', long: CUT } });
      expect(listed.truncated.toSorted()).toEqual(['error', 'handle', 'labels', 'message', 'target']);
      for (const left of ['input', 'result', 'error_details', 'handle']) expect(listed).not.toHaveProperty(left);
      const batch = (await http.post('/executions/batch-status', { execution_ids: [id] })).body;
      expect(batch).toEqual({ [id]: listed });
      const frames = await followStream(http.url, `?after=${BigInt(position) - 1n}`);
      await frames.until((sent) => sent.some(({ data }) => data?.execution_id === id));
      expect(frames.sent.find(({ data }) => data?.execution_id === id)?.data).toEqual(listed);
      frames.stop();
      // The answer that is the execution itself, to whoever told it, is whole.
      expect(body).toMatchObject({ target: LONG, error: LONG, input: LONG, result: LONG });
      expect(body).not.toHaveProperty('truncated');
      const shown = await http.show(id);
      expect(shown).toMatchObject({ target: LONG, error: LONG, input: LONG, result: LONG, handle: { long: LONG } });
      expect(shown).not.toHaveProperty('truncated');
      const { root } = (await http.get(`/executions/${id}/tree?wait_for=${position}`)).body;
      expect(root).toMatchObject({ target: CUT, truncated: ['target'] });
    });

    it('a list ends by bytes and goes on; a batch names the rest', async () => {
      const workflow_id = fresh('w');
      const ids = Array.from({ length: 30 }, (_, n) => `${workflow_id}-${n}`);
      const texts = { target: ESCAPED, message: ESCAPED, worker: ESCAPED, status_reason: ESCAPED, error: ESCAPED };
      const more = { ...texts, labels: { a: ESCAPED, b: ESCAPED } };
      await http.post(
        '/reports',
        ids.map((execution_id) => ({ execution_id, workflow_id, status: 'failed', ...more })),
      );
      const { body } = await http.tell(fresh(), 'running');
      const seen: unknown[] = [];
      for (let query = `workflow_id=${workflow_id}&sort=created_at&wait_for=${body.position}`; query !== '';) {
        const page = await http.get(`/executions?limit=500&${query}`);
        expect(Buffer.byteLength(page.text)).toBeLessThan(MOST + 1_000);
        expect(page.body.executions.length).toBeGreaterThan(5);
        seen.push(...page.body.executions.map((row: Row) => row['execution_id']));
        query = page.body.next_cursor === undefined ? '' : `cursor=${page.body.next_cursor}`;
      }
      expect(seen.toSorted()).toEqual(ids.toSorted());
      const asked = [...ids, 'nobody'];
      const batch = await http.post('/executions/batch-status', { execution_ids: asked });
      expect(Buffer.byteLength(batch.text)).toBeLessThan(MOST + 10_000);
      expect(Object.keys(batch.body)).toEqual(asked);
      expect(batch.body[ids[0]!]).toMatchObject({ error: ESCAPED });
      expect(batch.body[ids[29]!]).toEqual({
        execution_id: ids[29],
        status: 'failed',
        attempt: 1,
        revision: 1,
        truncated: ['*'],
      });
      expect(batch.body['nobody']).toEqual({ execution_id: 'nobody', status: 'not_found' });
    });
  });
}
