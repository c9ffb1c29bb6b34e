import Table from 'cli-table3';
import { printable } from '../../printable.js';
import { type Comparison, type Outcome, STILL_OPEN } from './promise.js';
import type { Receipt } from './round.js';

/** No colours: the output is read in logs as often as on terminals. */
const style = { head: [], border: [] };

/** Columns of a terminal that is 80 wide, with their borders. */
const WIDTHS = [29, 11, 11, 24];

const shown = (outcome: Outcome | undefined) =>
  outcome ? [outcome.status, outcome.authority ?? ''].map(printable).join('\n') : '(missing)';

/** The executions, one per row, after either order: the status, and below it who said so. */
export function executionsTable(comparisons: readonly Comparison[]): string {
  const table = new Table({
    style,
    head: ['execution', '1st order', '2nd order', 'order may matter'],
    colWidths: WIDTHS,
    wordWrap: true,
  });
  for (const { execution, reports, outcomes, orderMatters, kept } of comparisons) {
    const matters = kept ? (orderMatters ?? 'no') : 'PROMISE BROKEN';
    table.push([`${printable(execution)}\nreports: ${reports}`, ...outcomes.map(shown), matters]);
  }
  return table.toString();
}

/** How many reports got which verdict, by round. */
export function verdictsTable(rounds: readonly (readonly Receipt[])[]): string {
  const words = (receipts: readonly Receipt[]) =>
    receipts.map(({ verdict, replayed }) => printable(replayed ? `${verdict} (replayed)` : verdict));
  const all = [...new Set(rounds.flatMap(words))].sort();
  const table = new Table({ style, head: ['verdict', '1st order', '2nd order'] });
  for (const word of all)
    table.push([word, ...rounds.map((round) => words(round).filter((one) => one === word).length)]);
  return table.toString();
}

/** The check in words; where two reports really contradict each other, by name. */
export function summary(comparisons: readonly Comparison[]): string {
  const broken = comparisons.filter(({ kept }) => !kept).map(({ execution }) => execution);
  const promised = comparisons.filter(({ orderMatters }) => orderMatters === undefined);
  const open = comparisons.filter(({ orderMatters }) => orderMatters === STILL_OPEN);
  const verdict = broken.length > 0 ? `FAILED: ${broken.join(', ')} came out differently` : 'they came out the same';
  const contradictory = comparisons.filter((one) => ![...promised, ...open].includes(one));
  return [
    `${promised.length} of ${comparisons.length} executions must not depend on the order: ${verdict}.`,
    ...contradictory.map((one) => `${one.execution} may, for it ${one.orderMatters}.`),
    ...(open.length > 0 ? [`${open.length} are still open, of which nothing is promised.`] : []),
  ].join('\n');
}
