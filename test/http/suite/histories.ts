import { readFile } from 'node:fs/promises';
import { shuffled } from '../../../src/cli/demo/deliveries.js';
import { serving, type Http, type Start, fresh, lines } from './http.js';

/** A history as it was recorded, and the reports that its own producer would make of it. */
interface History {
  readonly name: string;
  readonly reports: readonly Readonly<Record<string, unknown>>[];
}

interface StepFunctions {
  readonly histories: readonly { readonly test: string; readonly events: readonly StepEvent[] }[];
}
interface StepEvent {
  readonly id: number;
  readonly type: string;
  readonly [details: string]: unknown;
}
interface OpenLineage {
  readonly events: readonly {
    readonly scenario: string;
    readonly eventType: string;
    readonly eventTime: string;
    readonly runId: string;
    readonly parent?: string;
    readonly root?: string;
    readonly job: string;
  }[];
}

const SHUFFLES = 20;
const recorded = async <T>(name: string): Promise<T> =>
  JSON.parse(await readFile(new URL(`./${name}.json`, import.meta.url), 'utf8')) as T;

/** What is said of the execution itself by its own words; a state within it is progress. */
function ofStep(name: string, { id, type, previousEventId: _, ...details }: StepEvent): History['reports'][number] {
  const [said = {}] = Object.values(details) as Record<string, unknown>[];
  const [, word] = /^Execution(\w+)$/.exec(type) ?? [];
  const event_id = `${name}-${id}`;
  if (word === undefined) return { event_id, message: type, data: details };
  if (word === 'Started')
    return { event_id, status: word, input_data: said['input'], target: name, kind: 'state machine' };
  return { event_id, status: word, result: said['output'], error: said['cause'], error_details: said['error'] };
}

async function stepFunctions(): Promise<History[]> {
  const { histories } = await recorded<StepFunctions>('step-functions');
  return histories.map(({ test, events }) => ({ name: test, reports: events.map((event) => ofStep(test, event)) }));
}

async function openLineage(): Promise<History[]> {
  const { events } = await recorded<OpenLineage>('openlineage');
  const nameOf = ({ scenario, runId }: (typeof events)[number]): string => `${scenario} ${runId}`;
  return [...new Set(events.map(nameOf))].map((name) => ({
    name,
    reports: events
      .filter((event) => nameOf(event) === name)
      .map(({ eventType, eventTime, parent, root, job }, n) => ({
        event_id: `${name} ${n}`,
        status: eventType,
        occurred_at: eventTime,
        ...(eventType === 'COMPLETE' ? { completed_at: eventTime } : {}),
        parent_execution_id: parent,
        run_id: root,
        target: job,
      })),
  }));
}

/** What says by whom, when and in which order it was told; all else is what the execution came to. */
const OF_THE_TELLING = [
  ...[
    'execution_id',
    'report_as',
    'revision',
    'position',
    'created_at',
    'last_activity_at',
    'started_at',
    'duration_ms',
  ],
  ...['message', 'data', 'refused_count'],
];
const outcomeOf = (shown: Record<string, unknown>, alsoNot: readonly string[]): unknown =>
  Object.fromEntries(Object.entries(shown).filter(([key]) => ![...OF_THE_TELLING, ...alsoNot].includes(key)));

function describeRecorded(http: Http): void {
  it.each([
    // Its times were taken out where it was recorded: an end is when the ledger heard of it.
    ['Step Functions', stepFunctions, ['succeeded', 'failed', 'cancelled', 'running'], ['completed_at', 'run_id']],
    ['OpenLineage', openLineage, ['succeeded'], ['run_id']],
  ] as const)('what %s told comes to the same in 20 other orders', async (_, read, statuses, alsoNot) => {
    const histories = await read();
    expect(histories.length).toBeGreaterThan(15);
    const ids = histories.map(() => Array.from({ length: SHUFFLES + 1 }, () => fresh()));
    const told = histories.flatMap(({ reports }, h) =>
      ids[h]!.flatMap((execution_id, n) =>
        (n === 0 ? reports : shuffled(reports, n)).map((report) => ({ execution_id, ...report })),
      ),
    );
    const body = told.map((report) => JSON.stringify(report)).join('\n');
    const answer = await http.call('POST', '/reports', body, { 'content-type': 'application/x-ndjson' });
    const verdicts = new Set(lines(answer.text).map(({ verdict }) => verdict));
    for (const verdict of ['malformed', 'unsupported_status', 'conflict', 'unavailable'])
      expect([verdict, verdicts.has(verdict)]).toEqual([verdict, false]);
    const met = new Set<unknown>();
    for (const [h, { name }] of histories.entries()) {
      const { body: shown } = await http.post('/executions/batch-status', { execution_ids: ids[h] });
      const [first, ...others] = Object.values<Record<string, unknown>>(shown).map((one) => {
        met.add(one['status']);
        return outcomeOf(one, alsoNot);
      });
      expect(others).toHaveLength(SHUFFLES);
      for (const other of others) expect([name, other]).toEqual([name, first]);
    }
    expect([...met].sort()).toEqual([...statuses].sort());
  });
}

/** Recorded histories of other systems, in parts: their words and times are read, and their order does not matter. */
export function describeHistories(start: Start): void {
  describe('recorded histories', () => describeRecorded(serving(start)));
}
