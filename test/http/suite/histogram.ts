import { expectProblem, fresh, type Http } from './http.js';

type Counts = Record<string, number>;
type Bucket = { from: string; counts: Counts; others?: number; absent?: number; p50_ms?: number; p95_ms?: number };

const DAY_MS = 86_400_000;
const AT = '2021-05-05T12:34:56.000Z';

/** docs/http-api.md, Outcomes over time. */
export function describeHistogram(http: Http): void {
  const histogram = async (query: string) => {
    const answer = await http.get(`/executions/histogram?${query}`);
    expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 });
    return answer.body as { from: string; to: string; interval: string; by: string; buckets: Bucket[] };
  };
  /** The intervals in which something ended. */
  const shown = async (query: string) =>
    (await histogram(query)).buckets.filter(({ counts, others, absent }) =>
      Boolean(Object.keys(counts).length || others || absent),
    );
  const ended = async (status: string, description: object, completed_at = AT, more: object = {}) => {
    const id = fresh();
    await http.post('/executions', { execution_id: id, ...description });
    return (await http.say(id, status, { completed_at, ...more })).body.position as string;
  };
  const around = (from: string, to: string): string => `from=${from}&to=${to}`;
  const THAT_DAY = around('2021-05-05T00:00:00Z', '2021-05-06T00:00:00Z');

  it('counts outcomes in the interval that they fell in, with quantiles of their durations', async () => {
    const workflow_id = fresh('w');
    for (const duration_ms of [100, 200, 300]) await ended('succeeded', { workflow_id }, AT, { duration_ms });
    const position = await ended('failed', { workflow_id }, '2021-05-05T13:04:00.000Z');
    const asked = `workflow_id=${workflow_id}&wait_for=${position}`;
    const hours = await histogram(`${asked}&interval=1h&${around('2021-05-05T12:20:00Z', '2021-05-05T14:10:00Z')}`);
    expect(hours).toMatchObject({
      ...{ from: '2021-05-05T12:00:00.000Z', to: '2021-05-05T15:00:00.000Z', interval: '1h', by: 'status' },
    });
    expect(hours.buckets).toEqual([
      {
        from: '2021-05-05T12:00:00.000Z',
        counts: { succeeded: 3 },
        p50_ms: expect.any(Number),
        p95_ms: expect.any(Number),
      },
      { from: '2021-05-05T13:00:00.000Z', counts: { failed: 1 } },
      { from: '2021-05-05T14:00:00.000Z', counts: {} },
    ]);
    expect(hours.buckets[0]!.p50_ms! / 200).toBeCloseTo(1, 1);
    const begins: Record<string, string[]> = {
      '1m': ['12:34', '13:04'],
      '5m': ['12:30', '13:00'],
      '30m': ['12:30', '13:00'],
      '1d': ['00:00'],
    };
    for (const [interval, expected] of Object.entries(begins)) {
      const buckets = await shown(`${asked}&interval=${interval}&${THAT_DAY}`);
      expect(buckets.map(({ from }) => from.slice(11, 16))).toEqual(expected);
      expect(buckets[0]!.p50_ms).toBeDefined();
    }
  });

  it.each(['1h', '1d'])(
    'of %s is keyed by a status, workflow, target or kind, under the same filters',
    async (interval) => {
      const [workflow_id, other, target, kind] = [fresh('w'), fresh('w'), fresh('t'), fresh('k')];
      await ended('succeeded', { workflow_id, target, kind });
      await ended('succeeded', { workflow_id: other, target, kind });
      await ended('failed', { workflow_id, target, kind });
      const position = await ended('cancelled', { workflow_id, kind });
      const asked = `interval=${interval}&${THAT_DAY}&wait_for=${position}`;
      for (const [query, counts, absent] of [
        [`kind=${kind}`, { succeeded: 2, failed: 1, cancelled: 1 }],
        [`kind=${kind}&by=workflow`, { [workflow_id]: 3, [other]: 1 }],
        [`kind=${kind}&by=target`, { [target]: 3 }, 1],
        [`kind=${kind}&by=kind`, { [kind]: 4 }],
        [`workflow_id=${workflow_id}&by=target`, { [target]: 2 }, 1],
        [`target=${target}&by=kind`, { [kind]: 3 }],
        [`target=${target}&workflow_id=${other}&by=workflow`, { [other]: 1 }],
        [`kind=${kind}&status=failed&status=succeeded&by=workflow`, { [workflow_id]: 2, [other]: 1 }],
        [`kind=${kind}&-status=succeeded&-status=failed`, { cancelled: 1 }],
      ] as [string, Counts, number?][]) {
        const [bucket, ...more] = await shown(`${asked}&${query}`);
        expect([query, bucket?.counts, bucket?.absent, bucket?.others, more]).toEqual([
          query,
          counts,
          absent,
          undefined,
          [],
        ]);
      }
      expect(await shown(`${asked}&kind=${kind}&status=running`)).toEqual([]);
    },
  );

  it('has the ten values with the most outcomes, whatever they are, and the others together', async () => {
    const workflow_id = fresh('w');
    const names = ['others', 'absent', '__proto__', '', '😀\u0000', ...Array.from({ length: 7 }, (_, n) => `t${n}`)];
    for (const target of names.slice(0, 10)) {
      await ended('succeeded', { workflow_id, target });
      await ended('succeeded', { workflow_id, target }, '2021-05-05T13:00:00.000Z');
    }
    await ended('succeeded', { workflow_id, target: names[10]! });
    const position = await ended('succeeded', { workflow_id, target: names[11]! });
    const [first, second] = await shown(
      `workflow_id=${workflow_id}&by=target&interval=1h&${THAT_DAY}&wait_for=${position}`,
    );
    const most = names.slice(0, 10).sort();
    expect([Object.keys(first!.counts).sort(), first!.others, first!.absent]).toEqual([most, 2, undefined]);
    expect([Object.keys(second!.counts).sort(), second!.others]).toEqual([most, undefined]);
  });

  it('takes back what was a guess, and keeps what a resume made good', async () => {
    const workflow_id = fresh('w');
    const [guessed, resumed] = [fresh(), fresh()];
    await http.tell(guessed, 'timeout', { workflow_id, inferred: true });
    await http.tell(guessed, 'succeeded');
    await http.tell(resumed, 'failed', { workflow_id });
    await http.post(`/executions/${resumed}/resume`, {});
    const { body } = await http.tell(`${resumed}~2`, 'succeeded');
    for (const interval of ['1m', '1h', '1d']) {
      const total: Counts = {};
      for (const { counts } of await shown(`workflow_id=${workflow_id}&interval=${interval}&wait_for=${body.position}`))
        for (const [status, count] of Object.entries(counts)) total[status] = (total[status] ?? 0) + count;
      expect(total).toEqual({ succeeded: 2, failed: 1 });
    }
  });

  it('is of the last day by the hour, unless asked otherwise', async () => {
    const { from, to, interval, by, buckets } = await histogram('');
    expect([interval, by, Date.parse(to) - Date.parse(from), buckets.length]).toEqual([
      '1h',
      'status',
      25 * 3_600_000,
      25,
    ]);
    expect((await histogram('interval=1m')).buckets.length).toBeLessThanOrEqual(1_441);
  });

  it('is asked for what it counts by, and for no more intervals than it shows: it names those that would do', async () => {
    for (const query of ['run_id=x', '-target=x', 'label=a:b', 'resumable=true']) {
      const { detail } = expectProblem(await http.get(`/executions/histogram?${query}`), 400, 'validation');
      expect(detail).toContain('status, -status, workflow_id, target, kind');
      expect(detail).toContain(query.split('=')[0]);
    }
    for (const query of ['interval=2m', 'by=run', 'status=blue', 'to=then', around(AT, AT)])
      expectProblem(await http.get(`/executions/histogram?${query}`), 400, 'validation');
    const ago = (days: number) => new Date(Date.parse(AT) - days * DAY_MS).toISOString();
    for (const [interval, days, fits] of [
      ['1m', 2, '5m'],
      ['5m', 5, '30m'],
      ['1h', 9, '1d'],
    ] as const) {
      const answer = await http.get(`/executions/histogram?interval=${interval}&${around(ago(days), AT)}`);
      expect(expectProblem(answer, 400, 'validation').detail).toContain(`expected ${fits}`);
      expect((await histogram(`interval=${fits}&${around(ago(days), AT)}`)).interval).toBe(fits);
    }
    expectProblem(await http.get(`/executions/histogram?interval=1d&${around(ago(32), AT)}`), 400, 'validation');
  });

  it('an execution of that name is shown by its attempt', async () => {
    await http.tell('histogram', 'succeeded');
    expect((await http.get('/executions/histogram~1')).body).toMatchObject({ execution_id: 'histogram' });
  });
}
