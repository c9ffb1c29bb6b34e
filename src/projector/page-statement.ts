import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { Projection } from '../../projections/projection.js';
import type { Instant } from '../domain/events.js';
import type { StoredEvent } from '../event-store/event-store.js';
import type { Position } from '../event-store/position.js';
import { PROJECTED } from '../projection-tables/checkpoint.js';
import { writeStatement } from '../projection-tables/rows.js';
import type { EncodedContributions } from './contributions.js';

/** From where to where a page moves checkpoints, and when its last event was recorded. */
export interface Step {
  readonly from: Position;
  readonly to: Position;
  readonly at: Instant;
}

/** The step from a position over a page. */
export function stepOver(page: readonly StoredEvent[], from: Position): Step {
  const { position: to, recordedAt: at } = page.at(-1)!;
  return { from, to, at };
}

/** A version of a projection's table. */
interface WrittenTable {
  readonly projection: Projection;
  readonly version: number;
}

/** What is done of a checkpoint that somebody else holds: it is waited for, or left as it is. */
type RowLock = 'for no key update' | 'for no key update skip locked';

/** The parameters before those of the tables. */
const [FROM, TO, AT] = ['$1', '$2', '$3'];
const FIRST_TABLE = 4;

/** Some bytes of a digest are enough: a process has a few such statements. */
const NAME_LENGTH = 16;

/**
 * Writes what a page changes in the tables of projections that stand at the same position, and moves their checkpoints: one
 * statement, in which a table is written if, and only if, its checkpoint was found where the page begins.
 */
export class PageStatement {
  private readonly name: string;
  private readonly text: string;

  constructor(tables: readonly WrittenTable[], lock: RowLock) {
    const checkpoints = tables.map(({ projection: { name }, version }) => `('${name}', ${version})`).join(', ');
    const writes = tables.map(({ projection, version }, n) => {
      const moved = `exists (select from moved where projection = '${projection.name}')`;
      return `written_${n} as (${writeStatement(projection, version, moved, `$${FIRST_TABLE + n}`)})`;
    });
    this.text = `with held as (
        select projection, version from ledger.checkpoints
         where (projection, version) in (${checkpoints}) and position = ${FROM} ${lock}
      ), moved as (
        update ledger.checkpoints set position = ${TO}, recorded_at = ${AT}, moved_at = now()
         where (projection, version) in (select projection, version from held) returning projection, live
      ), ${writes.join(', ')}
      select projection, case when live then pg_notify('${PROJECTED}', projection || ' ' || ${TO}::text) end from moved`;
    this.name = `page-${createHash('sha256').update(this.text).digest('hex').slice(0, NAME_LENGTH)}`;
  }

  /** Answers the names of the projections whose checkpoints were moved; of the others nothing was written. */
  async run(
    client: pg.ClientBase,
    { from, to, at }: Step,
    changes: readonly EncodedContributions[],
  ): Promise<Set<string>> {
    const values = [String(from), String(to), at, ...changes.map(({ encoded }) => encoded)];
    const { rows } = await client.query<{ projection: string }>({ name: this.name, text: this.text, values });
    return new Set(rows.map(({ projection }) => projection));
  }
}
