import type pg from 'pg';
import { encodeText } from '../encoding/json.js';
import type { StreamName } from '../domain/stream.js';
import { CONTROLLED } from '../projection-tables/checkpoint.js';
import { INCOMPLETE, UNFINISHED, type OperationState } from '../projection-tables/operation-states.js';
import type { RunQuery } from '../projection-tables/read-pool.js';
import type { Phase, ProjectionOperationKind } from './projection-operation.js';
import { encodePartitions, recordOf, type RebuildRecord, type RebuildRow } from './rebuild-record.js';

/** Some events, and the time they took. */
interface WorkDone {
  readonly events: number;
  readonly ms: number;
}

interface RebuildControls {
  readonly paused: boolean;
  readonly events_per_second: number | null;
}

/** Somebody paused it, or called it off; what was done stays done. */
export class OperationInterrupted extends Error {
  override readonly name = 'OperationInterrupted';
}

/** What is asked for: by a program of which version, and how. */
export interface RequestedOperation {
  readonly foldVersion: number;
  readonly paused: boolean;
  readonly eventsPerSecond?: number | undefined;
  readonly sample?: number | undefined;
}

/** Versions that failed and were dropped: nobody is to find them. */
export async function forgetFailed(client: pg.ClientBase, projection: string): Promise<void> {
  await client.query(`update ledger.rebuilds set version = 0 where projection = $1 and state = 'failed'`, [projection]);
}

/** One projection's operation of a kind in `ledger.rebuilds`. Only a pause of the whole projection writes there besides. */
export class OperationsTable {
  constructor(
    private readonly projection: string,
    readonly kind: ProjectionOperationKind,
  ) {}

  /** Writes down what is asked for, in the place of what was before; version 0: nobody has begun. */
  async request(client: pg.ClientBase, requested: RequestedOperation): Promise<void> {
    const { foldVersion, paused, eventsPerSecond = null, sample = null } = requested;
    await client.query(
      `insert into ledger.rebuilds (projection, kind, version, fold_version, state, phase, paused, events_per_second, upto, sample)
       values ($1, $2, 0, $3, 'running', 'loading', $4, $5, 0, $6)
       on conflict (projection, kind) do update set version = 0, fold_version = $3, state = 'running', phase = 'loading',
         paused = $4, events_per_second = $5, upto = 0, sample = $6, pieces = null, events = 0, ran_ms = 0, started_at = now(),
         finished_at = null, drift = null, error = null`,
      [this.projection, this.kind, foldVersion, paused, eventsPerSecond, sample],
    );
  }

  /** Has it go on, at another speed where one is given, in events per second. */
  async resume(client: pg.ClientBase, eventsPerSecond: number | null): Promise<void> {
    await this.set(client, 'paused = false, events_per_second = coalesce($3, events_per_second)', eventsPerSecond);
  }

  /** Has whoever is at it stop after what is under way. */
  async pause(query: RunQuery): Promise<void> {
    await query(
      `with paused as (
         update ledger.rebuilds set paused = true where projection = $1 and kind = $2 and ${UNFINISHED} returning projection
       ) select pg_notify('${CONTROLLED}', projection) from paused`,
      [this.projection, this.kind],
    );
  }

  async isRequested(client: pg.ClientBase): Promise<boolean> {
    const { rowCount } = await client.query(
      `select from ledger.rebuilds where projection = $1 and kind = $2 and ${UNFINISHED}`,
      [this.projection, this.kind],
    );
    return rowCount === 1;
  }

  /** A version that there never was. */
  async nextVersion(client: pg.ClientBase): Promise<number> {
    const { rows } = await client.query<{ next: number }>(
      `select greatest((select max(version) from ledger.checkpoints where projection = $1),
                       (select max(version) from ledger.rebuilds where projection = $1)) + 1 as next`,
      [this.projection],
    );
    return rows[0]!.next;
  }

  /** The one that is to be gone on with. */
  async unfinished(client: pg.ClientBase): Promise<RebuildRecord | undefined> {
    const { rows } = await client.query<RebuildRow>(
      `select version, fold_version, phase, upto, pieces from ledger.rebuilds
        where projection = $1 and kind = $2 and ${UNFINISHED} and version > 0`,
      [this.projection, this.kind],
    );
    return rows[0] && recordOf(rows[0]);
  }

  /** How fast it may go, in events per second; undefined: as fast as it can. */
  async rate(client: pg.ClientBase): Promise<number | undefined> {
    const { rows } = await client.query<{ rate: number | null }>(
      'select events_per_second as rate from ledger.rebuilds where projection = $1 and kind = $2',
      [this.projection, this.kind],
    );
    return rows[0]?.rate ?? undefined;
  }

