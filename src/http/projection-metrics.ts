import { Gauge, type Registry } from 'prom-client';
import { PROJECTION_STATES } from '../contract/projections.js';
import type { ProjectionObservation } from '../application/operating/projection-view.js';
import type { StoreClock } from '../event-store/store-clock.js';

type Measure = (observed: ProjectionObservation) => number | undefined;

/** What is measured of each projection: a name, what it says, and where it is read. */
const GAUGES: readonly (readonly [name: string, help: string, measure: Measure])[] = [
  ['lag_ms', 'Age of the oldest event not yet projected', ({ lag }) => lag.lag_ms],
  ['lag_events', 'Events not yet projected, where positions count events', ({ lag }) => lag.lag_events],
  ['checkpoint', 'Position up to which it has come', ({ status }) => Number(status.checkpoint.position)],
  ['parked', 'Events that it passed over', ({ status }) => status.parked],
  ['led', 'Whether a process leads it', ({ status }) => (status.leader === undefined ? 0 : 1)],
];

/** Registers the gauges of the projections. While the database is away they have no value. */
export function watchProjections(registry: Registry, look: () => Promise<ProjectionObservation[]>): void {
  let looking: Promise<ProjectionObservation[]> | undefined;
  /** One look serves all gauges of a scrape. */
  const observed = (): Promise<ProjectionObservation[]> =>
    (looking ??= look()
      .catch(() => [])
      .finally(() => (looking = undefined)));
  for (const [name, help, measure] of GAUGES) {
    const collect = async function (this: Gauge): Promise<void> {
      const all = await observed();
      this.reset();
      for (const one of all) {
        const value = measure(one);
        if (value !== undefined) this.set({ projection: one.status.name }, value);
      }
    };
    registry.registerMetric(
      new Gauge({ name: `ledger_projection_${name}`, help, labelNames: ['projection'], registers: [], collect }),
    );
  }
  const collect = async function (this: Gauge): Promise<void> {
    const all = await observed();
    this.reset();
    for (const { status, state } of all)
      for (const word of PROJECTION_STATES) this.set({ projection: status.name, state: word }, word === state ? 1 : 0);
  };
  const labelNames = ['projection', 'state'];
  registry.registerMetric(
    new Gauge({
      name: 'ledger_projection_state',
      help: '1 for the state it is in',
      labelNames,
      registers: [],
      collect,
    }),
  );
}

/** Registers the gauge of what is overdue. While the database is away it has no value. */
export function watchOverdue(registry: Registry, look: () => Promise<number>): void {
  const collect = async function (this: Gauge): Promise<void> {
    this.reset();
    const ms = await look().catch(() => undefined);
    if (ms === undefined) this.remove();
    else this.set(ms);
  };
  const help = 'For how long the oldest deadline has passed without its execution being timed out';
  registry.registerMetric(new Gauge({ name: 'ledger_overdue_ms', help, registers: [], collect }));
}

/** Registers the gauge of how far this machine's clock is behind the store's. */
export function watchClock(registry: Registry, clock: StoreClock): void {
  const collect = function (this: Gauge): void {
    this.set(clock.offsetMs);
  };
  const help = "How far the store's clock is ahead of this machine's, which is compared with nothing";
  registry.registerMetric(new Gauge({ name: 'ledger_clock_offset_ms', help, registers: [], collect }));
}
