import { exampleDeliveries, renumbered, shuffled } from '../../src/cli/demo/deliveries.js';
import { executionsTable, summary, verdictsTable } from '../../src/cli/demo/print.js';
import { compare, whyOrderMatters } from '../../src/cli/demo/promise.js';
import type { SourceReport } from '../../src/sources/source-report.js';

const report = (status: string, over: Partial<SourceReport> = {}): SourceReport => ({
  execution_id: 'e',
  status,
  status_reason: status,
  labels: {},
  ...over,
});
const guess = (status: string) => report(status, { inferred: true });

describe('the demo’s deliveries', () => {
  const deliveries = exampleDeliveries();

  it('are the published ones that the ledger has use for', () => {
    expect(deliveries).toHaveLength(25);
    expect(new Set(deliveries.map(({ report }) => report.execution_id)).size).toBe(10);
  });

  it('keep everything but the number when renumbered', () => {
    for (const delivery of deliveries) {
      const { report, ...other } = renumbered(delivery, 'x1');
      const number = /\d+/.exec(delivery.report.execution_id)![0];
      expect(report.execution_id).toBe(delivery.report.execution_id.replace(number, `${number}-x1`));
      const ids = { execution_id: '', run_id: '', again: undefined };
      expect({ ...report, ...ids }).toEqual({ ...delivery.report, ...ids });
      expect(report.again?.execution_id).toBe(delivery.report.again?.execution_id.replace(number, `${number}-x1`));
      expect([other.event, other.id]).toEqual([delivery.event, delivery.id]);
    }
  });

  it('come in the same order for the same seed, in another for another', () => {
    const numbers = Array.from({ length: 50 }, (_, index) => index);
    expect(shuffled(numbers, 7)).toEqual(shuffled(numbers, 7));
    expect(shuffled(numbers, 7)).not.toEqual(shuffled(numbers, 8));
    expect(shuffled(numbers, 7)).not.toEqual(numbers);
    expect([...shuffled(numbers, 7)].sort((a, b) => a - b)).toEqual(numbers);
  });
});

describe('where the order must not matter', () => {
  it.each([
    [[report('queued'), report('succeeded')], undefined],
    [[report('failed'), report('failed'), report('running')], undefined],
    [[guess('timeout'), report('succeeded')], undefined],
    [[guess('timeout'), report('running')], undefined],
    [[report('succeeded'), report('failed')], 'contradicts itself: failed, succeeded'],
    [[report('succeeded'), report('paused')], 'was reported paused'],
    [[guess('timeout'), guess('failed')], 'is guessed at in two ways: failed, timeout'],
    [[report('queued'), report('running')], 'no terminal among its reports'],
  ])('%j → %s', (reports, why) => {
    expect(whyOrderMatters(reports)).toBe(why);
  });

  const outcome = (status: string) => new Map([['e', { status, authority: 'worker' }]]);

  it('a difference breaks the promise', () => {
    const [one] = compare([report('succeeded')], [outcome('succeeded'), outcome('failed')]);
    expect(one).toMatchObject({ execution: 'e', kept: false, orderMatters: undefined });
    expect(summary([one!])).toContain('FAILED: e came out differently');
  });

  it('a difference where none was promised does not, and is named', () => {
    const [one] = compare([report('succeeded'), report('failed')], [outcome('succeeded'), outcome('failed')]);
    expect(one).toMatchObject({ kept: true, reports: 2 });
    expect(summary([one!])).toContain('e may, for it contradicts itself: failed, succeeded.');
  });

  it('an execution that the ledger does not know breaks it, promised or not', () => {
    expect(compare([report('running')], [outcome('running'), new Map()])[0]).toMatchObject({ kept: false });
  });

  it('shows every execution within 80 columns, its reasons in full', () => {
    const reports = exampleDeliveries().map(({ report: one }) => one);
    const shown = new Map(
      reports.map(({ execution_id }) => [execution_id, { status: 'succeeded', authority: 'worker' }]),
    );
    const table = executionsTable(compare(reports, [shown, shown]));
    expect(Math.max(...table.split('\n').map((line) => line.length))).toBe(80);
    for (const { execution_id } of reports) expect(table).toContain(` ${execution_id} `);
    expect(table).not.toContain('…');
  });

  it('counts verdicts by round', () => {
    const table = verdictsTable([
      [{ verdict: 'applied', execution_id: 'e' }],
      [{ verdict: 'applied', replayed: true, execution_id: 'e' }],
    ]);
    expect(table).toMatch(/│ applied +│ 1 +│ 0 +│/);
    expect(table).toMatch(/│ applied \(replayed\) +│ 0 +│ 1 +│/);
  });
});
