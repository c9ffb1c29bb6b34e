import type pg from 'pg';
import { decodeText, encodeText } from '../encoding/json.js';
import type { StreamName } from '../domain/stream.js';
import type { Position } from '../event-store/position.js';

/** To make a new table and have readers read it, or to make one only to compare the live one with it. */
export type RebuildKind = 'rebuild' | 'verify';
/** What is being done. */
export type Phase = 'loading' | 'indexing' | 'catching up' | 'comparing';
/** `running` also while it is paused or nobody is at it: whoever comes next goes on. */
export type RebuildState = 'running' | 'verifying' | 'swapped' | 'verified' | 'failed';

/** A rebuild as it is kept, so that whoever goes on with it knows where it was. */
export interface RebuildRecord {
  readonly version: number;
  readonly foldVersion: number;
  readonly phase: Phase;
  readonly upTo: Position;
  /** What is to be loaded, and of each how far it is; none where the log has no order of streams. */
  readonly partitions: readonly Partition[];
}

/** Some streams of the log: those behind the last that is loaded, up to and including `to`. */
export interface Partition {
  readonly after: StreamName;
  readonly to: StreamName;
}

interface RebuildRow {
  readonly version: number;
  readonly fold_version: number;
  readonly phase: Phase;
  readonly upto: string;
  readonly pieces: readonly Partition[] | null;
}

/** Some events, and the time they took. */
interface WorkDone {
  readonly events: number;
  readonly ms: number;
}

interface RebuildControls {
  readonly paused: boolean;
  readonly events_per_second: number | null;
}

const encodePartition = ({ after, to }: Partition): Partition => ({ after: encodeText(after), to: encodeText(to) });

/** Somebody paused it, or called it off; what was done stays done. */
export class OperationInterrupted extends Error {
  override readonly name = 'OperationInterrupted';
}

/** One projection's rebuild or verification in `ledger.rebuilds`. */
export class RebuildTable {
  constructor(
    private readonly projection: string,
    readonly kind: RebuildKind,
  ) {}

  /** The one that is to be gone on with. */
  async unfinished(client: pg.ClientBase): Promise<RebuildRecord | undefined> {
    const { rows } = await client.query<RebuildRow>(
      `select version, fold_version, phase, upto, pieces from ledger.rebuilds
        where projection = $1 and kind = $2 and state in ('running', 'verifying') and version > 0`,
      [this.projection, this.kind],
    );
    const [row] = rows;
    if (!row) return undefined;
    return {
      version: row.version,
      foldVersion: row.fold_version,
      phase: row.phase,
      upTo: BigInt(row.upto),
      partitions: (row.pieces ?? []).map(({ after, to }) => ({ after: decodeText(after), to: decodeText(to) })),
    };
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
        and state in ('running', 'verifying', 'failed') and version > 0`,
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
      [
        this.projection,
        this.kind,
        version,
        foldVersion,
        phase,
        String(upTo),
        JSON.stringify(partitions.map(encodePartition)),
      ],
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

  async finish(client: pg.ClientBase, state: RebuildState, result: object): Promise<void> {
    await this.set(client, 'state = $3, drift = $4, finished_at = now()', state, JSON.stringify(result));
  }

  /** What ended before stays as it ended: its version may be the live one, and one that failed is dropped by the next. */
  async fail(client: pg.ClientBase, error: string): Promise<void> {
    await client.query(
      `update ledger.rebuilds set state = 'failed', error = $3, finished_at = now()
        where projection = $1 and kind = $2 and state in ('running', 'verifying')`,
      [this.projection, this.kind, error],
    );
  }

  private async set(client: pg.ClientBase, change: string, ...values: unknown[]): Promise<void> {
    const text = `update ledger.rebuilds set ${change} where projection = $1 and kind = $2`;
    await client.query(text, [this.projection, this.kind, ...values]);
  }
}
