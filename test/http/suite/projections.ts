import { expectProblem, fresh, serving, type Start } from './http.js';
import { eventually } from '../../support/eventually.js';

interface View {
  readonly name: string;
  readonly state: string;
  readonly checkpoint: string;
  readonly lag_events?: number;
  readonly lag_ms: number;
  readonly version: number;
  readonly previous_version?: number;
  readonly verify?: { readonly state: string };
  readonly rebuild?: { readonly state: string; readonly version: number };
  readonly rollback?: { readonly state: string };
}

/** docs/http-api.md, Operations: the projections and their endpoints. `dense`: positions count events. */
export function describeProjections(start: Start, dense = true): void {
  describe('projections', () => {
    const lagEvents = dense ? expect.any(Number) : undefined;
    const http = serving(start);
    const show = async (name: string): Promise<View> => (await http.get(`/projections/${name}`)).body;
    const listed = async (): Promise<View[]> => (await http.get('/projections')).body.projections;
    const ask = async (action: string, name = 'status-counts') => http.post(`/projections/${name}/${action}`);
    const counted = (position: string, ms = 10_000) => http.get(`/status-counts?wait_for=${position}&wait_ms=${ms}`);
    const report = async () => (await http.tell(fresh(), 'running')).body.position as string;
    afterEach(() => ask('resume'));

    it('are listed with where they stand, and shown one by one', async () => {
      await counted(await report());
      const all = await eventually(listed, (projections) => projections.every(({ state }) => state === 'live'));
      expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining(['execution-status', 'status-counts']));
      expect(
        await eventually(
          () => show('status-counts'),
          ({ lag_ms, lag_events }) => lag_ms === 0 && lag_events === (dense ? 0 : undefined),
        ),
      ).toMatchObject({
        name: 'status-counts',
        version: 1,
        state: 'live',
        checkpoint: expect.stringMatching(/^\d+$/),
        head: expect.stringMatching(/^\d+$/),
        lag_ms: 0,
        leader: { pid: expect.any(Number), since: expect.stringMatching(/Z$/) },
        parked_count: 0,
        parked: [],
      });
      expectProblem(await http.get('/projections/nobody'), 404, 'not_found');
      for (const action of ['rebuild', 'verify', 'pause', 'resume', 'rollback', 'prune', 'retry'])
        expectProblem(await http.post(`/projections/nobody/${action}`), 404, 'not_found');
    });

    it('a paused one stands still while the others go on, and goes on from there when it is resumed', async () => {
      const paused = await ask('pause');
      expect([paused.status, paused.headers.get('location')]).toEqual([202, '/api/v1/projections/status-counts']);
      expect(paused.body).toMatchObject({ name: 'status-counts', state: 'paused' });
      expect((await ask('pause')).status).toBe(202); // wanting it twice is wanting it once
      // The page that was under way is its last.
      const behind = await eventually(
        async () => {
          const position = await report();
          return { position, seen: (await counted(position, 0)).status };
        },
        ({ seen }) => seen === 503,
      );
      expectProblem(await counted(behind.position, 50), 503, 'not_yet_projected');
      expect((await http.get(`/executions?limit=1&wait_for=${behind.position}`)).status).toBe(200);
      const { state, lag_events } = await show('status-counts');
      expect({ state, lag_events }).toEqual({ state: 'paused', lag_events: lagEvents });
      await eventually(
        () => http.get('//health/ready'),
        ({ body }) => body.projections['status-counts'].state === 'paused',
      );
      expectProblem(await ask('retry'), 409, 'not_now');
      expect((await ask('resume')).body).not.toMatchObject({ state: 'paused' });
      expect((await counted(behind.position)).status).toBe(200);
      expect((await ask('resume')).status).toBe(202);
    });

    it('are verified and rebuilt beside what is read, rolled back and pruned', async () => {
      await counted(await report());
      const [{ body: before }, { version }] = [await http.get('/status-counts'), await show('status-counts')];
      const done = (action: 'verify' | 'rebuild' | 'rollback', state: string) =>
        eventually(
          () => show('status-counts'),
          (shown) => shown[action]?.state === state,
        );
      /** What was under way may be over, and whoever was at it not gone yet. */
      const taken = (action: string, body?: object) =>
        eventually(
          () => http.post(`/projections/status-counts/${action}`, body),
          ({ status }) => status !== 409,
        );
      const verifying = await taken('verify');
      expect([verifying.status, verifying.headers.get('location')]).toEqual([202, '/api/v1/projections/status-counts']);
      expect(verifying.body.verify).toMatchObject({ rows: 0, drift: { rows: 0, fields: {}, sample: [] } });
      expect((await done('verify', 'verified')).verify).toMatchObject({ rows: expect.any(Number), drift: { rows: 0 } });
      expect((await http.post('/projections/status-counts/rebuild', { events_per_second: 1_000_000 })).status).toBe(
        202,
      );
      const rebuilt = await done('rebuild', 'swapped');
      expect(rebuilt).toMatchObject({ version: rebuilt.rebuild!.version, previous_version: version });
      expect(rebuilt.rebuild).toMatchObject({
        checkpoint: expect.stringMatching(/^\d+$/),
        events: expect.any(Number),
        events_per_second: expect.any(Number),
        started_at: expect.stringMatching(/Z$/),
        finished_at: expect.stringMatching(/Z$/),
        drift: { rows: 0, fields: {}, sample: [] },
      });
      expect((await http.get('/status-counts')).body.counts).toEqual(before.counts);
      expect((await taken('rollback')).status).toBe(202);
      expect(await done('rollback', 'swapped')).toMatchObject({ version, previous_version: rebuilt.version });
      expect((await taken('prune')).body.previous_version).toBeUndefined();
      expect((await ask('prune')).status).toBe(202);
      expectProblem(await ask('rollback'), 409, 'not_now');
      expect((await counted(await report())).status).toBe(200);
    }, 60_000);

    it('what cannot be asked for is told from what cannot be done now', async () => {
      for (const [action, body] of [
        ['rebuild', { events_per_second: 0 }],
        ['rebuild', { sample: 1 }],
        ['verify', { sample: 0 }],
        ['verify', { sample: 10 }], // counts are only verified whole
      ] as const)
        expectProblem(await http.post(`/projections/status-counts/${action}`, body), 400, 'validation');
      await ask('pause');
      expect(expectProblem(await ask('retry'), 409, 'not_now').detail).toMatch(/is paused.*: resume it first/);
    });

    it('are measured, each by its name', async () => {
      const { text } = await http.get('//metrics');
      for (const gauge of ['lag_ms', ...(dense ? ['lag_events'] : []), 'checkpoint', 'parked', 'led'])
        expect(text).toMatch(new RegExp(`^ledger_projection_${gauge}\\{projection="status-counts"\\} \\d`, 'm'));
      expect(text).toMatch(/^ledger_projection_state\{projection="execution-status",state="live"\} 1$/m);
      expect(text).toMatch(/^ledger_projection_state\{projection="execution-status",state="stalled"\} 0$/m);
    });
  });
}
