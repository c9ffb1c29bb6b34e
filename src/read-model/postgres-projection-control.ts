import type { Projection } from '../../projections/projection.js';
import { decodeText } from '../encoding/json.js';
import { checkpointOf, CONTROLLED, type CheckpointRow } from '../projection-tables/checkpoint.js';
import { LOCK_HOLDER, projectionLockKey } from '../projection-tables/locks.js';
import { UNFINISHED } from '../projection-tables/operation-states.js';
import type { RunQuery } from '../projection-tables/read-pool.js';
import type {
  DriftedRow,
  ParkedEvent,
  ProjectionControl,
  ProjectionStatus,
  ControlRequest,
} from './projection-control.js';

interface ProjectionStatusRow extends CheckpointRow {
  readonly name: string;
  readonly version: number;
  readonly fold_version: number;
  readonly still_ms: string;
  readonly paused: boolean;
  readonly retry: boolean;
  readonly parked: string;
  readonly drifted: string;
  readonly drifted_since: Date | null;
  readonly pid: number | null;
  readonly since: Date | null;
}

const STATUSES = `select p.name, c.version, c.fold_version, c.position as checkpoint, c.recorded_at as checkpoint_at, c.paused, c.retry,
         round(extract(epoch from clock_timestamp() - c.moved_at) * 1000) as still_ms, lead.pid, session.backend_start as since,
         (select count(*) from ledger.parked_events e where e.projection = p.name and e.version = c.version) as parked,
         drift.rows as drifted, drift.since as drifted_since
    from unnest($1::text[], $2::bigint[]) with ordinality as p (name, lock_key, n)
    join ledger.checkpoints c on c.projection = p.name and c.live
    ${LOCK_HOLDER}
    cross join lateral (select count(*) as rows, min(found_at) as since from ledger.drifted_rows d
                         where d.projection = p.name and d.version = c.version) drift
   order by p.n`;

const PARKED = `select position, event_type, execution_id, error from ledger.parked_events
  where projection = $1 and version = (select version from ledger.checkpoints where projection = $1 and live)
  order by position limit 1000`;

const DRIFTED = `select execution_id, field, found_at from ledger.drifted_rows
  where projection = $1 and version = (select version from ledger.checkpoints where projection = $1 and live)
  order by found_at, execution_id limit 20`;

/** Before the projection itself, and apart from it: a swap locks them the other way around. */
const CONTROL_REBUILDS = `update ledger.rebuilds set paused = $2
  where projection = $1 and kind in ('rebuild', 'verify') and ${UNFINISHED}`;

const CONTROL = `with wanted as (
    update ledger.checkpoints set paused = coalesce($2, paused), retry = retry or $3
     where projection = $1 and live returning projection
  ) select pg_notify('${CONTROLLED}', projection) from wanted`;

/** The projections' checkpoints, locks and parked events in PostgreSQL. */
export class PostgresProjectionControl implements ProjectionControl {
  constructor(
    private readonly projections: readonly Projection[],
    private readonly query: RunQuery,
  ) {}

  async statuses(): Promise<ProjectionStatus[]> {
    const names = this.projections.map(({ name }) => name);
    const rows = await this.query<ProjectionStatusRow>(STATUSES, [names, names.map(projectionLockKey)]);
    return rows.map((row) => ({
      name: row.name,
      version: row.version,
      ours: this.projections.some(({ name, version }) => name === row.name && version === row.fold_version),
      checkpoint: checkpointOf(row),
      stillMs: Number(row.still_ms),
      paused: row.paused,
      retrying: row.retry,
      parked: Number(row.parked),
      drifted: Number(row.drifted),
      ...(row.drifted_since === null ? {} : { driftedSince: row.drifted_since.toISOString() }),
      ...(row.pid === null ? {} : { leader: { pid: row.pid, since: (row.since ?? new Date(0)).toISOString() } }),
    }));
  }

  async parked(projection: string): Promise<ParkedEvent[]> {
    type ParkedRow = { position: string; event_type: string; execution_id: string; error: string };
    const rows = await this.query<ParkedRow>(PARKED, [projection]);
    return rows.map(({ position, event_type, execution_id, error }) => ({
      position: BigInt(position),
      eventType: decodeText(event_type),
      executionId: decodeText(execution_id),
      error: decodeText(error),
    }));
  }

  async drifted(projection: string): Promise<DriftedRow[]> {
    type Row = { execution_id: string; field: string; found_at: Date };
    const rows = await this.query<Row>(DRIFTED, [projection]);
    return rows.map(({ execution_id, field, found_at }) => ({
      executionId: decodeText(execution_id),
      field,
      foundAt: found_at.toISOString(),
    }));
  }

  async request(projection: string, { paused, retry }: ControlRequest): Promise<void> {
    if (paused !== undefined) await this.query(CONTROL_REBUILDS, [projection, paused]);
    const want = (): Promise<unknown[]> => this.query(CONTROL, [projection, paused ?? null, retry ?? false]);
    // A swap came in between: what is wanted is wanted of the version that is live now.
    if ((await want()).length === 0) await want();
  }
}
