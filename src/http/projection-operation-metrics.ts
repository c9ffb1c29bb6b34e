import { Gauge, type Registry } from 'prom-client';
import { rateOf } from '../application/operating/projection-operation-view.js';
import { operationStateOf, type ProjectionOperation, type OperationsStatus } from '../rebuild/projection-operation.js';

const STATES = ['running', 'verifying', 'paused', 'swapped', 'verified', 'failed'] as const;

type Sample = readonly [labels: Record<string, string>, value: number];
type Measure = (operation: ProjectionOperation) => readonly Sample[];

const one = (value: number | undefined): Sample[] => (value === undefined ? [] : [[{}, value]]);

/** What is measured of each rebuild, verification and rollback: a name, what it says, labels of its own, and where it is read. */
const GAUGES: readonly (readonly [name: string, help: string, labels: readonly string[], measure: Measure])[] = [
  ['events', 'Events folded', [], ({ events }) => one(events)],
  ['events_per_second', 'Events folded per second', [], (operation) => one(rateOf(operation))],
  ['rows', 'Rows that were compared', [], ({ compared }) => one(compared?.rows)],
  ['drift_rows', 'Rows that were found different', [], ({ compared }) => one(compared?.drift.rows)],
  [
    'state',
    '1 for the state it is in',
    ['state'],
    (operation) => STATES.map((state) => [{ state }, state === operationStateOf(operation) ? 1 : 0]),
  ],
];

/** Registers the gauges of what is being done, or was last done, to projections. While the database is away they have no value. */
export function watchOperations(registry: Registry, look: () => Promise<OperationsStatus[]>): void {
  let looking: Promise<OperationsStatus[]> | undefined;
  /** One look serves all gauges of a scrape. */
  const seen = (): Promise<OperationsStatus[]> =>
    (looking ??= look()
      .catch(() => [])
      .finally(() => (looking = undefined)));
  for (const [name, help, labels, measure] of GAUGES) {
    const collect = async function (this: Gauge): Promise<void> {
      const statuses = await seen();
      this.reset();
      for (const { name: projection, operations } of statuses)
        for (const operation of operations)
          for (const [more, value] of measure(operation))
            this.set({ projection, kind: operation.kind, ...more }, value);
    };
    const labelNames = ['projection', 'kind', ...labels];
    registry.registerMetric(new Gauge({ name: `ledger_rebuild_${name}`, help, labelNames, registers: [], collect }));
  }
}
