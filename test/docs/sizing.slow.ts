import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { EVENTS_PER_LIFE, onDisk, sizes, type Sizes } from '../../bench/size.js';
import { textOf } from '../support/process/checkout.js';
import { startTestLedger, type TestLedger } from '../support/ledger/ledger.js';

const EXECUTIONS = 500;
const PAYLOAD = 1_024;
/** By how much a figure may differ from the page's: pages of tables are filled a little otherwise each time. */
const DIFFERS = 0.25;

let ledger: TestLedger;
let found: Sizes;
let page: string;
beforeAll(async () => {
  page = await textOf('docs/sizing.md');
  ledger = await startTestLedger();
  found = await sizes(ledger.url, ledger.database.connectionString, EXECUTIONS, PAYLOAD);
}, 300_000);
afterAll(() => ledger.close(), 30_000);

/** The numbers of the row that begins so. */
const row = (head: string): number[] => {
  const line = page.split('\n').find((one) => one.startsWith(`| ${head} `))!;
  return line
    .split('|')
    .slice(2, -1)
    .map((cell) => Number(cell.replaceAll(',', '')));
};

it.each([
  ['events, the table', () => found.events],
  ['events, the indexes', () => found.eventIndexes],
  ['`execution-status`', () => found.projections['execution-status']!],
  ['on disk', () => onDisk(found)],
  ['backup', () => found.backup],
])('%s takes what the page says', (head, of) => {
  const said = row(head)[1]!;
  expect(Math.abs(of() / said - 1)).toBeLessThan(DIFFERS);
});

it('what a year comes to is what the figures make of it', () => {
  const perExecution = row('on disk');
  for (const perDay of [1_000, 10_000, 100_000, 1_000_000])
    expect(row(perDay.toLocaleString('en'))).toEqual(
      perExecution.map((bytes) => Number(((perDay * 365 * bytes) / 1e9).toPrecision(2))),
    );
});

it('its parts add up, and an execution has as many events as it says', () => {
  const parts = ['events, the table', 'events, the indexes', '`execution-status`', 'the other projections'].map(row);
  row('on disk').forEach((sum, n) => {
    const added = parts.reduce((all, part) => all + part[n]!, 0);
    expect(Math.abs(added / sum - 1)).toBeLessThan(0.01);
  });
  expect(page).toContain(`${EVENTS_PER_LIFE} events`);
});
