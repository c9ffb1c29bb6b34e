import { request } from 'node:http';
import { expectProblem, fresh, lines, serving, type Start } from './http.js';
import { eventually } from '../../support/eventually.js';

const KEYS = 'ops:key-of-ops,other:key-of-other,board:key-of-board:read,worker:key-of-worker:report+command+operate';
const ops = { 'x-api-key': 'key-of-ops', 'x-actor-id': 'Ada', 'x-correlation-id': 'c-1' };
const other = { 'x-api-key': 'key-of-other' };

/** Whatever is done to the ledger itself is kept with who did it. `dense`: positions count events. */
export function describeOperations(start: Start, dense = true): void {
  describe('operations', () => {
    const http = serving(start, { API_KEYS: KEYS });
    const page = async (query = '') => (await http.get(`/operations?${query}`, other)).body;
    /** What was recorded after a moment; the log may be others', too. */
    const end = async (after = 0): Promise<number> => {
      const { next_after } = await page(`limit=500&after=${after}`);
      return next_after === after ? after : end(next_after);
    };
    const ask = (action: string, body?: object, headers: Record<string, string> = ops) =>
      http.post(`/projections/target-health/${action}`, body, headers);
    afterEach(() => ask('resume'));

    it.each([
      ['pause', undefined, {}],
      ['resume', undefined, {}],
      ['retry', undefined, {}],
      ['prune', undefined, {}],
      ['verify', undefined, {}],
      ['rebuild', { events_per_second: 1_000_000 }, { events_per_second: 1_000_000 }],
    ])('%s of a projection is kept with who did it, on whose behalf, of what, and when', async (action, body, more) => {
      const after = await end();
      // A chore that was asked for before may still be at it.
      for (let asked = 409; asked === 409;) ({ status: asked } = await ask(action, body));
      const { operations, next_after } = await page(`after=${after}`);
      expect(operations).toEqual([
        {
          number: after + 1,
          recorded_at: expect.stringMatching(/^\d{4}-.*Z$/),
          kind: `projection_${action}`,
          actor: 'ops',
          on_behalf_of: 'Ada',
          source: 'projections',
          correlation_id: 'c-1',
          about: { projection: 'target-health', version: expect.any(Number), ...more },
        },
      ]);
      expect(next_after).toBe(after + 1);
    });

    it('a request that was refused is no operation', async () => {
      const after = await end();
      expectProblem(await http.post('/projections/nobody/pause', undefined, ops), 404);
      expectProblem(await ask('pause', undefined, { 'x-api-key': 'key-of-board' }), 403);
      await ask('pause');
      expectProblem(await ask('retry'), 409); // it is paused
      expect((await page(`after=${after}`)).operations).toMatchObject([{ kind: 'projection_pause' }]);
    });

    it('a bulk command is kept with its filter and how many got which verdict, a dry run not at all', async () => {
      const after = await end();
      const run_id = fresh('run');
      const ids = [0, 1, 2].map((n) => `${run_id}-${n}`);
      const report = (execution_id: string, status: string) =>
        http.post('/workflow/executions/events', { execution_id, status, run_id }, ops);
      const positions = await Promise.all(ids.map(async (id) => Number((await report(id, 'running')).body.position)));
      await http.get(`/executions?limit=1&wait_ms=20000&wait_for=${Math.max(...positions)}`, ops);
      const filter = { run_id, status: ['running'] };
      for (const dry_run of [true, false])
        expect(lines((await http.post('/bulk/cancel', { filter, reason: 'over', dry_run }, ops)).text)).toHaveLength(3);
      await http.post('/bulk/cancel', { execution_ids: [ids[0], ids[0], fresh('nobody')] }, other);
      await http.post('/bulk/resume', { execution_ids: ids.slice(1) }, other);
      const { operations } = await page(`after=${after}`);
      expect(operations).toMatchObject([
        { kind: 'bulk_cancel', actor: 'ops', on_behalf_of: 'Ada', source: 'bulk_cancel' },
        { kind: 'bulk_cancel', actor: 'other' },
        { kind: 'bulk_resume', actor: 'other', source: 'bulk_resume' },
      ]);
      expect(operations.map(({ about }: { about: object }) => about)).toEqual([
        { filter, reason: 'over', counts: { applied: 3 } },
        { named: 3, counts: { duplicate: 1, not_found: 1 } },
        { named: 2, counts: { not_resumable: 2 } },
      ]);
    });

    it('a bulk command whose caller goes away is kept as far as it came', async () => {
      const after = await end();
      const execution_ids = Array.from({ length: 500 }, () => fresh('nobody'));
      const asked = request(`${http.url}/api/v1/bulk/cancel`, {
        method: 'POST',
        headers: { ...ops, 'content-type': 'application/json' },
      });
      asked.on('error', () => undefined).on('response', (answer) => answer.once('data', () => asked.destroy()));
      asked.end(JSON.stringify({ execution_ids }));
      const { operations } = await eventually(
        () => page(`after=${after}`),
        (found) => found.operations.length > 0,
      );
      expect(operations).toMatchObject([{ kind: 'bulk_cancel', actor: 'ops', about: { named: 500 } }]);
      expect(operations[0].about.counts.not_found).toBeGreaterThan(0);
    });

    it('are read page by page, by actor and by kind', async () => {
      const after = await end();
      for (const [action, headers] of [
        ['pause', ops],
        ['resume', other],
        ['pause', other],
        ['resume', ops],
      ] as const)
        await ask(action, undefined, headers);
      const numbers = async (query: string) =>
        (await page(`after=${after}&${query}`)).operations.map(({ number }: { number: number }) => number - after);
      expect(await numbers('')).toEqual([1, 2, 3, 4]);
      expect(await numbers('actor=ops')).toEqual([1, 4]);
      expect(await numbers('kind=projection_pause')).toEqual([1, 3]);
      expect(await numbers('kind=projection_pause&actor=other')).toEqual([3]);
      const walked: number[] = [];
      for (let at = after, before = -1; at !== before;) {
        const { operations, next_after } = await page(`limit=1&actor=ops&after=${at}`);
        walked.push(...operations.map(({ number }: { number: number }) => number - after));
        [before, at] = [at, next_after];
      }
      expect(walked).toEqual([1, 4]);
      expectProblem(await http.get('/operations?kind=tea', ops), 400);
      expectProblem(await http.get('/operations?limit=501', ops), 400);
    });

    it('want the scope read, and disturb nobody who reads or follows executions', async () => {
      expectProblem(await http.get('/operations', { 'x-api-key': 'key-of-worker' }), 403);
      expect((await http.get('/operations', { 'x-api-key': 'key-of-board' })).status).toBe(200);
      const { head_position } = (await http.get('/events?limit=1', ops)).body;
      await ask('pause');
      await ask('resume');
      const now = (await http.get('/events?limit=1', ops)).body.head_position;
      expect(BigInt(now) - BigInt(head_position)).toBe(dense ? 2n : 0n);
      const id = fresh();
      const { position } = (await http.post('/workflow/executions/events', { execution_id: id, status: 'failed' }, ops))
        .body;
      const { events } = (await http.get(`/events?after=${head_position}`, ops)).body;
      expect(events.map(({ execution_id }: { execution_id: string }) => execution_id)).toContain(id);
      expect(JSON.stringify(events)).not.toContain('OperationRecorded');
      for (const path of ['/executions?limit=1', '/target-health?', '/status-counts?'])
        expect((await http.get(`${path}&wait_ms=20000&wait_for=${position}`, ops)).status).toBe(200);
      expectProblem(await http.get('/executions/ledger-operations', ops), 404);
    });
  });
}
