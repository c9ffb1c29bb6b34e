import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { STATUSES } from '../../src/domain/status.js';
import { numbers } from '../../src/cli/demo/deliveries.js';
import { Chance } from '../../src/cli/demo/live/chance.js';
import { pastReports } from '../../src/cli/demo/live/past.js';
import { eventually } from '../support/eventually.js';
import { startTestLedger, type TestLedger } from '../support/ledger/ledger.js';

const DEMO = fileURLToPath(new URL('../../dist/src/cli/demo.js', import.meta.url));

/** Runs the demo to its end; `seen`: what is done once it has said so much. */
async function demo(args: readonly string[], env: Record<string, string> = {}, stopAt?: RegExp) {
  const child = fork(DEMO, [...args], { env: { ...process.env, ...env }, silent: true });
  let said = '';
  let asked = false; // a second time would end it at once, as it does a person's
  for (const output of [child.stdout!, child.stderr!])
    output.on('data', (text: Buffer) => {
      said += text.toString();
      if (!asked && stopAt?.test(said)) asked = child.kill('SIGINT');
    });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}

interface ShownExecution {
  readonly execution_id: string;
  readonly status: string;
}

describe('npm run demo -- --live', () => {
  let ledger: TestLedger;
  let ran: { readonly code: number | null; readonly said: string };
  beforeAll(async () => {
    ledger = await startTestLedger({ SILENT_AFTER: '1s' });
    ran = await demo(['--live', '--seed', '7', '--rate', '60', '--for', '20s'], { LEDGER_URL: ledger.url });
    await eventually(
      () => ledger.call('GET', '/executions?limit=1'),
      ({ body }) => body.as_of.lag_ms === 0,
    );
  }, 120_000);
  afterAll(() => ledger.close(), 30_000);

  const list = async (query: string): Promise<ShownExecution[]> =>
    (await ledger.call('GET', `/executions?${query}&limit=500`)).body.executions;
  /** The events of a type that any execution of a list has, of its history or of what was refused. */
  const events = async (query: string, history: 'events' | 'refused') => {
    const found = await Promise.all(
      (await list(query)).map(({ execution_id }) =>
        ledger.call('GET', `/executions/${encodeURIComponent(execution_id)}/${history}`),
      ),
    );
    return found.flatMap(({ body }) => body.events as Record<string, never>[]);
  };

  it('ends by itself, and says where to look and what it did', () => {
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.said).toContain(`Ledger: ${ledger.url}\n`);
    expect(ran.said).toContain(`${ledger.url}/api/v1/inbox`);
    expect(ran.said).toMatch(/[\d,]+ sent, [\d,]+ applied, [\d,]+ refused, \d+ stories under way\n$/);
    expect(ran.said.split('\n').filter((line) => [...line].length > 90)).toEqual([]);
  });

  it('tells a day that has passed, in which one target got slower', async () => {
    const { targets } = (await ledger.call('GET', '/target-health?target=search.reindex')).body;
    const hours = targets[0].hours as { durations_ms?: { count: number; p50: number } }[];
    expect(hours.length).toBeGreaterThan(15);
    const known = hours.flatMap(({ durations_ms }) =>
      durations_ms && durations_ms.count > 1 ? [durations_ms.p50] : [],
    );
    expect(known.at(-2)!).toBeGreaterThan(1.5 * known[0]!);
  });

  it('shows failures of several kinds, and what needs a person', async () => {
    const { groups } = (await ledger.call('GET', '/failure-groups')).body;
    expect(groups.length).toBeGreaterThanOrEqual(5);
    const { items } = await eventually(
      async () => (await ledger.call('GET', '/inbox')).body,
      ({ items: all }) => all[0].count > 0,
    );
    const empty = items.filter(({ count }: { count: number }) => count === 0).map(({ kind }: { kind: string }) => kind);
    expect(empty).toEqual(['drift', 'parked_events', 'stalled_projections']);
  });

  it('has children, further attempts, and every status but those that nobody stays in', async () => {
    const ids = (await list('kind=agent&q=agent-')).map(({ execution_id }) => execution_id);
    const children = await Promise.all(ids.map((id) => list(`parent_execution_id=${id}`)));
    expect(Math.max(...children.map(({ length }) => length))).toBeGreaterThanOrEqual(2);
    expect(await list('q=github-job-')).not.toEqual([]);
    expect(await list('attempt_above=1')).not.toEqual([]);
    const { counts } = (await ledger.call('GET', '/status-counts')).body;
    const none = STATUSES.filter((status) => counts[status] === 0);
    expect(['paused', 'pending', 'queued']).toEqual(expect.arrayContaining(none));
  });

  it('has reports that were refused, each for its reason', async () => {
    const refused = await events('refused=true', 'refused');
    const verdicts = new Set(refused.map(({ verdict }) => verdict));
    expect([...verdicts]).toEqual(expect.arrayContaining(['regression', 'dropped', 'conflict', 'fenced']));
    // Whoever says again what it is says the same.
    expect(JSON.stringify(refused)).not.toContain('"labels"');
  });

  it('has cancels and resumes by people, who say why', async () => {
    const named = { on_behalf_of: expect.stringMatching(/^[a-z]+\.[a-z]+$/) };
    for (const [query, type] of [
      ['status=cancelled', 'ExecutionCancelled'],
      ['attempt_above=1', 'ExecutionResumed'],
    ] as const) {
      const found = (await events(query, 'events')).filter((event) => event['type'] === type);
      expect(found).toContainEqual(
        expect.objectContaining({ ...named, data: expect.objectContaining({ reason: expect.any(String) }) }),
      );
    }
  });
});

it('Ctrl-C is its regular end', async () => {
  const ledger = await startTestLedger();
  const { code, said } = await demo(['--live', '--into', `${ledger.url}/`], {}, /target-health/);
  await ledger.close();
  expect([code, said]).toEqual([0, expect.stringMatching(/ sent, .*\n$/)]);
}, 60_000);

it('says how to start a ledger where none is', async () => {
  const { code, said } = await demo(['--live', '--into', 'http://127.0.0.1:1']);
  expect([code, said]).toEqual([
    2,
    expect.stringMatching(/^demo: no ledger answers at http:\/\/127\.0\.0\.1:1;\nstart one \(npm start\)/),
  ]);
}, 30_000);

it('tells the same past for the same seed', () => {
  const [one, again, other] = [7, 7, 8].map((seed) => pastReports(new Chance(seed), 1_795_000_000_000, (name) => name));
  expect(again).toEqual(one);
  expect(other).not.toEqual(one);
  expect(numbers(7)()).toBe(numbers(7)());
});
