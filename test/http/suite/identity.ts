import { randomUUID } from 'node:crypto';
import { expectProblem, fresh, lines, serving, standing, type Http, type Start } from './http.js';

const whole = () => ({
  run_id: fresh('run'),
  workflow_id: fresh('workflow'),
  parent_execution_id: fresh('parent'),
  target: fresh('target'),
  kind: 'job',
  labels: { team: 'x', branch: 'main' },
});
const INPUT = { commit: '9f2c', nested: [1, null] };

/** Where an execution stands in the log by now: what was refused may have added to its identity and names no position. */
const positionOf = async (http: Http, id: string): Promise<string> => (await http.show(id)).position;

type Way = (http: Http, id: string, said: object) => Promise<{ verdict: string; ignored?: unknown }>;
const by =
  (send: 'tell' | 'say') =>
  (status?: string): Way =>
  async (http, id, said) =>
    (await http[send](id, status!, { ...said, input_data: INPUT })).body;
const [event, strict] = [by('tell'), by('say')];

/** Each way in by which an identity may come, and the verdict on an execution that stands so. */
const WAYS: readonly (readonly [name: string, standing: string, verdict: string, Way])[] = [
  ['an event', 'queued', 'applied', event('running')],
  ['an event of the same status', 'running', 'duplicate', event('running')],
  ['an event without a status', 'running', 'applied', event()],
  ['an event with the outcome', 'running', 'applied', event('succeeded')],
  ['an event after the final', 'succeeded', 'regression', event('running')],
  ['the same outcome again', 'succeeded', 'duplicate', event('succeeded')],
  ['another outcome', 'failed', 'conflict', event('succeeded')],
  ['an event of a word that nobody knows', 'running', 'unsupported_status', event('napping')],
  [
    'an event of an attempt that nobody opened',
    'running',
    'unknown_attempt',
    (http, id, said) => event('running')(http, `${id}~3`, said),
  ],
  ['a strict report', 'queued', 'applied', strict('running')],
  ['a strict report of the same status', 'running', 'duplicate', strict('running')],
  ['a strict report after the final', 'succeeded', 'regression', strict('running')],
  [
    'many reports',
    'queued',
    'applied',
    async (http, id, said) =>
      lines(
        (await http.post('/reports', [{ execution_id: id, status: 'running', ...said, input_data: INPUT }])).text,
      )[0],
  ],
  [
    'a registration',
    'running',
    'applied',
    async (http, id, said) => (await http.post('/executions', { execution_id: id, ...said, input: INPUT })).body,
  ],
  [
    'a registration after the final',
    'succeeded',
    'regression',
    async (http, id, said) => (await http.post('/executions', { execution_id: id, ...said, input: INPUT })).body,
  ],
];

