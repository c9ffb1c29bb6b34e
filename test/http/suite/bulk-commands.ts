import { request } from 'node:http';
import { appliedTo, expectProblem, fresh, lines, serving, standing, type Http, type Start } from './http.js';
import { eventually } from '../../support/eventually.js';

/** A new run of executions that stand like this, seen by the list. */
async function run(http: Http, statuses: readonly string[]): Promise<{ run_id: string; ids: string[] }> {
  const run_id = fresh('run');
  const ids = statuses.map((status, n) => `${run_id}-${String(n).padStart(5, '0')}-${status}`);
  const reports = ids.map((execution_id, n) => JSON.stringify({ execution_id, status: statuses[n], run_id }));
  const { text } = await http.call('POST', '/reports', reports.join('\n'), { 'content-type': 'application/x-ndjson' });
  const positions = lines(text).map((receipt): number => Number(receipt.position));
  expect((await http.get(`/executions?limit=1&wait_ms=20000&wait_for=${Math.max(...positions)}`)).status).toBe(200);
  return { run_id, ids };
}

const verdictsOf = (receipts: { verdict: string }[]) => receipts.map(({ verdict }) => verdict);

/** Commands many, and reads the receipts. */
function bulkOf(http: Http) {
  return async (kind: string, body: object, headers: Record<string, string> = {}) => {
    const answer = await http.post(`/bulk/${kind}`, body, headers);
    expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 });
    expect(answer.headers.get('content-type')).toMatch(/^application\/x-ndjson\b/);
    return lines(answer.text);
  };
}

/** docs/http-api.md, Bulk. */
export function describeBulkCommands(start: Start): void {
  describe('commands in bulk', () => {
    const http = serving(start);
    const bulk = bulkOf(http);
    const MIXED = ['failed', 'running', 'succeeded', 'paused', 'timeout', 'cancelled'];

    it('resume by ids: a receipt for each, in the order asked, whatever becomes of the others', async () => {
      const { ids } = await run(http, MIXED);
      const unknown = fresh('unknown');
      const receipts = await bulk('resume', { execution_ids: [...ids, unknown, `${ids[0]}~7`], reason: 'again' });
      expect(receipts.map(({ execution_id }) => execution_id)).toEqual([...ids, unknown, ids[0]]);
      const lost = 'not_resumable';
      expect(verdictsOf(receipts)).toEqual(['applied', lost, lost, 'applied', 'applied', lost, 'not_found', 'fenced']);
      expect(receipts[0]).toEqual({
        ...appliedTo(ids[0]!),
        current: expect.objectContaining({ status: 'running', attempt: 2 }),
        previous_status: 'failed',
        takeover: false,
        attempt: 2,
        report_as: `${ids[0]}~2`,
        note: expect.stringContaining('starts no work'),
      });
      expect(receipts[3]).toMatchObject({ attempt: 1, previous_status: 'paused', report_as: `${ids[3]}~1` });
      expect(receipts[6]).toEqual({ verdict: 'not_found', applied: false, execution_id: unknown, current: null });
      expect((await http.history(ids[0]!)).events.at(-1)).toMatchObject({
        data: { reason: 'again' },
        source: 'bulk_resume',
      });
    }, 20_000);

    it('cancel by ids: each is told whether it was cancelled', async () => {
      const { ids } = await run(http, MIXED);
      const receipts = await bulk('cancel', { execution_ids: ids });
      const over = [ids.indexOf(ids[2]!), ids.indexOf(ids[5]!)];
      for (const [n, receipt] of receipts.entries()) {
        expect(receipt).toMatchObject({
          execution_id: ids[n],
          cancelled: !over.includes(n),
          previous_status: MIXED[n],
        });
      }
      expect(verdictsOf([receipts[2], receipts[5]])).toEqual(['conflict', 'duplicate']);
    }, 20_000);

    it('an id that is named twice is asked once', async () => {
      const id = await standing(http, 'failed');
      expect(await bulk('resume', { execution_ids: [id, id] })).toHaveLength(1);
    });

    it('a dry run shows what would win, and writes nothing', async () => {
      const { run_id, ids } = await run(http, MIXED);
      const before = await Promise.all(ids.map((id) => http.show(id)));
      const unknown = fresh('unknown');
      const dry = await bulk('resume', { execution_ids: [...ids, unknown], dry_run: true });
      expect(dry.map(({ would_apply }) => would_apply)).toEqual([true, false, false, true, true, false, false]);
      for (const receipt of dry) expect(receipt.applied).toBe(false);
      expect(dry[0]).toEqual({
        verdict: 'applied',
        applied: false,
        would_apply: true,
        execution_id: ids[0],
        current: expect.objectContaining({ status: 'failed', attempt: 1 }),
      });
      expect(dry[6]).toMatchObject({ verdict: 'not_found', current: null });
      const cancels = await bulk('cancel', { filter: { run_id }, dry_run: true });
      expect(cancels.filter(({ would_apply }) => would_apply)).toHaveLength(4);
      expect(await Promise.all(ids.map((id) => http.show(id)))).toEqual(before);
      const real = await bulk('resume', { execution_ids: [...ids, unknown] });
      expect(real.map(({ applied }) => applied)).toEqual(dry.map(({ would_apply }) => would_apply));
    }, 20_000);

    it.each(['in the body', 'in the header'])(
      'a retry under the same command_id, %s, finds each first receipt',
      async (where) => {
        const { ids } = await run(http, ['failed', 'failed', 'running']);
        const ask = (execution_ids: string[]) =>
          where === 'in the body'
            ? bulk('resume', { execution_ids, command_id: 'b' })
            : bulk('resume', { execution_ids }, { 'idempotency-key': 'b' });
        const first = await ask(ids.slice(0, 1)); // and then the connection was lost
        const all = await ask(ids);
        expect(all[0]).toEqual({ ...first[0], replayed: true });
        expect(verdictsOf(all)).toEqual(['applied', 'applied', 'not_resumable']);
        const again = await ask(ids);
        expect(again.map(({ replayed, position }) => [replayed, position])).toEqual([
          [true, all[0].position],
          [true, all[1].position],
          [undefined, undefined],
        ]);
        // The same id on another kind of bulk is another command.
        expect(verdictsOf(await bulk('cancel', { execution_ids: ids, command_id: 'b' }))).toEqual(
          Array(3).fill('applied'),
        );
      },
      20_000,
    );

    it.each([
      [{}],
      [{ execution_ids: [] }],
      [{ execution_ids: ['a'], filter: { run_id: 'r' } }],
      [{ execution_ids: Array.from({ length: 501 }, (_, n) => `x${n}`) }],
      [{ execution_ids: ['a~0'] }],
      [{ execution_ids: 'a' }],
      [{ filter: {} }],
      [{ filter: { status: ['nonsense'] } }],
      [{ filter: { cancellable: 'true' } }],
      [{ filter: { run_id: 'r' }, dry_run: 'yes' }],
    ])('%j is 400', async (body) => {
      for (const kind of ['resume', 'cancel']) expectProblem(await http.post(`/bulk/${kind}`, body), 400, 'validation');
    });

    it.each([
      [{ execution_ids: ['a'], no_such_key: 1 }, 'no_such_key'],
      [{ filter: { run_id: 'r', limit: 5 } }, 'limit'],
      [{ filter: { run_id: 'r', cursor: 'c' } }, 'cursor'],
      [{ execution_ids: ['a'], cascade: true }, 'cascade'],
    ])('an unknown key is a 400 that names it: %j', async (body, key) => {
      expect(expectProblem(await http.post('/bulk/cancel', body), 400, 'validation').detail).toContain(key);
    });

    it('knows no other command, and no If-Match', async () => {
      expect((await http.post('/bulk/pause', { execution_ids: ['a'] })).status).toBe(404);
      const one = await http.post('/bulk/cancel', { execution_ids: ['a'] }, { 'if-match': '"1"' });
      expect(expectProblem(one, 400, 'validation').detail).toContain('If-Match');
    });
  });
}

