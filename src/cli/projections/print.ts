import Table from 'cli-table3';
import { printable } from '../../printable.js';
import type { ProjectionView, RebuildView, VerifyView } from '../../contract/projections.js';

/** No colours: the output is read in logs as often as on terminals. */
const style = { head: [], border: [] };

export const number = (value: number): string => value.toLocaleString('en-US');

/** A duration as people say it. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

/** How far readers of a projection are behind the log. */
export function lag({ lag_events, lag_ms }: ProjectionView): string {
  if (lag_ms === 0 && !lag_events) return 'none';
  return lag_events === undefined ? duration(lag_ms) : `${number(lag_events)} events, ${duration(lag_ms)}`;
}

type LongOperationView = RebuildView | VerifyView;

/** How far something is that takes its time. */
export function progress({ state, phase, events, events_total, events_per_second, eta_ms }: LongOperationView): string {
  const of = events_total === undefined ? '' : ` of ${number(events_total)}`;
  const share = events_total ? ` (${Math.floor((100 * events) / events_total)} %)` : '';
  const rest = eta_ms && state !== 'paused' ? `, ${duration(eta_ms)} left` : '';
  const what = state === 'paused' ? state : (phase ?? state);
  return `${what}, ${number(events)}${of} events${share}, ${number(events_per_second)}/s${rest}`;
}

/** What was found different, in one line. */
export function driftLine({ drift }: Pick<LongOperationView, 'drift'>): string {
  if (!drift || drift.rows === 0) return 'no drift';
  const fields = Object.entries(drift.fields).map(([field, count]) => `${field} ${number(count)}`);
  const [first] = drift.sample;
  const shown =
    first && `; first ${first.execution_id}: ${first.field} is ${first.live} and should be ${first.rebuilt}`;
  return printable(`${number(drift.rows)} rows differ (${fields.join(', ')})${shown ?? ''}`);
}

const isOpen = ({ state }: { readonly state: string }): boolean => ['running', 'verifying', 'paused'].includes(state);

/** What is being done to a projection, or was last done, in one line each. */
export function operationLines({ name, rebuild, verify, rollback }: ProjectionView): string[] {
  const lines: string[] = [];
  for (const [kind, long] of [
    ['rebuild', rebuild],
    ['verify', verify],
  ] as const) {
    if (!long) continue;
    const by = long.by ? `, by ${long.by.name} (session ${long.by.pid})` : '';
    const nobody = long.state === 'paused' ? `; go on with: execution-ledger projections ${kind} ${name}` : '';
    const compared = `${number(long.rows ?? 0)} rows compared, ${driftLine(long)}`;
    const ended = long.state === 'failed' ? long.error : compared;
    lines.push(
      isOpen(long)
        ? `${kind}: ${progress(long)}${by}${nobody}`
        : `${kind}: ${long.state} ${long.finished_at}, ${ended}`,
    );
  }
  if (rollback)
    lines.push(
      `rollback: ${rollback.state} ${rollback.finished_at ?? rollback.started_at}${rollback.error ? `, ${rollback.error}` : ''}`,
    );
  return lines.map(printable);
}

/** The projections, one per row. */
export function listTable(views: readonly ProjectionView[]): string {
  const table = new Table({
    style,
    head: ['projection', 'version', 'state', 'lag', 'parked', 'rebuild', 'verify', 'previous'],
  });
  for (const view of views) {
    const { name, version, state, parked_count, rebuild, verify, previous_version } = view;
    table.push([
      name,
      version,
      state,
      lag(view),
      parked_count,
      rebuild?.state ?? '–',
      verify ? (verify.drift.rows > 0 ? `${verify.state}, drift` : verify.state) : '–',
      previous_version ?? '–',
    ]);
  }
  return table.toString();
}

/** All that is known of a projection. */
export function details(view: ProjectionView): string {
  const { name, version, state, checkpoint, head, leader, parked, parked_count, previous_version } = view;
  const led = leader ? `session ${leader.pid} since ${leader.since}` : 'nobody';
  const lines = [
    `${name}: ${state}, version ${version}${previous_version === undefined ? '' : `, previous ${previous_version}`}`,
    `  at ${checkpoint} of ${head}, lag ${lag(view)}, led by ${led}`,
    ...operationLines(view).map((line) => `  ${line}`),
    ...(parked_count > 0 ? [`  parked: ${number(parked_count)}`] : []),
    ...parked.slice(0, 10).map((one) => `    ${one.position} ${one.event_type} of ${one.execution_id}: ${one.error}`),
  ];
  return lines.map(printable).join('\n');
}
