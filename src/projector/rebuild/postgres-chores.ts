import type pg from 'pg';
import type { Projection } from '../../../projections/projection.js';
import { failedStatement } from '../../postgres/failure.js';
import { CONTROLLED } from '../../read-model/channel.js';
import type { Ask } from '../../read-model/postgres-projection-control.js';
import { rebuildPurposeOf } from '../../read-model/purpose.js';
import { tryToLead } from '../leadership.js';
import { dropVersion, whileVersionsStand } from '../versions.js';
import { unfinished, type Asked, type ChoreKind, type Chores, type ChoreStanding, type Wish } from './chore.js';
import { mayBeDone } from './may.js';
import { choreStandingOf, standingsStatement, type StandingRow } from './standings.js';

const BEGIN = `insert into ledger.rebuilds (projection, kind, version, fold_version, state, phase, paused, events_per_second, upto, sample)
  values ($1, $2, 0, $3, 'running', 'loading', $4, $5, 0, $6)
  on conflict (projection, kind) do update set version = 0, fold_version = $3, state = 'running', phase = 'loading', paused = $4,
    events_per_second = $5, upto = 0, sample = $6, pieces = null, events = 0, ran_ms = 0, started_at = now(),
    finished_at = null, drift = null, error = null`;
const GO_ON = `update ledger.rebuilds set paused = false, events_per_second = coalesce($3, events_per_second)
  where projection = $1 and kind = $2`;
const PAUSE = `with paused as (
    update ledger.rebuilds set paused = true
     where projection = $1 and kind = $2 and state in ('running', 'verifying') returning projection
  ) select pg_notify('${CONTROLLED}', projection) from paused`;

/** How something is asked for, beyond what callers of the endpoints can say. */
export interface Asking extends Wish {
  /** Whoever asks does it: nobody is told. */
  readonly quietly?: boolean;
  /** The program's own wish, nobody's: a pause of the projection holds for it, too, and what is begun is left as it is. */
  readonly unasked?: boolean;
}

const UNDISPUTED: Asked = { accepted: true };

/** The chores in PostgreSQL. */
export class PostgresChores implements Chores {
  constructor(
    private readonly projections: readonly Projection[],
    private readonly query: Ask,
    /** A new connection; it is ended here. */
    private readonly connect: () => Promise<pg.Client>,
  ) {}

  async standings(): Promise<ChoreStanding[]> {
    const { text, values } = standingsStatement(this.projections);
    return (await this.query<StandingRow>(text, values)).map(choreStandingOf);
  }

  ask(name: string, kind: ChoreKind, asking: Asking = {}): Promise<Asked> {
    return this.decide(name, async (client, projection, standing) => {
      const begun = unfinished(standing, kind);
      const may = asking.unasked ? UNDISPUTED : mayBeDone(standing, projection, kind, asking.quietly);
      if (asking.unasked && begun) return may;
      if (!may.accepted) return may;
      if (begun) await client.query(GO_ON, [name, kind, asking.eventsPerSecond ?? null]);
      else await this.begin(client, projection, standing, kind, asking);
      if (!asking.quietly) await client.query(`select pg_notify('${CONTROLLED}', $1)`, [name]);
      return may;
    });
  }

  private async begin(
    client: pg.ClientBase,
    projection: Projection,
    { chores, live }: ChoreStanding,
    kind: ChoreKind,
    { eventsPerSecond, sample, unasked = false }: Asking,
  ): Promise<void> {
    const { name, version } = projection;
    // What a try that failed left behind would pass for the version before the live one.
    const failed = chores.find((chore) => chore.kind === kind && chore.state === 'failed' && chore.version > 0);
    if (failed) await dropVersion(client, projection, failed.version);
    await client.query(BEGIN, [name, kind, version, unasked && live.paused, eventsPerSecond ?? null, sample ?? null]);
  }

  prune(name: string): Promise<Asked> {
    return this.decide(name, async (client, projection, standing) => {
      const may = mayBeDone(standing, projection, 'prune');
      if (!may.accepted) return may;
      // Held until the connection ends: nobody begins on what is about to be dropped.
      if (!(await tryToLead(client, rebuildPurposeOf(name)))) return { accepted: false, why: `${name} is busy` };
      const { rows } = await client.query<{ version: number }>(
        'select version from ledger.checkpoints where projection = $1 and not live',
        [name],
      );
      for (const { version } of rows) await dropVersion(client, projection, version);
      await client.query(`update ledger.rebuilds set version = 0 where projection = $1 and state = 'failed'`, [name]);
      return may;
    });
  }

  /** Has whoever is at it stop after what is under way. What is done stays done; asking for it again goes on. */
  async pause(name: string, kind: ChoreKind): Promise<void> {
    await this.query(PAUSE, [name, kind]);
  }

  /** Of two who ask at once, the second finds what the first asked for. */
  private async decide(
    name: string,
    run: (client: pg.ClientBase, projection: Projection, standing: ChoreStanding) => Promise<Asked>,
  ): Promise<Asked> {
    const client = await this.connect();
    try {
      return await whileVersionsStand(client, async () => {
        const projection = this.projections.find((one) => one.name === name)!;
        const { text, values } = standingsStatement([projection]);
        const [row] = (await client.query<StandingRow>(text, values)).rows;
        return run(client, projection, choreStandingOf(row!));
      });
    } catch (error) {
      throw failedStatement(error);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
