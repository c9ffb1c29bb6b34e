import type pg from 'pg';
import { encodeText } from '../encoding/json.js';
import type { PageChanges } from './page-fold.js';

/** What is kept of refusals only rises, so that a page may come twice. */
const RISING = ['refused_revision', 'contradicted_attempt', 'fenced_attempt'] as const;
const risen = (kept: string, come: string): string =>
  RISING.map((column) => `${column} = greatest(${kept}.${column}, ${come}.${column})`).join(', ');

/**
 * How far each execution's refused stream has come. It has a revision of its own and never creates a row
 * (docs/semantics.md §6): what was refused before there was an execution waits in `ledger.early_refusals` for its row, so that
 * the count is the same wherever pages begin and end.
 */
export class RefusedCounts {
  /** Whether anything may be waiting: mostly nothing is, and then a page need not look. */
  private waiting = true;

  constructor(
    private readonly table: string,
    private readonly identity: readonly [name: string, version: number],
  ) {}

  async begin(client: pg.ClientBase): Promise<void> {
    const text = 'select exists (select from ledger.early_refusals where projection = $1 and version = $2) as waiting';
    const { rows } = await client.query<{ waiting: boolean }>(text, [...this.identity]);
    this.waiting = rows[0]!.waiting;
  }

  /** Whether a page has anything to say here. */
  concerns({ refused, opened }: PageChanges): boolean {
    return refused.length > 0 || (this.waiting && opened.length > 0);
  }

  /** After the page's rows stand. */
  async write(client: pg.ClientBase, { refused, opened }: PageChanges): Promise<void> {
    if (refused.length > 0) await this.count(client, refused);
    if (this.waiting && opened.length > 0) await this.adopt(client, opened);
  }

  private async count(client: pg.ClientBase, refused: PageChanges['refused']): Promise<void> {
    const { rowCount } = await client.query(
      `with refused as (
         select * from json_to_recordset($3::json)
           as r (execution_id text, ${RISING.map((column) => `${column} integer`).join(', ')})
       ), counted as (
         update ${this.table} as stored set ${risen('stored', 'refused')}
           from refused where stored.execution_id = refused.execution_id returning stored.execution_id
       )
       insert into ledger.early_refusals as early (projection, version, execution_id, ${RISING.join(', ')})
       select $1, $2, execution_id, ${RISING.join(', ')} from refused where execution_id not in (select execution_id from counted)
       on conflict (projection, version, execution_id) do update set ${risen('early', 'excluded')}`,
      [...this.identity, JSON.stringify(refused)],
    );
    this.waiting ||= rowCount! > 0;
  }

  private async adopt(client: pg.ClientBase, opened: readonly string[]): Promise<void> {
    await client.query(
      `with early as (
         delete from ledger.early_refusals where projection = $1 and version = $2 and execution_id = any($3)
         returning execution_id, ${RISING.join(', ')}
       )
       update ${this.table} as stored set ${risen('stored', 'early')}
         from early where stored.execution_id = early.execution_id`,
      [...this.identity, opened.map(encodeText)],
    );
  }
}
