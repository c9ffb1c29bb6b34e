import { LRUCache } from 'lru-cache';
import type pg from 'pg';
import { INDEXED_LENGTH } from '../../projections/short-text.js';
import { decodeText, encodeText } from '../encoding/json.js';
import type { StoredEvent } from '../event-store/event-store.js';
import type { Position } from '../event-store/position.js';

/** Of how many executions it is remembered that nothing of theirs is parked. */
const REMEMBERED = 20_000;

/** By size, for a cache of so many entries makes room for all of them at once: 5 ms and a megabyte each time a lead begins. */
const one = (): number => 1;

/** An event that could not be read, or not be written, and is passed over. */
export interface ParkedEventRow {
  readonly position: string;
  readonly event_type: string;
  readonly execution_id: string;
  readonly revision: number;
  readonly error: string;
}

/** An event that is passed over, as it is kept. */
export const park = (executionId: string, stored: StoredEvent, error: string): ParkedEventRow => ({
  position: String(stored.position),
  event_type: encodeText(stored.type),
  execution_id: encodeText(executionId),
  revision: stored.revision,
  error: encodeText(error),
});

/** A parked event, as a retry needs it. */
export interface ParkedPosition {
  readonly executionId: string;
  readonly revision: number;
  readonly position: Position;
}

/** The events that a projection passed over: each is where its execution's fold has stopped. */
export class ParkedEvents {
  /** Whether there may be any: mostly there are none, and then a page need not look. */
  private some = true;
  /** Executions that are known to have none, so that a busy one is looked for once. */
  private readonly none = new LRUCache<string, true>({ maxSize: REMEMBERED, sizeCalculation: one });

  /** `marked`: the table whose rows say where their reading broke off. */
  constructor(
    private readonly identity: readonly [name: string, version: number],
    private readonly marked: string | undefined,
  ) {}

  async begin(client: pg.ClientBase): Promise<void> {
    const text = 'select exists (select from ledger.parked_events where projection = $1 and version = $2) as some';
    this.none.clear();
    this.some = (await client.query<{ some: boolean }>(text, [...this.identity])).rows[0]!.some;
  }

  /** Those of the executions whose fold has stopped. */
  async stopped(client: pg.ClientBase, executionIds: readonly string[]): Promise<string[]> {
    const unsure = this.some ? executionIds.filter((id) => !this.none.has(id)) : [];
    if (unsure.length === 0) return [];
    const ids = unsure.map(encodeText);
    const { rows } = await client.query<{ execution_id: string }>(
      `select distinct execution_id from ledger.parked_events
        where projection = $1 and version = $2 and left(execution_id, 255) = any($3) and execution_id = any($4)`,
      [...this.identity, ids.map((id) => [...id].slice(0, INDEXED_LENGTH).join('')), ids],
    );
    for (const id of unsure) this.none.set(id, true);
    const stopped = rows.map(({ execution_id }) => decodeText(execution_id));
    for (const id of stopped) this.none.delete(id);
    return stopped;
  }

  /** The first one behind a position. */
  async next(client: pg.ClientBase, after: Position): Promise<ParkedPosition | undefined> {
    const { rows } = await client.query<{ execution_id: string; revision: number; position: string }>(
      `select execution_id, revision, position from ledger.parked_events
        where projection = $1 and version = $2 and position > $3 order by position limit 1`,
      [...this.identity, String(after)],
    );
    const [row] = rows;
    return (
      row && {
        executionId: decodeText(row.execution_id),
        revision: row.revision,
        position: BigInt(row.position),
      }
    );
  }

  /** In the transaction that passes them over. One that is parked already has a new error. */
  async park(client: pg.ClientBase, parked: readonly ParkedEventRow[]): Promise<void> {
    if (parked.length === 0) return;
    this.some = true;
    for (const { execution_id } of parked) this.none.delete(decodeText(execution_id));
    const record = 'position bigint, event_type text, execution_id text, revision integer, error text';
    const values = JSON.stringify(parked);
    await client.query(
      `insert into ledger.parked_events (projection, version, position, event_type, execution_id, revision, error)
       select $1, $2, position, event_type, execution_id, revision, error from json_to_recordset($3::json) as p (${record})
       on conflict (projection, version, position) do update set error = excluded.error`,
      [...this.identity, values],
    );
    await this.mark(client, 'p.revision', values);
  }

  /** In the transaction that writes what it contributes after all. */
  async unpark(client: pg.ClientBase, { executionId, position }: ParkedPosition): Promise<void> {
    await client.query('delete from ledger.parked_events where projection = $1 and version = $2 and position = $3', [
      ...this.identity,
      String(position),
    ]);
    await this.mark(client, 'null', JSON.stringify([{ execution_id: encodeText(executionId) }]));
  }

  /** Why it still cannot be passed. */
  async updateReason(client: pg.ClientBase, { position }: ParkedPosition, error: string): Promise<void> {
    const text = 'update ledger.parked_events set error = $4 where projection = $1 and version = $2 and position = $3';
    await client.query(text, [...this.identity, String(position), encodeText(error)]);
  }

  private async mark(client: pg.ClientBase, revision: string, parked: string): Promise<void> {
    if (this.marked === undefined) return;
    await client.query(
      `update ${this.marked} as stored set unreadable_revision = ${revision}
         from json_to_recordset($1::json) as p (execution_id text, revision integer)
        where stored.execution_id = p.execution_id`,
      [parked],
    );
  }
}
