import type { Projection } from '../../projections/projection.js';
import { LOCK_HOLDER, rebuildLockKey } from '../projection-tables/locks.js';
import type { OperationState } from '../projection-tables/operation-states.js';
import { previousVersionOf, type Version } from '../projection-tables/versions.js';
import type { OperationsStatus, Phase, ProjectionOperation, ProjectionOperationKind } from './projection-operation.js';

interface OperationRow {
  readonly kind: ProjectionOperationKind;
  readonly version: number;
  readonly fold_version: number;
  readonly state: OperationState;
  readonly phase: Phase;
  readonly paused: boolean;
  readonly events_per_second: number | null;
  readonly sample: number | null;
  readonly upto: string;
  readonly checkpoint: string;
  readonly events: number;
  readonly ran_ms: number;
  readonly started_at: string;
  readonly just_requested: boolean;
  readonly finished_at: string | null;
  readonly drift: string | null;
  readonly error: string | null;
}

export interface OperationsStatusRow {
  readonly name: string;
  readonly version: number;
  readonly fold_version: number;
  readonly paused: boolean;
  readonly pid: number | null;
  readonly holder: string | null;
  readonly since: Date | null;
  readonly previous: { readonly version: number; readonly fold_version: number } | null;
  readonly operations: readonly OperationRow[];
}

/** How long whoever asks for something and does it has to begin: a program that has just started, on a busy machine. */
const HEAD_START = '5 s';

const OPERATION_COLUMNS = `'kind', r.kind, 'version', r.version, 'fold_version', r.fold_version, 'state', r.state, 'phase', r.phase,
  'paused', r.paused, 'events_per_second', r.events_per_second, 'sample', r.sample, 'upto', r.upto::text,
  'checkpoint', coalesce(made.position, 0)::text, 'events', r.events, 'ran_ms', r.ran_ms, 'started_at', r.started_at,
  'just_requested', r.started_at > now() - interval '${HEAD_START}',
  'finished_at', r.finished_at, 'drift', r.drift, 'error', r.error`;

const TEXT = `select p.name, live.version, live.fold_version, live.paused, lead.pid, session.application_name as holder,
         session.backend_start as since,
         (select to_json(kept) from (${previousVersionOf('p.name')}) kept) as previous,
         (select coalesce(json_agg(json_build_object(${OPERATION_COLUMNS}) order by r.started_at, r.kind), '[]')
            from ledger.rebuilds r
            left join ledger.checkpoints made on made.projection = r.projection and made.version = r.version
           where r.projection = p.name) as operations
    from unnest($1::text[], $2::bigint[]) with ordinality as p (name, lock_key, n)
    join ledger.checkpoints live on live.projection = p.name and live.live
    ${LOCK_HOLDER}
   order by p.n`;

/** The statement that reads the operations of projections. */
export const statusesStatement = (projections: readonly Projection[]): { text: string; values: unknown[] } => {
  const names = projections.map(({ name }) => name);
  return { text: TEXT, values: [names, names.map(rebuildLockKey)] };
};

const versionOf = (row: { readonly version: number; readonly fold_version: number }): Version => ({
  version: row.version,
  foldVersion: row.fold_version,
});

const iso = (text: string): string => new Date(text).toISOString();

const operationOf = (row: OperationRow): ProjectionOperation => ({
  ...versionOf(row),
  kind: row.kind,
  state: row.state,
  phase: row.phase,
  paused: row.paused,
  ...(row.events_per_second === null ? {} : { eventsPerSecond: row.events_per_second }),
  ...(row.sample === null ? {} : { sample: row.sample }),
  upTo: BigInt(row.upto),
  checkpoint: BigInt(row.checkpoint),
  events: row.events,
  ranMs: row.ran_ms,
  startedAt: iso(row.started_at),
  justRequested: row.just_requested,
  ...(row.finished_at === null ? {} : { finishedAt: iso(row.finished_at) }),
  ...(row.drift === null ? {} : { compared: JSON.parse(row.drift) as NonNullable<ProjectionOperation['compared']> }),
  ...(row.error === null ? {} : { error: row.error }),
});

/** What the statement found. */
export const operationsStatusOf = (row: OperationsStatusRow): OperationsStatus => ({
  name: row.name,
  live: { ...versionOf(row), paused: row.paused },
  operations: row.operations.map(operationOf),
  ...(row.pid === null
    ? {}
    : { holder: { pid: row.pid, name: row.holder ?? 'somebody', since: (row.since ?? new Date(0)).toISOString() } }),
  ...(row.previous === null ? {} : { previous: versionOf(row.previous) }),
});