  /** Versions of tries that failed, or were another program's: nobody will finish or read them. */
  async abandoned(client: pg.ClientBase): Promise<number[]> {
    const { rows } = await client.query<{ version: number }>(
      `select version from ledger.rebuilds where projection = $1 and kind = $2
        and ${INCOMPLETE} and version > 0`,
      [this.projection, this.kind],
    );
    return rows.map(({ version }) => version);
  }

  async begin(client: pg.ClientBase, { version, foldVersion, phase, upTo, partitions }: RebuildRecord): Promise<void> {
    await client.query(
      `insert into ledger.rebuilds (projection, kind, version, fold_version, state, phase, upto, pieces)
       values ($1, $2, $3, $4, 'running', $5, $6, $7)
       on conflict (projection, kind) do update set version = $3, fold_version = $4, state = 'running', phase = $5,
         upto = $6, pieces = $7, events = 0, ran_ms = 0, started_at = now(), finished_at = null, drift = null, error = null`,
      [this.projection, this.kind, version, foldVersion, phase, String(upTo), encodePartitions(partitions)],
    );
  }

  /**
   * So much was done. Answers how fast it may go on, in events per second.
   * @throws OperationInterrupted when somebody wants it to stop
   */
  async advance(client: pg.ClientBase, done: WorkDone): Promise<number | undefined> {
    const { rows } = await client.query<RebuildControls>(
      `update ledger.rebuilds set events = events + $3, ran_ms = ran_ms + $4
        where projection = $1 and kind = $2 returning paused, events_per_second`,
      [this.projection, this.kind, done.events, Math.round(done.ms)],
    );
    return this.rateOf(rows);
  }

  /**
   * As {@link advance}, of the n-th partition of a version, in the transaction that loaded it from one stream to another. Somebody who lost
   * the lead of the rebuild and does not know it finds the partition elsewhere than he left it, and what he wrote is undone.
   */
  async advancePartition(
    client: pg.ClientBase,
    [version, n]: readonly [version: number, n: number],
    from: StreamName,
    to: StreamName,
    done: WorkDone,
  ): Promise<number | undefined> {
    const { rows } = await client.query<RebuildControls>(
      `update ledger.rebuilds set events = events + $3, ran_ms = ran_ms + $4,
              pieces = jsonb_set(pieces, array[$5::text, 'after'], to_jsonb($7::text))
        where projection = $1 and kind = $2 and version = $8 and pieces -> ($5::text)::integer ->> 'after' = $6
        returning paused, events_per_second`,
      [
        this.projection,
        this.kind,
        done.events,
        Math.round(done.ms),
        String(n),
        encodeText(from),
        encodeText(to),
        version,
      ],
    );
    return this.rateOf(rows);
  }

  private rateOf([wanted]: readonly RebuildControls[]): number | undefined {
    if (!wanted) throw new OperationInterrupted(`somebody else is at the ${this.kind} of ${this.projection}`);
    if (wanted.paused) throw new OperationInterrupted(`the ${this.kind} of ${this.projection} is paused`);
    return wanted.events_per_second ?? undefined;
  }

  async enter(client: pg.ClientBase, phase: Phase): Promise<void> {
    const state = phase === 'comparing' ? 'verifying' : 'running';
    await this.set(client, 'phase = $3, state = $4', phase, state);
  }

  async finish(client: pg.ClientBase, state: OperationState, result: object): Promise<void> {
    await this.set(client, 'state = $3, drift = $4, finished_at = now()', state, JSON.stringify(result));
  }

  /** Readers read this version again. */
  async finishRollback(client: pg.ClientBase, version: number): Promise<void> {
    await this.set(client, `state = 'swapped', version = $3, error = null, finished_at = now()`, version);
  }

  /** What ended before stays as it ended: its version may be the live one, and one that failed is dropped by the next. */
  async fail(client: pg.ClientBase, error: string): Promise<void> {
    await client.query(
      `update ledger.rebuilds set state = 'failed', error = $3, finished_at = now()
        where projection = $1 and kind = $2 and ${UNFINISHED}`,
      [this.projection, this.kind, error],
    );
  }

  private async set(client: pg.ClientBase, change: string, ...values: unknown[]): Promise<void> {
    const text = `update ledger.rebuilds set ${change} where projection = $1 and kind = $2`;
    await client.query(text, [this.projection, this.kind, ...values]);
  }
}
