import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { DIALECTS } from '../../src/sources/sources.js';
import { startTestLedger } from '../support/ledger/ledger.js';
import { expectProblem } from './suite/http.js';

const SECRET = 'hunter2';
/** What no line of the log may hold: control characters, and letters that look like others. */
const HARMFUL = /[^\x20-\x7e]/;

interface Line {
  readonly event: string;
  readonly reason?: string;
  readonly [member: string]: unknown;
}

let ledger: Awaited<ReturnType<typeof startTestLedger>>;
let lines: Line[] = [];
beforeAll(async () => {
  ledger = await startTestLedger();
  const quiet = (): void => undefined;
  const warn = (line: unknown): void => void lines.push(line as Line);
  Logger.overrideLogger({ log: quiet, error: quiet, debug: quiet, verbose: quiet, warn });
}, 60_000);
afterAll(async () => {
  Logger.overrideLogger(false);
  await ledger.close();
});
beforeEach(() => {
  lines = [];
});

const counted = async (name: string, labels: string): Promise<number> => {
  const text = await (await fetch(`${ledger.url.replace('/api/v1', '')}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name}{${labels}}`));
  return Number(line?.split(' ').at(-1) ?? NaN);
};
const told = (): Line[] => lines.filter(({ reason }) => reason === 'malformed');

/** Each endpoint, and something that it cannot read. */
const BODIES: readonly [source: string, path: string, body: unknown, told: object, headers?: Record<string, string>][] =
  [
    ['events', '/workflow/executions/events', { execution_id: 7, error: SECRET }, { keys: ['execution_id', 'error'] }],
    ['status', '/executions/x/status', `{"status":"${SECRET}`, { type: 'undefined' }],
    ['progress', '/executions/x/progress', { progress: SECRET }, { keys: ['progress'] }],
    ['heartbeat', '/executions/x/heartbeat', [SECRET], { type: 'array' }],
    ['dispatch', '/executions/x/dispatch', '12345678901234567890', { type: 'number' }],
    ['github', '/sources/github', { [SECRET.toUpperCase()]: SECRET }, { type: 'object' }],
    ['gitlab', '/sources/gitlab', { object_kind: SECRET }, { keys: ['object_kind'] }, { 'x-gitlab-event': 'Job Hook' }],
    ['webhooks', '/sources/webhooks/any', { type: 7, data: SECRET }, { keys: ['type', 'data'] }, { 'webhook-id': '1' }],
    ['openlineage', '/lineage', { run: { runId: [SECRET] } }, { keys: ['run'] }],
    ['cloudevents', '/sources/cloudevents', { specversion: SECRET }, { keys: ['specversion'] }],
    ['opentelemetry', '//v1/traces', { resourceSpans: SECRET }, { keys: ['resourceSpans'] }],
    ['register', '/executions', { labels: { 'k\n\u202e': { a: SECRET } } }, { keys: ['labels'] }],
    ['cancel', '/executions/x/cancel', { cascade: SECRET, '\u001b[31m': 1 }, { keys: ['cascade', '\\u001b[31m'] }],
    ['bulk_resume', '/bulk/resume', { execution_ids: SECRET }, { keys: ['execution_ids'] }],
  ];

const isDialect = (source: string): boolean => (DIALECTS as readonly string[]).includes(source);

describe('what is malformed', () => {
  it.each(BODIES)(
    'at %s is counted, and told with a sample that holds none of its values',
    async (source, path, body, sample, ...[headers]) => {
      const before = (await counted('ledger_malformed_total', `source="${source}"`)) || 0;
      const answer = await ledger.call('POST', path, body, headers);
      expectProblem(answer, 400, 'validation');
      expect(await counted('ledger_malformed_total', `source="${source}"`)).toBe(before + 1);
      expect(told()).toMatchObject([
        { event: expect.stringMatching(`^(report|execution)\\.${source}_rejected$`), ...sample },
      ]);
      expect(told()[0]!['issues']).toContainEqual({ path: expect.any(String), message: expect.stringMatching(/./) });
      expect(told()[0]!['bytes']).toBeGreaterThan(0);
      const written = Object.values(told()[0]!).flatMap((value) => JSON.stringify(value) ?? []);
      expect(written.join()).not.toContain(SECRET);
      expect(written.join()).not.toMatch(HARMFUL);
    },
  );

  it.each(BODIES.filter(([source]) => !isDialect(source)))(
    'at %s is a number, however many digits it has',
    async (_source, path) => {
      const [short, long] = await Promise.all(['12', '12345678901234567890'].map((n) => ledger.call('POST', path, n)));
      expectProblem(short!, 400, 'validation');
      expect(long!.body).toEqual(short!.body);
    },
  );

  it('of a source is counted from the start, for an alert on a series that is not there never comes', async () => {
    for (const source of DIALECTS)
      expect([source, await counted('ledger_malformed_total', `source="${source}"`)]).not.toEqual([source, NaN]);
  });

  it('of many reports each is counted, and one of them told', async () => {
    const before = await counted('ledger_malformed_total', 'source="reports"');
    const bad = Array.from({ length: 50 }, (_, n) =>
      n % 2 ? `{"execution_id":"${SECRET}` : '{"execution_id":{"a":1}}',
    );
    await ledger.call('POST', '/reports', bad.join('\n'), { 'content-type': 'application/x-ndjson' });
    expect(await counted('ledger_malformed_total', 'source="reports"')).toBe(before + 50);
    expect(told()).toMatchObject([{ event: 'report.reports_rejected', type: 'object', keys: ['execution_id'] }]);
    expect(JSON.stringify(told())).not.toContain(SECRET);
  });

  it('is not what was refused, unknown or read', async () => {
    await ledger.call('POST', '/executions/nobody/status', { status: 'running' });
    await ledger.call('GET', '/executions?limit=none');
    await ledger.call('POST', '/executions/batch-status', { execution_ids: 7 });
    expect(told()).toEqual([]);
  });

  it('names no class of ours', async () => {
    const answer = await ledger.call('POST', '/workflow/executions/events', '{"execution_id":12345678901234567890}');
    expect(expectProblem(answer, 400, 'validation').detail).toBe(
      'execution_id: Invalid input: expected string, received number',
    );
  });
});

it('what was left out of reports is counted by its member, or as another one', async () => {
  const body = {
    execution_id: 'counted',
    status: 'running',
    duration_ms: -1,
    result: 1,
    errorMessage: 'e',
    state: 'x',
  };
  await ledger.call('POST', '/workflow/executions/events', body);
  const of = (member: string): Promise<number> =>
    counted('ledger_report_members_ignored_total', `source="events",member="${member}"`);
  expect(await Promise.all(['duration_ms', 'result', 'other', 'errorMessage'].map(of))).toEqual([1, 1, 2, NaN]);
});
