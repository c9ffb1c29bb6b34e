import { ConsoleLogger } from '@nestjs/common';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PROJECTIONS } from '../../projections/index.js';
import { loadConfig } from '../../src/config.js';
import { startLedger, type Ledger } from '../../src/composition/ledger.js';
import { eventually } from '../support/eventually.js';
import { caller } from '../support/ledger/caller.js';
import { documentsOf, textOf } from '../support/process/checkout.js';
import { createTestDatabase, type TestDatabase } from '../support/store/postgres.js';
import { exposed, namedIn } from '../support/docs/promql.js';

interface ShownExpression {
  readonly title: string;
  readonly expression: string;
  /** What is told of it, with labels in `{{ }}`. */
  readonly told: string;
}

async function alerts(): Promise<ShownExpression[]> {
  interface Rule {
    readonly alert: string;
    readonly expr: string;
    readonly annotations: Record<'summary' | 'description', string>;
  }
  const [file] = await documentsOf<{ groups: { rules: Rule[] }[] }>('docs/deploy/prometheus-rules.yml');
  return file!.groups.flatMap(({ rules }) =>
    rules.map(({ alert, expr, annotations: { summary, description } }) => ({
      title: alert,
      expression: expr,
      told: `${summary} ${description}`,
    })),
  );
}

async function panels(): Promise<ShownExpression[]> {
  interface Panel {
    readonly title: string;
    readonly targets: { readonly expr: string; readonly legendFormat: string }[];
  }
  const board = JSON.parse(await textOf('docs/deploy/grafana-dashboard.json')) as { panels: Panel[] };
  return board.panels.flatMap(({ title, targets }) =>
    targets.map(({ expr, legendFormat }) => ({ title, expression: expr, told: legendFormat })),
  );
}

const SHOWN = [...(await alerts()), ...(await panels())].map((shown) => [shown.title, shown] as const);

/** The table of docs/operations.md: each metric with its labels. */
async function documented(): Promise<Map<string, string[]>> {
  const [, section] = (await textOf('docs/operations.md')).split('\n## Metrics\n');
  const rows = section!.split('\n').filter((line) => /^\| `ledger_/.test(line));
  const wordsOf = (cell: string): string[] => [...cell.matchAll(/`(\w+)`/g)].map(([, word]) => word!);
  return new Map(
    rows.flatMap((row) => {
      const [, names, labels] = row.split('|');
      return wordsOf(names!).map((name) => [name, wordsOf(labels!)] as const);
    }),
  );
}

/** What Prometheus adds. */
const ADDED = ['instance', 'job', 'le'];

let database: TestDatabase;
let folder: string;
let ledger: Ledger;
let metrics: ReturnType<typeof exposed>;
let table: Map<string, string[]>;

beforeAll(async () => {
  table = await documented();
  database = await createTestDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'ledger-metrics-'));
  const at = { url: database.connectionString, dataDir: folder };
  const logger = new ConsoleLogger({ logLevels: ['fatal'] });
  ledger = await startLedger(loadConfig({ PORT: '0' }), at, logger, { requireDurability: false }, PROJECTIONS);
  const call = caller(ledger.url);
  const report = (body: object) => call('POST', '/workflow/executions/events', { execution_id: 'one', ...body });
  await report({ event_id: 'a', status: 'succeeded', duration_ms: 'long' });
  await report({ event_id: 'a', status: 'failed' });
  await report({ event_id: 'b', status: 'failed' });
  await call('POST', '/executions', {}, { origin: 'http://elsewhere.example' });
  await call('POST', '/projections/status-counts/verify', {});
  metrics = await eventually(
    async () => exposed(await (await fetch(`${ledger.url}/metrics`)).text()),
    (seen) => seen.get('ledger_rebuild_drift_rows')!.get('kind')?.has('verify') === true,
  );
}, 30_000);
afterAll(async () => {
  await ledger.close();
  await database.drop();
  await rm(folder, { recursive: true });
});

describe('the table of metrics', () => {
  it('has every metric of the ledger, and no other', () => {
    const served = [...metrics.keys()].filter((name) => name.startsWith('ledger_'));
    expect([...table.keys()].sort()).toEqual(served.sort());
  });

  it('has the labels that the series have', () => {
    for (const [name, labels] of table) {
      const seen = [...metrics.get(name)!.keys()].filter((label) => !ADDED.includes(label));
      if (seen.length > 0) expect([name, labels.toSorted()]).toEqual([name, seen.sort()]);
    }
  });
});

describe.each(SHOWN)('%s', (_title, { expression, told }) => {
  const { metrics: named, selected, grouped } = namedIn(expression);
  const labelsOf = (name: string): string[] => [...(table.get(name) ?? []), ...ADDED];

  it('names metrics that are there, with labels and values that they have', () => {
    expect(named).not.toEqual([]);
    expect(named.filter((name) => name !== 'up' && !metrics.has(name))).toEqual([]);
    for (const { metric, label, value } of selected) {
      expect(labelsOf(metric)).toContain(label);
      if (value !== undefined && !ADDED.includes(label)) expect([...metrics.get(metric)!.get(label)!]).toContain(value);
    }
    const known = named.flatMap(labelsOf);
    for (const label of grouped) expect(known).toContain(label);
  });

  it('tells of labels that are left of it', () => {
    const left = grouped.length > 0 ? grouped : /^(max|sum|absent)\(/.test(expression) ? [] : named.flatMap(labelsOf);
    for (const [, label] of told.matchAll(/\{\{ ?(?:\$labels\.)?(\w+) ?\}\}/g)) expect(left).toContain(label);
  });
});
