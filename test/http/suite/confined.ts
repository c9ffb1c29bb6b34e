import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { followStream } from '../../support/ledger/event-stream.js';
import { addressOf, expectProblem, lines, serving, type Answer, type Http, type Start } from './http.js';
import { eventually } from '../../support/eventually.js';

const PREFIX = 'ci/%_';
const all = { 'x-api-key': 'key-of-all' };
const ci = { 'x-api-key': 'key-of-ci' };
const at = (id: string): string => `/executions/${encodeURIComponent(id)}`;
const isInside = (id: string): boolean => id.startsWith(PREFIX);

/** Ids inside, outside, and so near to the prefix that a mistake in comparing shows. */
const near = fc.oneof(
  fc.string({ maxLength: 4 }).map((rest) => PREFIX + rest),
  fc.constantFrom('ci/', 'ci/%', 'CI/%_', 'ci/xyz', ' ci/%_', 'ci/%_', 'ci/%^', 'cd/%_', 'ci%2F%25_'),
);
const ids = fc.uniqueArray(
  fc.tuple(near, fc.integer({ min: 0, max: 999 })).map(([id, n]) => `${id}${n}-${randomUUID().slice(0, 8)}`),
  { minLength: 30, maxLength: 30 },
);

/** The wire is what is under test: its shapes are asserted, not assumed. */
type Body = Answer['body'];

interface Endpoint {
  readonly verb: string;
  readonly path: string;
  readonly scope: string;
}

