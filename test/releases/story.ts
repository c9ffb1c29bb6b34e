import type { Call } from '../support/ledger/caller.js';

type StoryRequest = readonly [method: string, path: string, body?: unknown];

const told = (execution_id: string, status: string, more: object = {}): StoryRequest => [
  'POST',
  '/workflow/executions/events',
  { execution_id, status, ...more },
];
const commanded = (id: string, command: string, body: object = {}): StoryRequest => [
  'POST',
  `/executions/${id}/${command}`,
  body,
];

/** What JSON holds and a careless reader loses: written as text, for JavaScript would lose it, too. */
const ODD = '{"nul":"a\\u0000b","half":"\\ud800","large":1152921504606846977,"exact":1.50,"":null}';

/** Everything that is kept of an execution, in each way that it comes to be. */
export const STORY: readonly StoryRequest[] = [
  ['POST', '/executions', { execution_id: 'whole', run_id: 'r1', workflow_id: 'nightly', target: 'etl', kind: 'job' }],
  commanded('whole', 'dispatch', { handle: 'pod-7' }),
  told('whole', 'running', { worker: 'w1', occurred_at: '2026-01-01T00:00:00.000Z', event_id: 'once' }),
  told('whole', 'running', { worker: 'w1', occurred_at: '2026-01-01T00:00:00.000Z', event_id: 'once' }),
  ['POST', '/executions/whole/heartbeat', {}],
  told('whole', 'running', { progress: 40, message: 'é\u0000😀', data: { rows: 7 } }),
  [
    'POST',
    '/workflow/executions/events',
    `{"execution_id":"whole","status":"Complete","duration_ms":1234.5,"result":${ODD}}`,
  ],
  told('whole', 'failed', { error: 'too late' }),
  told('whole', 'running'),
  told('whole', 'success', { labels: { team: 'data' }, message: 'again' }),
  ['POST', '/executions', { execution_id: 'child', parent_execution_id: 'whole', labels: { team: 'data', tier: '1' } }],
  ['POST', '/executions', { execution_id: 'queued', target: 'gpu' }],
  commanded('queued', 'dispatch'),
  told('again', 'failed', { error: 'no disk', error_details: { code: 28 }, error_status_code: 507 }),
  commanded('again', 'resume', { reason: 'a larger disk' }),
  told('again', 'succeeded'),
  told('again~2', 'succeeded', { result: null }),
  told('tries', 'failed', { attempt: 1, error: 'one' }),
  told('tries', 'running', { attempt: 2 }),
  told('tries', 'timed_out', { attempt: 2, inferred: true }),
  told('waits', 'awaiting_approval', { status_reason: 'somebody must look' }),
  told('held', 'running'),
  commanded('held', 'pause', { reason: 'maintenance' }),
  told('held', 'succeeded'),
  told('released', 'running'),
  commanded('released', 'pause'),
  commanded('released', 'resume'),
  told('dropped', 'running'),
  commanded('dropped', 'cancel', { reason: 'not wanted' }),
  told('dropped', 'succeeded', { result: 1 }),
  ['POST', '/executions', { execution_id: 'unstaged' }],
  commanded('unstaged', 'abort', { phase: 'dispatch', error: 'no room' }),
  told('doubtful', 'completed', { error: 'but' }),
  told('doubtful', 'no such word'),
  told('released', 'queued', { target: 'gpu' }),
  told('line', 'queued'),
  ['POST', '/executions', { execution_id: 'late', timeout_ms: 1 }],
];

/** The executions that it is about. */
export const IDS = 'whole child queued again tries waits held released dropped unstaged doubtful line late'.split(' ');

/** Tells it, to the end of what the ledger does by itself, with a sign of life that counts, and until the lists have it. */
export async function tellStory(call: Call): Promise<void> {
  for (const [method, path, body] of STORY) await call(method, path, body);
  await call('GET', '/executions/late?until=terminal&wait_ms=20000');
  while ((await call('GET', '/executions/line')).body.revision < 2)
    await call('POST', '/executions/line/heartbeat', {});
  const { body } = await call('GET', '/events?limit=1');
  for (const list of ['executions', 'status-counts', 'target-health', 'projections/run-tree/rows'])
    await call('GET', `/${list}?wait_for=${body.head_position}`);
}

const READS = [
  '/events?limit=1000',
  '/executions?limit=500&sort=created_at',
  '/status-counts',
  '/executions/whole/tree',
  '/executions?label=team:data',
  ...IDS.flatMap((id) => ['', '/events', '/refused'].map((part) => `/executions/${id}${part}`)),
];

/** What goes by the clock of whoever asks. */
const OF_NOW = new Set(['as_of', 'silent', 'stale', 'resumable', 'lag_ms', 'lag_events']);

/** An answer, without what goes by the clock. */
interface KeptAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** What a ledger that was told the story answers whoever reads, as JSON. Numbers that no double holds stay as they are written. */
export async function answersOf(call: Call): Promise<Record<string, KeptAnswer>> {
  const answers: Record<string, KeptAnswer> = {};
  for (const path of READS) {
    const { status, text } = await call('GET', path);
    const exact = text.replaceAll(/(?<=[:[,])(-?\d{16,}|-?\d+\.\d+)(?=[,\]}])/g, '"$1"');
    const body: unknown = JSON.parse(exact, (key, value: unknown) => (OF_NOW.has(key) ? undefined : value));
    answers[path] = { status, body };
  }
  return answers;
}