function describeWays(http: Http): void {
  it.each(WAYS)('%s fills it where it is %s: %s', async (_name, status, verdict, way) => {
    const [id, said] = [await standing(http, status), whole()];
    const before = await http.show(id);
    expect(await way(http, id, said)).toMatchObject({ verdict });
    const after = await http.show(id);
    expect(after).toMatchObject({ ...said, input: INPUT });
    if (verdict !== 'applied') {
      const { last_activity_at } = before;
      expect(after).toMatchObject({ status, sealed: before.sealed, attempt: 1, last_activity_at });
    }
    const { events } = await http.history(id);
    expect(events.filter(({ type }: { type: string }) => type === 'ExecutionDescribed')).toHaveLength(1);
    // Once more, by whatever way it came: there is nothing to add.
    await way(http, id, said);
    const again = (await http.history(id)).events;
    expect(again.filter(({ type }: { type: string }) => type === 'ExecutionDescribed')).toHaveLength(1);
    expect(await http.refused(id)).not.toContainEqual(expect.objectContaining({ data: { report: said } }));
  });

  it('a delivery of GitHub fills what was reported before under its id', async () => {
    const job = Math.floor(Math.random() * 1e12);
    const id = `github-job-${job}`;
    await http.tell(id, 'queued');
    const payload = {
      repository: { full_name: 'octo/repo' },
      workflow_job: { id: job, run_id: job, run_attempt: 1, name: 'build', workflow_name: 'CI', status: 'in_progress' },
    };
    const headers = { 'x-github-event': 'workflow_job', 'x-github-delivery': randomUUID() };
    expect((await http.post('/sources/github', payload, headers)).body.receipts).toMatchObject([
      { verdict: 'applied' },
    ]);
    expect(await http.show(id)).toMatchObject({
      status: 'running',
      target: 'octo/repo/build',
      workflow_id: 'CI',
      run_id: `github-run-${job}.1`,
      parent_execution_id: `github-run-${job}.1`,
      labels: { source: 'github', repository: 'octo/repo' },
    });
  });

  it('what stands is not replaced: the others are kept by themselves, and the verdict is the report’s own', async () => {
    const id = fresh();
    await http.tell(id, 'queued', { target: 't', labels: { team: 'x' } });
    const { body } = await http.tell(id, 'running', {
      target: 'u',
      kind: 'job',
      labels: { team: 'y', branch: 'main' },
    });
    expect(body).toMatchObject({ verdict: 'applied', applied: true });
    const late = await http.post('/executions', { execution_id: id, target: 'v', workflow_id: 'w' });
    expect(late).toMatchObject({ status: 200, body: { verdict: 'applied' } });
    expect(await http.show(id)).toMatchObject({
      target: 't',
      kind: 'job',
      workflow_id: 'w',
      labels: { team: 'x', branch: 'main' },
    });
    const refused = (await http.refused(id)).map(({ data }: { data: object }) => data);
    expect(refused).toMatchObject([
      { verdict: 'conflict', report: { target: 'u', labels: { team: 'y' } }, against: { status: 'queued' } },
      { verdict: 'conflict', report: { target: 'v' }, against: { status: 'running' } },
    ]);
    expect(Object.keys(refused[0].report)).toEqual(['target', 'labels']);
  });

  it('nothing is its own parent: reports leave it out and say so, a registration that says so is none', async () => {
    const id = fresh();
    for (const said of [
      (await http.tell(id, 'queued', { parent_execution_id: id })).body,
      (await http.say(id, 'running', { parent_execution_id: `${id}~1` })).body,
    ]) {
      expect(said).toMatchObject({ applied: true, ignored: [{ path: 'parent_execution_id' }] });
    }
    expect(await http.show(id)).not.toHaveProperty('parent_execution_id');
    const other = fresh();
    const answer = await http.post('/executions', { execution_id: other, parent_execution_id: other });
    expect(expectProblem(answer, 400, 'validation').issues).toMatchObject([{ path: 'parent_execution_id' }]);
  });
}

function describeReadModels(http: Http): void {
  const counts = async (id: string, query: string) => {
    const { body } = await http.get(`/status-counts?wait_for=${await positionOf(http, id)}&${query}`);
    return body.counts;
  };

  it('lists and counts follow a workflow, a target and labels that come late', async () => {
    const [id, said] = [await standing(http, 'succeeded'), whole()];
    await http.say(id, 'succeeded', said);
    for (const query of [
      `workflow_id=${said.workflow_id}`,
      `run_id=${said.run_id}`,
      `target=${said.target}`,
      `parent_execution_id=${said.parent_execution_id}`,
      `label=branch:main&workflow_id=${said.workflow_id}`,
    ]) {
      const { body } = await http.get(`/executions?wait_for=${await positionOf(http, id)}&${query}`);
      expect(body.executions).toMatchObject([{ execution_id: id }]);
    }
    expect(await counts(id, `workflow_id=${said.workflow_id}&target=${said.target}`)).toMatchObject({ succeeded: 1 });
    const { body } = await http.get(`/target-health?wait_for=${await positionOf(http, id)}&target=${said.target}`);
    expect(body.targets).toMatchObject([{ outcomes: { succeeded: { worker: 1 } } }]);
  });

  it('the tree and the cascade follow a parent that comes late, also where it leads back', async () => {
    const [root, middle, leaf] = [
      await standing(http, 'running'),
      await standing(http, 'running'),
      await standing(http, 'succeeded'),
    ];
    await http.tell(leaf, 'running', { parent_execution_id: middle });
    await http.tell(middle, 'running', { parent_execution_id: root });
    await http.tell(root, 'running', { parent_execution_id: leaf });
    const position = await positionOf(http, root);
    const { body } = await http.get(`/executions/${root}/tree?wait_for=${position}`);
    expect(body.root).toMatchObject({
      execution_id: root,
      children: [{ execution_id: middle, children: [{ execution_id: leaf, children: [] }] }],
    });
    const { children } = (await http.post(`/executions/${root}/cancel`, { cascade: true })).body;
    expect(children).toMatchObject([
      { execution_id: middle, cancelled: true },
      { execution_id: leaf, cancelled: false, verdict: 'conflict' },
    ]);
  });
}

/** docs/semantics.md §3: identity fills, whenever it comes. */
export function describeIdentity(start: Start): void {
  const http = serving(start);
  describe('an identity that comes late', () => describeWays(http));
  describe('what follows it', () => describeReadModels(http));
}
