import { expectProblem, fresh, type Http } from './http.js';

type Row = Record<string, unknown>;

/** docs/http-api.md, List: its cursor. */
export function describePages(http: Http): void {
  const made = async (count: number) => {
    const workflow_id = fresh('w');
    const ids = Array.from({ length: count }, (_, n) => `${workflow_id}-${n}`);
    for (const id of ids) await http.tell(id, 'running', { workflow_id });
    const { body } = await http.tell(fresh(), 'running');
    const first = async (query: string) =>
      (await http.get(`/executions?workflow_id=${workflow_id}&wait_for=${body.position}&${query}`)).body;
    return { workflow_id, ids, first };
  };

  it.each([
    ['-created_at', -1],
    ['created_at', 1],
  ])('paging by %s is stable under writes', async (sort, direction) => {
    const { workflow_id, ids, first } = await made(7);
    let page = await first(`sort=${sort}&limit=2`);
    const seen = page.executions.map((row: Row) => row['execution_id']);
    for (let n = 0; page.next_cursor !== undefined; n++) {
      await http.tell(`${workflow_id}-new${n}`, 'running', { workflow_id });
      const { body } = await http.tell(ids[(n * 3) % 7]!, undefined, { message: `m${n}` });
      page = (await http.get(`/executions?cursor=${page.next_cursor}&limit=3&wait_for=${body.position}&wait_ms=5000`))
        .body;
      seen.push(...page.executions.map((row: Row) => row['execution_id']));
    }
    const expected = direction === 1 ? ids : [...ids].reverse();
    expect(seen.filter((id: string) => ids.includes(id))).toEqual(expected);
    expect(new Set(seen).size).toBe(seen.length);
    if (direction === -1) expect(seen).toEqual(expected);
  });

  it('the cursor pins the query: the filter goes on with it, the last page has none', async () => {
    const { ids, first } = await made(4);
    const page = await first('status=running&limit=3');
    const rest = (await http.get(`/executions?cursor=${page.next_cursor}`)).body;
    expect(rest.executions.map((row: Row) => row['execution_id'])).toEqual([ids[0]]);
    expect(rest).not.toHaveProperty('next_cursor');
    expect(await first('limit=4')).not.toHaveProperty('next_cursor');
  });

  it('count=true says how many there are on all pages, on each page that asks', async () => {
    const { first } = await made(5);
    const page = await first('count=true&limit=2');
    expect(page).toMatchObject({ total: 5, total_is_exact: true });
    const next = (await http.get(`/executions?cursor=${page.next_cursor}&limit=2&count=true`)).body;
    expect(next).toMatchObject({ total: 5, total_is_exact: true });
    const last = (await http.get(`/executions?cursor=${next.next_cursor}&count=false`)).body;
    for (const uncounted of [last, await first('limit=2')]) expect(uncounted).not.toHaveProperty('total');
    expect(await first('count=true&status=failed')).toMatchObject({ executions: [], total: 0, total_is_exact: true });
    expectProblem(await http.get('/executions?count=some'), 400, 'validation');
  });

  it('executions made in the same moment are each listed once', async () => {
    const workflow_id = fresh('w');
    const reports = Array.from({ length: 60 }, (_, n) => ({
      execution_id: `${workflow_id}-${n}`,
      workflow_id,
      status: 'running',
    }));
    await http.post('/reports', reports);
    const { body } = await http.tell(fresh(), 'running');
    for (const sort of ['created_at', '-created_at', 'last_activity_at', '-last_activity_at']) {
      let page = (
        await http.get(`/executions?workflow_id=${workflow_id}&sort=${sort}&limit=7&wait_for=${body.position}`)
      ).body;
      const seen = new Set(page.executions.map((row: Row) => row['execution_id']));
      let count = page.executions.length;
      while (page.next_cursor) {
        page = (await http.get(`/executions?cursor=${page.next_cursor}&limit=7`)).body;
        for (const row of page.executions) seen.add(row.execution_id);
        count += page.executions.length;
      }
      expect([count, seen.size]).toEqual([60, 60]);
    }
  });

  it('by duration those that have one are listed, each once and in the order of their numbers, to the last digit', async () => {
    const workflow_id = fresh('w');
    const durations = [0, 0.1, 0.3, 0.30000000000000004, 0.3, 159, 1e12, 3, 20, undefined];
    const reports = durations.map((duration_ms, n) => ({
      ...{ execution_id: `${workflow_id}-${n}`, workflow_id, status: 'succeeded', duration_ms },
    }));
    await http.post('/reports', [...reports, { execution_id: `${workflow_id}-a`, workflow_id, status: 'running' }]);
    const { body } = await http.tell(fresh(), 'running');
    const order = '012437856';
    for (const [sort, expected] of [
      ['duration_ms', order],
      ['-duration_ms', [...order].reverse().join('')],
    ] as const) {
      const asked = `workflow_id=${workflow_id}&sort=${sort}&limit=2`;
      const seen: Row[] = [];
      for (let more: string | undefined = ''; more !== undefined;) {
        const answer = await http.get(`/executions?${asked}&wait_for=${body.position}${more}`);
        expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 });
        seen.push(...answer.body.executions);
        const { next_cursor } = answer.body;
        more = next_cursor === undefined ? undefined : `&cursor=${next_cursor}`;
      }
      expect(seen.map((row) => String(row['execution_id']).slice(-1)).join('')).toBe(expected);
      expect(seen.map((row) => row['duration_ms'])).toEqual([...expected].map((n) => durations[Number(n)]));
    }
  });

  it.each([
    'x',
    'e30',
    'bnVsbA',
    Buffer.from(
      '{"f":{"a;drop":1},"s":"-created_at","n":"2026-01-01T00:00:00Z","k":["2026-01-01T00:00:00Z","a"]}',
    ).toString('base64url'),
  ])('a cursor that is none is 400: %s', async (cursor) => {
    expectProblem(await http.get(`/executions?cursor=${cursor}`), 400, 'validation');
  });

  it('a cursor that somebody wrote is read as any input: what no list could have given is 400, never an outage', async () => {
    const { first } = await made(2);
    const { next_cursor } = await first('limit=1');
    const given = JSON.parse(Buffer.from(next_cursor, 'base64url').toString());
    const [at, id] = given.k as [string, string];
    const moments = [
      '0000-01-01T00:00:00.000Z',
      '+275760-09-13T00:00:00.000Z',
      `2026-01-01 (\0)`,
      '2026',
      at.slice(0, 10),
    ];
    const forged = [
      ...moments.flatMap((moment) => [
        { ...given, k: [moment, id] },
        { ...given, f: { ...given.f, created_after: moment } },
      ]),
      ...['2026', 7, null].map((n) => ({ ...given, n })),
      ...[[at], [at, 7], [7, id], [at, id, id], {}].map((k) => ({ ...given, k })),
      ...[
        { q: 7 },
        { attempt_above: 'many' },
        { attempt_above: -1 },
        { error: 'x' },
        { silent_for: 'soon' },
        { silent_for: -1 },
        { silent_for: {} },
        { limit: 1 },
        { stale: 'perhaps' },
        { status: [] },
        [],
        null,
        'x',
      ].map((f) => ({ ...given, f })),
      { ...given, s: 'execution_id; select' },
      ...[at, null, '7', true].map((key) => ({ ...given, s: 'duration_ms', k: [key, id] })),
      { ...given, more: 1 },
    ];
    const told = await Promise.all(
      forged.map(async (one) => {
        const cursor = Buffer.from(JSON.stringify(one)).toString('base64url');
        const { status } = await http.get(`/executions?cursor=${cursor}`);
        return status === 400 ? [] : [[status, one]];
      }),
    );
    expect(told.flat()).toEqual([]);
    const nul = { ...given, k: [at, '\0\ud800'], f: { run_id: '\0' } };
    const cursor = Buffer.from(JSON.stringify(nul)).toString('base64url');
    expect((await http.get(`/executions?cursor=${cursor}`)).status).toBe(200);
  });

  it('what a cursor was made with may accompany it, in other words as well', async () => {
    const { workflow_id, ids, first } = await made(2);
    const page = await first('limit=1&sort=created_at&status=queued&status=running&stale=false&attempt_above=0');
    for (const beside of [
      `sort=created_at&status=queued&status=running&stale=false&workflow_id=${workflow_id}`,
      'status=in_progress&status=queued',
      'stale=false&limit=3&attempt_above=0',
    ]) {
      const next = await http.get(`/executions?cursor=${page.next_cursor}&${beside}`);
      expect(next.body.executions).toMatchObject([{ execution_id: ids[1] }]);
    }
  });

  it('a cursor is short however long its filter is: what is long has to accompany it', async () => {
    const [workflow_id, target] = [fresh('w'), 'a long target '.repeat(200)];
    for (const n of [1, 2, 3]) await http.tell(`${workflow_id}-${n}`, 'running', { workflow_id, target });
    const { body } = await http.tell(fresh(), 'running');
    const long = `target=${encodeURIComponent(target)}`;
    const list = (query: string) => http.get(`/executions?${query}&wait_for=${body.position}&sort=created_at&limit=1`);
    const page = (await list(`workflow_id=${workflow_id}&${long}`)).body;
    expect(page.next_cursor.length).toBeLessThan(500);
    const next = (await list(`cursor=${page.next_cursor}&${long}`)).body;
    expect(next.executions).toMatchObject([{ execution_id: `${workflow_id}-2` }]);
    const last = (await list(`cursor=${next.next_cursor}&${long}&workflow_id=${workflow_id}`)).body;
    expect(last.executions).toMatchObject([{ execution_id: `${workflow_id}-3` }]);
    for (const beside of ['', '&target=x', `&${long}x`]) {
      const problem = expectProblem(await list(`cursor=${page.next_cursor}${beside}`), 400, 'validation');
      expect(problem.issues).toMatchObject([{ path: 'target' }]);
    }
    expectProblem(await list(`cursor=${page.next_cursor}&${long}&label=a:b`), 400, 'validation');
  });

  it('other parameters than it was made with are 400 that names them', async () => {
    const { first } = await made(2);
    const { next_cursor } = await first('limit=1');
    for (const other of [
      'sort=created_at',
      'status=running',
      'status=failed',
      'workflow_id=w',
      'label=a:b',
      'q=x',
      'stale=true',
      'created_after=2026-01-01T00:00:00Z',
    ]) {
      const problem = expectProblem(await http.get(`/executions?cursor=${next_cursor}&${other}`), 400, 'validation');
      expect(problem.detail).toContain(other.split('=')[0]);
    }
    expect((await http.get(`/executions?cursor=${next_cursor}&limit=1&wait_for=1&wait_ms=100`)).status).toBe(200);
    expectProblem(await http.get(`/executions?cursor=${next_cursor}x`), 400, 'validation');
  });
}
