import type pg from 'pg';
import type { Position } from '../../event-store/position.js';

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
  /** The last stream that is loaded whole; undefined: none. */
  readonly loaded?: string;
}

interface Row {
  readonly version: number;
  readonly fold_version: number;
  readonly phase: Phase;
  readonly upto: string;
  readonly loaded: string | null;
}

/** Somebody paused it, or called it off; what was done stays done. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** One projection's rebuild or verification in `ledger.rebuilds`. */
export class Records {
  constructor(
    private readonly projection: string,
    private readonly kind: RebuildKind,
  ) {}

  /** The one that is to be gone on with. */
  async unfinished(client: pg.ClientBase): Promise<RebuildRecord | undefined> {
    const { rows } = await client.query<Row>(
      `select version, fold_version, phase, upto, loaded from ledger.rebuilds
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
      ...(row.loaded === null ? {} : { loaded: row.loaded }),
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

  async begin(client: pg.ClientBase, { version, foldVersion, phase, upTo }: RebuildRecord): Promise<void> {
    await client.query(
      `insert into ledger.rebuilds (projection, kind, version, fold_version, state, phase, upto)
       values ($1, $2, $3, $4, 'running', $5, $6)
       on conflict (projection, kind) do update set version = $3, fold_version = $4, state = 'running', phase = $5,
         upto = $6, loaded = null, events = 0, ran_ms = 0, started_at = now(), finished_at = null, drift = null, error = null`,
      [this.projection, this.kind, version, foldVersion, phase, String(upTo)],
    );
  }

  /**
   * So much was done; in the transaction that did it. Answers how fast it may go on, in events per second.
   * @throws Interrupted when somebody wants it to stop
   */
  async advance(
    client: pg.ClientBase,
    done: { readonly events: number; readonly ms: number; readonly loaded?: string },
  ): Promise<number | undefined> {
    const { rows } = await client.query<{ paused: boolean; events_per_second: number | null }>(
      `update ledger.rebuilds set events = events + $3, ran_ms = ran_ms + $4, loaded = coalesce($5, loaded)
        where projection = $1 and kind = $2 returning paused, events_per_second`,
      [this.projection, this.kind, done.events, Math.round(done.ms), done.loaded ?? null],
    );
    if (rows[0]?.paused !== false) throw new Interrupted(`the ${this.kind} of ${this.projection} is paused`);
    return rows[0].events_per_second ?? undefined;
  }

  async enter(client: pg.ClientBase, phase: Phase): Promise<void> {
    const state = phase === 'comparing' ? 'verifying' : 'running';
    await this.set(client, 'phase = $3, state = $4', phase, state);
  }

  async finish(client: pg.ClientBase, state: RebuildState, result: object): Promise<void> {
    await this.set(client, 'state = $3, drift = $4, finished_at = now()', state, JSON.stringify(result));
  }

  async fail(client: pg.ClientBase, error: string): Promise<void> {
    await this.set(client, `state = 'failed', error = $3, finished_at = now()`, error);
  }

  private async set(client: pg.ClientBase, change: string, ...values: unknown[]): Promise<void> {
    const text = `update ledger.rebuilds set ${change} where projection = $1 and kind = $2`;
    await client.query(text, [this.projection, this.kind, ...values]);
  }
}