/** Every endpoint of the contract that wants a key. */
function endpoints(): Endpoint[] {
  const { paths } = JSON.parse(readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8'));
  return Object.entries<Record<string, { 'x-scope': string }>>(paths).flatMap(([path, verbs]) =>
    Object.entries(verbs)
      .map(([verb, { 'x-scope': scope }]) => ({ verb: verb.toUpperCase(), path, scope }))
      .filter(({ scope }) => scope !== 'public'),
  );
}

/** What a request about one execution asks, by its endpoint; those that are not here have no id in their body. */
const ABOUT: Readonly<Record<string, (id: string) => unknown>> = {
  '/api/v1/workflow/executions/events': (execution_id) => ({ execution_id, status: 'running' }),
  '/api/v1/lineage': (runId) => ({ eventTime: 'now', run: { runId }, job: { namespace: 'a', name: 'b' } }),
  '/v1/traces': (name) => ({
    resourceSpans: [
      {
        scopeSpans: [
          {
            spans: [
              {
                ...{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name, endTimeUnixNano: '1795260041500000000' },
                attributes: [{ key: 'gen_ai.operation.name', value: { stringValue: 'execute_tool' } }],
              },
            ],
          },
        ],
      },
    ],
  }),
  '/api/v1/sources/cloudevents': (execution_id) => ({
    ...{ specversion: '1.0', id: '1', source: '/a', type: 'executionledger.report.v1' },
    data: { execution_id, status: 'running' },
  }),
  '/api/v1/executions': (execution_id) => ({ execution_id }),
  '/api/v1/executions/batch-status': (id) => ({ execution_ids: [id] }),
  '/api/v1/bulk/cancel': (id) => ({ execution_ids: [id] }),
  '/api/v1/bulk/resume': (id) => ({ execution_ids: [id] }),
};
/** Those whose dialect gives the ids a beginning of its own, which is outside. */
const ELSEWHERE: readonly string[] = ['/api/v1/lineage', '/v1/traces'];
/** Those that show what is inside, whatever is asked. */
const SHOW = [
  'GET /api/v1/executions',
  'GET /api/v1/events',
  'GET /api/v1/stream',
  'GET /api/v1/projections/{name}/rows',
  'GET /api/v1/session',
  'GET /api/v1/inbox',
];
/** Answers each line by itself. */
const LINES = 'POST /api/v1/reports';
const EVERYTHING = /projections|operations|status-counts|target-health|failure-groups|histogram|metrics/;

/** All pages of a list or of the log. */
async function walked(
  http: Http,
  path: string,
  key: Record<string, string>,
  member: string,
  next: (body: Body) => string | undefined,
) {
  const found: Body[] = [];
  for (let more: string | undefined = ''; more !== undefined;) {
    const { body, status, text } = await http.get(`${path}${more}`, key);
    expect({ status, text }).toMatchObject({ status: 200 });
    found.push(...body[member]);
    more = next(body);
  }
  return found;
}
const listed = (http: Http, key: Record<string, string>, query = '') =>
  walked(http, `/executions?limit=7${query}`, key, 'executions', ({ next_cursor: cursor }) =>
    cursor === undefined ? undefined : `&cursor=${cursor}`,
  );
/** To where a page is empty and goes on from nowhere else: the head may be that of events which are nobody's. */
const logged = (http: Http, key: Record<string, string>) => {
  let last: string | undefined;
  return walked(http, '/events?limit=50', key, 'events', ({ events, next_after: next }) => {
    if (events.length === 0 && next === last) return undefined;
    last = next;
    return `&after=${next}`;
  });
};

/** docs/sharing.md, What a confined key may do: a key that is confined to a prefix of ids. */
export function describeConfined(start: Start): void {
  describe('a confined key', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ledger-confined-'));
    const API_KEYS_FILE = join(folder, 'keys');
    writeFileSync(API_KEYS_FILE, `all key-of-all\nci key-of-ci ids=${PREFIX}*\n`);
    const http = serving(start, { API_KEYS_FILE });
    afterAll(() => rmSync(folder, { recursive: true }));

    const made: string[] = [];
    const outside = () => made.filter((id) => !isInside(id));
    const inside = () => made.filter(isInside);
    const tell = (execution_id: string, more: object = {}, key = all) =>
      http.post('/workflow/executions/events', { execution_id, status: 'running', ...more }, key);
    beforeAll(async () => {
      const names = fc.sample(ids, { numRuns: 1, seed: 16 })[0]!;
      let position = '';
      for (const [n, id] of names.entries()) {
        const parent = n % 3 === 0 ? {} : { parent_execution_id: names[n - 1] };
        position = (await tell(id, { ...parent, run_id: 'run', target: 'T' })).body.position;
      }
      made.push(...names);
      expect(Math.min(inside().length, outside().length)).toBeGreaterThan(5);
      for (const query of ['/executions?limit=1', `${at(names[0]!)}/tree?limit=1`])
        await http.get(`${query}&wait_for=${position}`, all);
    }, 30_000);

    it('is refused at every endpoint outside, whether or not there is such an execution, and by name', async () => {
      const answers = new Map<string, readonly [Endpoint, Answer]>();
      for (const id of [outside()[0]!, `cd/${randomUUID()}`])
        for (const one of endpoints()) {
          const { verb, path } = one;
          const name = `${verb} ${path}`;
          if (SHOW.includes(name) || name === LINES) continue;
          const target = addressOf(path).replace('{id}', encodeURIComponent(id)).replace('{name}', 'run-tree');
          const body =
            verb === 'GET'
              ? undefined
              : (ABOUT[path]?.(id) ?? (EVERYTHING.test(path) ? undefined : { status: 'running' }));
          const answer = await http.call(verb, target, body, ci);
          const { detail } = expectProblem(answer, 403, 'forbidden');
          expect([name, detail]).toEqual([name, expect.stringContaining(JSON.stringify(PREFIX))]);
          expect(answer.text).not.toContain(id);
          const before = answers.get(name);
          if (before) expect([name, answer.text]).toEqual([name, before[1].text]);
          answers.set(name, [one, answer]);
        }
      expect(answers.size + SHOW.length + 1).toBe(endpoints().length);
      expect(answers.size).toBeGreaterThan(25);
    }, 30_000);

    it('is served inside, at every endpoint that names an execution', async () => {
      for (const { verb, path } of endpoints()) {
        if (EVERYTHING.test(path) || ELSEWHERE.includes(path) || !(path.includes('{id}') || path in ABOUT)) continue;
        const id = `${PREFIX}${randomUUID()}`;
        await tell(id);
        const address = path.replace('/api/v1', '').replace('{id}', encodeURIComponent(id));
        const body = verb === 'GET' ? undefined : (ABOUT[path]?.(id) ?? { status: 'running' });
        const { status } = await http.call(verb, address, body, ci);
        expect([verb, path, status === 403]).toEqual([verb, path, false]);
      }
    }, 30_000);

    it('may name no parent outside, at any endpoint, and nothing is written of it', async () => {
      const parent_execution_id = outside()[0]!;
      for (const [path, more] of [
        ['/workflow/executions/events', { status: 'running' }],
        ['/executions', {}],
      ] as const) {
        const execution_id = `${PREFIX}${randomUUID()}`;
        const answer = await http.post(path, { execution_id, parent_execution_id, ...more }, ci);
        expect(expectProblem(answer, 403, 'forbidden').detail).toMatch(/^parent_execution_id: /);
        expect((await http.get(at(execution_id), all)).status).toBe(404);
      }
      const answer = await http.post(`${at(inside()[0]!)}/status`, { status: 'running', parent_execution_id }, ci);
      expectProblem(answer, 403, 'forbidden');
    });

    it('of many reports those inside are decided, and each other one is told why not', async () => {
      const [good, bad] = [`${PREFIX}${randomUUID()}`, `cd/${randomUUID()}`];
      const body = [
        { execution_id: good, status: 'running' },
        { execution_id: bad, status: 'running' },
        { execution_id: good, status: 'succeeded', parent_execution_id: outside()[0] },
      ];
      const answer = await http.post('/reports', body, ci);
      expect(lines(answer.text)).toMatchObject([
        { verdict: 'applied', execution_id: good },
        { verdict: 'forbidden', applied: false, error: expect.stringContaining(JSON.stringify(PREFIX)) },
        { verdict: 'forbidden', applied: false, error: expect.stringMatching(/^parent_execution_id: /) },
      ]);
      expect((await http.get(at(good), ci)).body.status).toBe('running');
      expect((await http.get(at(bad), all)).status).toBe(404);
    });

    it('is shown of any list what the others are shown of it, but for what is outside', async () => {
      const part = fc.nat({ max: 6 }).chain((size) => fc.constantFrom(...made).map((id) => id.slice(0, size + 1)));
      const query = fc
        .record(
          {
            q: part,
            parent_execution_id: fc.constantFrom(...made),
            status: fc.constantFrom('running', 'failed'),
            sort: fc.constantFrom('created_at', '-created_at', 'last_activity_at'),
          },
          { requiredKeys: [] },
        )
        .map((asked) => `&${new URLSearchParams(asked as Record<string, string>).toString()}`);
      await fc.assert(
        fc.asyncProperty(query, async (asked) => {
          const everything = await listed(http, all, asked);
          const shown = await listed(http, ci, asked);
          const named = (some: { execution_id: string }[]) => some.map(({ execution_id }) => execution_id);
          expect(named(shown)).toEqual(named(everything).filter(isInside));
        }),
        { numRuns: 15, seed: 16 },
      );
    }, 30_000);

    it('is shown of the rows of a projection those inside, and nothing of what counts over all', async () => {
      const rowsOf = (name: string, key: Record<string, string>) =>
        walked(http, `/projections/${name}/rows?limit=7`, key, 'rows', ({ next_cursor: cursor }) =>
          cursor === undefined ? undefined : `&cursor=${cursor}`,
        );
      for (const name of ['execution-status', 'run-tree']) {
        const everything = await rowsOf(name, all);
        const shown = await rowsOf(name, ci);
        expect(shown).toEqual(everything.filter(({ execution_id }) => isInside(execution_id)));
        expect(shown.length).toBeGreaterThan(5);
        expect(everything.length).toBeGreaterThan(shown.length);
        const asked = `/projections/${name}/rows?execution_id=${encodeURIComponent(outside()[0]!)}`;
        expect((await http.get(asked, ci)).body.rows).toEqual([]);
        const { body } = await http.get(`/projections/${name}/rows?limit=1`, all);
        const { rows } = (await http.get(`/projections/${name}/rows?limit=500&cursor=${body.next_cursor}`, ci)).body;
        expect(rows.every(({ execution_id }: Body) => isInside(execution_id))).toBe(true);
      }
      for (const name of ['status-counts', 'target-health', 'failure-groups', 'outcome-histogram'])
        for (const asked of ['', '?target=T', '?nothing=1']) {
          const { detail } = expectProblem(await http.get(`/projections/${name}/rows${asked}`, ci), 403, 'forbidden');
          expect(detail).toContain(JSON.stringify(PREFIX));
        }
    });

    it('is counted of the inbox what is inside, and nothing of the projections', async () => {
      const [near, far] = [PREFIX, 'cd/'].map((prefix) => prefix + randomUUID());
      const inboxOf = async (key: typeof ci, after: string) =>
        (await http.get(`/inbox?wait_for=${after}`, key)).body.items.map(
          ({ kind, count, query }: Body) => [kind, count, query] as const,
        );
      const [before, shown] = [await inboxOf(all, '0'), await inboxOf(ci, '0')];
      expect(shown).toHaveLength(before.length - 3);
      expect(shown.map(([, , query]: Body) => query)).not.toContain('/api/v1/projections');
      await tell(far!, { status: 'failed' });
      const { position } = (await tell(near!, { status: 'failed' })).body;
      const failed = async (key: typeof ci): Promise<number> =>
        (await inboxOf(key, position)).find(([kind]: Body) => kind === 'failed_and_resumable')![1];
      expect([await failed(all), await failed(ci)]).toEqual([before[3][1] + 2, shown[3][1] + 1]);
    });

    it('no cursor of another key takes it outside', async () => {
      const { body } = await http.get('/executions?limit=1&sort=created_at', all);
      const { body: next } = await http.get(`/executions?limit=500&cursor=${body.next_cursor}`, ci);
      expect(next.executions.length).toBeGreaterThan(5);
      expect(next.executions.filter((one: Body) => !isInside(one.execution_id))).toEqual([]);
    });

    it('reads of the log what the others read of it, but for what is outside', async () => {
      const everything = await logged(http, all);
      const shown = await logged(http, ci);
      expect(shown).toEqual(everything.filter(({ execution_id }) => isInside(execution_id)));
      expect(everything.length).toBeGreaterThan(shown.length);
    }, 60_000);

    it('waits for events inside its prefix, and is not woken by events outside it', async () => {
      const { body } = await http.get('/events?limit=1000', all);
      const waiting = http.get(`/events?after=${body.head_position}&wait_ms=20000`, ci);
      await tell(outside()[0]!, { message: 'outside' });
      const id = `${PREFIX}${randomUUID()}`;
      await tell(id);
      const { events } = (await waiting).body;
      expect(events.map(({ execution_id }: Body) => execution_id)).toContain(id);
      expect(events.every(({ execution_id }: Body) => isInside(execution_id))).toBe(true);
    }, 30_000);

    it('follows what changes inside, and comes back to where it was', async () => {
      const stream = await followStream(http.url, '?after=0', ci);
      const id = `${PREFIX}${randomUUID()}`;
      await tell(id);
      const { position } = (await tell(outside()[0]!, { message: randomUUID() })).body;
      await stream.until(() => BigInt(stream.lastId ?? 0) >= BigInt(position));
      const seen = stream.sent.map(({ data }) => data?.execution_id).filter((one) => one !== undefined);
      stream.stop();
      expect(seen).toEqual(expect.arrayContaining([...inside(), id]));
      expect(seen.filter((one: string) => !isInside(one))).toEqual([]);
    }, 20_000);

    it('a cascade and a bulk by filter stay inside, and the cascade says that it left something', async () => {
      const [root, child, left, below] = [PREFIX, PREFIX, 'cd/', PREFIX].map((prefix) => prefix + randomUUID());
      const target = `target-${randomUUID()}`;
      await tell(root!, { target });
      await tell(child!, { target, parent_execution_id: root });
      await tell(left!, { target, parent_execution_id: root });
      await tell(below!, { target, parent_execution_id: left });
      const tree = async (key: typeof ci) =>
        (
          await eventually(
            () => http.get(`${at(root!)}/tree`, key),
            ({ body }) => body.root?.children.length > (key === ci ? 0 : 1),
          )
        ).body;
      expect(await tree(all)).toMatchObject({ run_counts: { running: 1 }, root: { child_counts: { running: 2 } } });
      const shown = await tree(ci);
      expect(shown).toMatchObject({
        root: { child_counts: { running: 1 }, children: [{ execution_id: child }] },
        truncated: true,
      });
      expect(shown.run_counts).toBeUndefined();
      expect(shown.root.children).toHaveLength(1);

      const bulk = await http.post('/bulk/cancel', { filter: { target }, dry_run: true }, ci);
      expect(new Set(lines(bulk.text).map(({ execution_id }) => execution_id))).toEqual(new Set([root, child, below]));
      const { body } = await http.post(`${at(root!)}/cancel`, { cascade: true }, ci);
      expect(body).toMatchObject({ cancelled: true, children_omitted: 'confined' });
      expect(new Set(body.children.map(({ execution_id }: Body) => execution_id))).toEqual(new Set([child, below]));
      expect((await http.get(at(left!), all)).body.status).toBe('running');
    }, 20_000);
  });
}
