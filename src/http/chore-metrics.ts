import { Gauge, type Registry } from 'prom-client';
import { rateOf } from '../application/chore-view.js';
import { isUnfinished, type Chore, type ChoreStanding } from '../projector/rebuild/chore.js';

const STATES = ['running', 'verifying', 'paused', 'swapped', 'verified', 'failed'] as const;

const stateOf = (chore: Chore): string => (chore.paused && isUnfinished(chore) ? 'paused' : chore.state);

type Sample = readonly [labels: Record<string, string>, value: number];
type Measure = (chore: Chore) => readonly Sample[];

const one = (value: number | undefined): Sample[] => (value === undefined ? [] : [[{}, value]]);

/** What is measured of each rebuild, verification and rollback: a name, what it says, labels of its own, and where it is read. */
const GAUGES: readonly (readonly [name: string, help: string, labels: readonly string[], measure: Measure])[] = [
  ['events', 'Events folded', [], ({ events }) => one(events)],
  ['events_per_second', 'Events folded per second', [], (chore) => one(rateOf(chore))],
  ['rows', 'Rows that were compared', [], ({ compared }) => one(compared?.rows)],
  ['drift_rows', 'Rows that were found different', [], ({ compared }) => one(compared?.drift.rows)],
  [
    'state',
    '1 for the state it is in',
    ['state'],
    (chore) => STATES.map((state) => [{ state }, state === stateOf(chore) ? 1 : 0]),
  ],
];

/** Registers the gauges of what is being done, or was last done, to projections. While the database is away they have no value. */
export function watchChores(registry: Registry, look: () => Promise<ChoreStanding[]>): void {
  let looking: Promise<ChoreStanding[]> | undefined;
  /** One look serves all gauges of a scrape. */
  const seen = (): Promise<ChoreStanding[]> =>
    (looking ??= look()
      .catch(() => [])
      .finally(() => (looking = undefined)));
  for (const [name, help, labels, measure] of GAUGES) {
    const collect = async function (this: Gauge): Promise<void> {
      const standings = await seen();
      this.reset();
      for (const { name: projection, chores } of standings)
        for (const chore of chores)
          for (const [more, value] of measure(chore)) this.set({ projection, kind: chore.kind, ...more }, value);
    };
    const labelNames = ['projection', 'kind', ...labels];
    registry.registerMetric(new Gauge({ name: `ledger_rebuild_${name}`, help, labelNames, registers: [], collect }));
  }
}
