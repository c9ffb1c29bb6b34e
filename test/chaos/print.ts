import { SingleBar } from 'cli-progress';
import type { Counts } from './client.js';
import { LAWS, type Finding, type Law } from './check/finding.js';
import { grouped } from './check/log.js';
import type { Recovery } from './killer.js';
import type { Kill } from './schedule.js';

const SHOWN = 20;

/** What was done and seen, to be told at the end. */
export interface Summary {
  readonly counts: Counts;
  readonly receipts: number;
  readonly events: number;
  readonly executions: number;
  readonly rebuilds: { readonly asked: number; readonly interrupted: number; readonly swapped: number };
  /** One for each kill. */
  readonly recoveries: readonly Recovery[];
  readonly findings: readonly Finding[];
}

/** How far it is: a bar on a terminal, elsewhere a line for each kill. */
export function progressOf(kills: number, screen: NodeJS.WriteStream) {
  const what = ({ victim, rebuilding }: Kill): string =>
    `${victim}${rebuilding === undefined ? '' : ` while ${rebuilding} is rebuilt`}`;
  if (!screen.isTTY) {
    const told = (n: number, kill: Kill, acknowledged: number): void =>
      console.log(`kill ${n} of ${kills}: ${what(kill)}; ${acknowledged} acknowledged`);
    return { told, end: () => undefined };
  }
  const bar = new SingleBar({
    format: '{bar} {value}/{total} kills | {acknowledged} acknowledged | {what}',
    stream: screen,
    hideCursor: true,
  });
  bar.start(kills, 0, { acknowledged: 0, what: '' });
  const told = (n: number, kill: Kill, acknowledged: number): void => bar.update(n, { acknowledged, what: what(kill) });
  return { told, end: () => bar.stop() };
}

const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

const seconds = (ms: number | undefined): string => (ms === undefined ? '–' : `${(ms / 1_000).toFixed(1)} s`);

function spread(recoveries: readonly Recovery[]): string {
  const sorted = recoveries.map(({ ms }) => ms).sort((a, b) => a - b);
  return `median ${seconds(sorted[sorted.length >> 1])}, longest ${seconds(sorted.at(-1))}`;
}

/** By who was killed. */
const recovered = (recoveries: readonly Recovery[]): string[] =>
  [...grouped(recoveries, ({ victim }) => victim)].map(
    ([victim, some]) => `  ${victim.padEnd(9)} killed ${some.length} times, recovered in: ${spread(some)}`,
  );

/** The last lines: what was counted, and what was found. */
export function printed({ counts, findings, recoveries, ...all }: Summary): string {
  const of = (...laws: Law[]): number => findings.filter(({ law }) => laws.includes(law)).length;
  const { written, now, refused } = counts.resolved;
  const others = Object.keys(LAWS).filter((law) => !['lost', 'doubled', 'gap', 'invariant', 'winners'].includes(law));
  return [
    ...findings.slice(0, SHOWN).map(({ law, about, detail }) => `BROKEN ${law} (${LAWS[law]}): ${about}: ${detail}`),
    ...(findings.length > SHOWN ? [`… and ${findings.length - SHOWN} more`] : []),
    `requests    ${counts.sent} sent, ${counts.acknowledged} acknowledged, with ${all.receipts} receipts`,
    `unknown     ${counts.unknown} outcomes, by their ids: ${written} had been written, ${now} were written then, ${refused} were refused or changed nothing`,
    `kills       ${recoveries.length}`,
    ...recovered(recoveries),
    `rebuilds    ${all.rebuilds.asked} asked for, ${all.rebuilds.interrupted} under way at a kill, ${all.rebuilds.swapped} read models live in a rebuilt table`,
    `log         ${all.events} events of ${all.executions} executions`,
    `verdicts    ${listed(counts.verdicts)}`,
    `recovery    ${spread(recoveries)}, from the start to the next acknowledged write`,
    `result      ${of('lost')} lost, ${of('doubled')} doubled, ${of('invariant', 'winners')} invariants broken, ${of('gap') || 'no'} gap${of('gap') > 1 ? 's' : ''}, ${of(...(others as Law[]))} other findings`,
  ].join('\n');
}