/** As many as take a while. */
export function describeManyBulkCommands(start: Start): void {
  describe('commands in bulk, by the hundred', () => {
    const http = serving(start);
    const bulk = bulkOf(http);

    it('by the list’s filter: newest first, more than a page of the list, each once', async () => {
      const { run_id, ids } = await run(http, [...Array<string>(430).fill('failed'), 'running', 'succeeded']);
      const receipts = await bulk('resume', { filter: { run_id, status: 'failed' } });
      expect(receipts.map(({ execution_id }) => execution_id).sort()).toEqual(ids.slice(0, 430));
      expect(new Set(verdictsOf(receipts))).toEqual(new Set(['applied']));
      const rest = await bulk('cancel', {
        filter: { run_id, cancellable: true, created_after: '2020-01-01T00:00:00Z' },
      });
      expect(rest.filter(({ cancelled }) => cancelled)).toHaveLength(431);
      expect(await bulk('cancel', { filter: { run_id: fresh('nobody') } })).toEqual([]);
      const others = { filter: { run_id, '-status': ['cancelled', 'succeeded'] }, dry_run: true };
      expect(await bulk('resume', others)).toEqual([]);
    }, 240_000);

    it('a bulk command whose caller hangs up ends with what was done by then', async () => {
      const { run_id, ids } = await run(http, Array<string>(600).fill('running'));
      const { hostname, port } = new URL(http.url);
      await new Promise<void>((gone) => {
        const headers = { 'content-type': 'application/json' };
        const sent = request({ hostname, port, path: '/api/v1/bulk/cancel', method: 'POST', headers, agent: false });
        sent.on('response', (response) => response.once('data', () => sent.destroy()));
        sent.on('error', () => undefined);
        sent.on('close', () => gone());
        sent.end(JSON.stringify({ filter: { run_id } }));
      });
      const open = async (): Promise<number> => {
        const { body } = await http.post('/executions/batch-status', { execution_ids: ids.slice(0, 500) });
        return Object.values<{ status: string }>(body).filter(({ status }) => status === 'running').length;
      };
      let before = -1;
      const left = await eventually(open, (now) => now === before || ((before = now), false));
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(500);
      const rest = await bulk('cancel', { filter: { run_id, status: ['running'] } });
      expect(rest.filter(({ applied }) => applied).length).toBeGreaterThanOrEqual(left);
      expect(await open()).toBe(0);
    }, 240_000);
  });
}
