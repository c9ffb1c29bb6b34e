import { beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { ago, duration } from '../../src/web/shared/format.js';
import { row } from './support/executions.js';
import { describeSite, type Site } from './support/site.js';

type Row = Readonly<Record<string, any>>; // eslint-disable-line @typescript-eslint/no-explicit-any -- as the wire has it

const DAY_MS = 86_400_000;
const LONG_AGO = new Date(Date.now() - 3.1 * DAY_MS).toISOString();

/** Executions that have all there is to show between them, and each something that others lack. */
async function tell({ call }: Site): Promise<void> {
  await call('POST', '/executions', {
    execution_id: 'registered',
    workflow_id: 'nightly',
    run_id: 'run-1',
    target: 'embed.batch',
    kind: 'agent',
    labels: { team: 'search', env: 'prod' },
    deadline: new Date(Date.now() + 2 * DAY_MS).toISOString(),
  });
  const report = (execution_id: string, status: string, more = {}) =>
    call('POST', '/workflow/executions/events', { execution_id, status, ...more });
  await report('child', 'running', {
    parent_execution_id: 'registered',
    worker: 'w-1',
    phase: 'fetch',
    progress: 33.4,
  });
  await report('silent', 'running', { occurred_at: LONG_AGO, message: 'nobody heard of it since' });
  await report('over', 'running', { occurred_at: LONG_AGO });
  await report('over', 'succeeded', { worker: 'w-2', message: 'all 12 are there' });
  await report('over', 'running', { worker: 'w-3' });
  await report('failed', 'failed', { error: 'disk full <b>on</b> host-7\u202e', worker: 'w-4' });
  await call('POST', '/executions/failed/resume', { new_attempt: true, reason: 'disk enlarged' });
  await report('broke', 'failed', { error: 'no route to host-9', target: 'fetch.page' });
  await report('stopped', 'running');
  await call('POST', '/executions/stopped/cancel', { reason: 'nobody needs it' });
}

/** What a relative text may be, read at some moment of a span: its clock ticks once in a second. */
const relative = (say: (now: number) => string, { from, to }: Span): string[] => {
  const all: string[] = [];
  for (let at = from - 1_500; at <= to + 1_500; at += 50) all.push(say(at));
  return all;
};
interface Span {
  readonly from: number;
  readonly to: number;
}

const text = (member: string) => (row: Row) => [row[member] ?? ''];
const moment = (member: string) => (row: Row, span: Span) =>
  row[member] === undefined ? [''] : relative((now) => `${row[member]} ${ago(Date.parse(row[member]), now)}`, span);

/** What each column shows of a row of the API; of what goes by the clock all that it may be. */
const CELLS: Readonly<Record<string, (row: Row, span: Span) => readonly string[]>> = {
  status: text('status'),
  execution: ({ execution_id: id, workflow_id: of }) => [of === undefined ? id : `${id}\n${of}`],
  target: text('target'),
  worker: text('worker'),
  progress: ({ progress }) => [progress === undefined ? '' : `${Math.round(progress)} %`],
  duration: ({ duration_ms: took, started_at: started }, span) =>
    took !== undefined
      ? [duration(took)]
      : started === undefined
        ? ['']
        : relative((now) => duration(Math.max(0, now - Date.parse(started))), span),
  last_activity: moment('last_activity_at'),
  says: ({ silent, last_activity_at: at, error, status_reason: reason, message }, span) =>
    silent
      ? relative((now) => `silent for ${duration(now - Date.parse(at))}`, span)
      : [(error ?? reason ?? message ?? '').replace('\u202e', '\\u202e')],
  created: moment('created_at'),
  started: moment('started_at'),
  ended: moment('completed_at'),
  deadline: moment('deadline'),
  kind: text('kind'),
  run: text('run_id'),
  parent: text('parent_execution_id'),
  phase: text('phase'),
  authority: text('authority'),
  attempt: ({ attempt }) => [String(attempt)],
  refused: ({ refused_count: count }) => [String(count)],
  labels: ({ labels }) => [
    Object.entries(labels)
      .map(([key, value]) => `${key}:${String(value)}`)
      .join(' '),
  ],
};

/** The cells of the rows by their ids and the names of their columns; a moment with the moment that it stands for. */
const cellsOf = (page: Page): Promise<Record<string, Record<string, string>>> =>
  page.locator('tr[data-id]').evaluateAll((rows) =>
    Object.fromEntries(
      rows.map((row) => {
        const cells = [...row.querySelectorAll('td.executions-cell')].map((cell) => {
          const { className, innerText } = cell as unknown as { className: string; innerText: string };
          const at = cell.querySelector('time')?.getAttribute('datetime');
          return [/executions-of-(\w+)/.exec(className)![1]!, `${at ? `${at} ` : ''}${innerText.trim()}`];
        });
        return [row.getAttribute('data-id')!, Object.fromEntries(cells)];
      }),
    ),
  );

describeSite('the cells of the list', (site) => {
  beforeAll(() => tell(site));

  it('show what the API has, every column of every row', async () => {
    const names = Object.keys(CELLS);
    const page = await site.open(`/executions?columns=${names.join(',')}&sort=created_at`);
    const { executions } = (await site.call('GET', '/executions?sort=created_at')).body as { executions: Row[] };
    const told = new Map(names.map((name) => [name, new Set<string>()]));
    for (const { execution_id: id } of executions) await row(page, id).waitFor();
    const from = Date.now();
    const shown = await cellsOf(page);
    const span = { from, to: Date.now() };
    expect(Object.keys(shown)).toEqual(executions.map(({ execution_id: id }) => id));
    for (const execution of executions) {
      const id = execution['execution_id'];
      expect([id, Object.keys(shown[id]!)]).toEqual([id, names]);
      for (const [name, cellOf] of Object.entries(CELLS)) {
        const cell = shown[id]![name]!;
        expect([id, name, cellOf(execution, span)]).toEqual([id, name, expect.arrayContaining([cell])]);
        told.get(name)!.add(cell);
      }
    }
    // Each column had something to show, and no other thing for each row.
    for (const [name, seen] of told) expect([name, seen.size > 1, [...seen].some(Boolean)]).toEqual([name, true, true]);
    await page.getByRole('button', { name: 'Columns' }).click();
    expect(await page.getByRole('dialog').getByRole('checkbox').count()).toBe(names.length);
  }, 40_000);
});
