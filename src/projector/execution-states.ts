import { LRUCache } from 'lru-cache';
import type pg from 'pg';
import type { RowProjection } from '../../projections/projection.js';
import { decodeText, encodeText, parseJson, weigh } from '../encoding/json.js';
import { initial, type ExecutionState } from '../domain/execution.js';
import type { JsonObject } from '../domain/json.js';
import type { EventStore, StoredEvent } from '../event-store/event-store.js';
import { isUnreadable } from '../errors.js';
import { foldEvent, readExecution, type FoldResult } from '../event-store/read-execution.js';
import { viewOf } from '../projection-tables/table.js';
import type { KnownState } from './page-fold.js';

/** How much memory the folds may take that are kept from page to page, so that a busy execution is not read back each time. */
const REMEMBERED_BYTES = 64 * 1024 * 1024;
/** How many streams are read at a time. */
const READERS = 4;

/**
 * What an event came to is kept on the event, and goes with it: followers of a process share the events of a page, and a
 * table of weak references would cost the garbage collector more than it saves.
 */
const MEMO = Symbol('folded');
type MemoizedEvent = StoredEvent & { [MEMO]?: { readonly from: ExecutionState; readonly folded: FoldResult } };

/** A projection whose rows hold whole folds. */
export type RestorableProjection = RowProjection & Required<Pick<RowProjection, 'restore'>>;

interface StateRow {
  execution_id: string;
  state: string;
  payload: string | null;
  revision: number;
  position: string;
}

/**
 * The folds of streams, shared by all projectors of a process. What a stream's first events come to is the same for
 * everybody, wherever each one's checkpoint stands: an event that one projector has read and folded the others need not.
 */
export class ExecutionStates {
  private readonly states = new LRUCache<string, ExecutionState>({ maxSize: REMEMBERED_BYTES, sizeCalculation: weigh });

  /** `snapshots`: whose rows are as good as the stream up to their revision. */
  constructor(
    private readonly store: EventStore,
    private readonly snapshots: RestorableProjection | undefined,
  ) {}

  /** One event on a state, as `foldEvent` folds it. */
  readonly fold = (state: ExecutionState, stored: MemoizedEvent): FoldResult => {
    const known = stored[MEMO];
    if (known?.from === state) return known.folded;
    const folded = foldEvent(state, stored);
    stored[MEMO] = { from: state, folded };
    return folded;
  };

  /** Keeps a fold at hand for whoever comes to its revision. */
  keep(executionId: string, state: ExecutionState): void {
    const key = keyOf(executionId, state.revision);
    if (!this.states.has(key)) this.states.set(key, state);
  }

  /** The folds of streams at these revisions: remembered, else of the snapshot and what came after it. */
  async at(client: pg.ClientBase, wanted: ReadonlyMap<string, number>): Promise<Map<string, KnownState>> {
    const found = new Map<string, KnownState>();
    const missing: [string, number][] = [];
    for (const [id, revision] of wanted) {
      const state = this.states.get(keyOf(id, revision));
      if (state) found.set(id, { state });
      else missing.push([id, revision]);
    }
    if (missing.length === 0) return found;
    const bases = await this.bases(client, missing);
    const readers = Array.from({ length: READERS }, async () => {
      for (let next = missing.pop(); next !== undefined; next = missing.pop()) {
        const [id, revision] = next;
        found.set(id, await this.readTo(id, bases.get(id) ?? initial, revision));
      }
    });
    await Promise.all(readers);
    return found;
  }

  /** The fold of a stream up to a revision; what keeps it from being read is the execution's own affair. */
  private async readTo(executionId: string, from: ExecutionState, revision: number): Promise<KnownState> {
    try {
      const state = await readExecution(this.store, executionId, from, revision);
      this.keep(executionId, state); // after a start, each summary would read the whole stream again
      return { state };
    } catch (error) {
      if (isUnreadable(error)) return { state: initial, unreadable: error.message };
      throw error;
    }
  }

  private async bases(
    client: pg.ClientBase,
    wanted: readonly (readonly [string, number])[],
  ): Promise<Map<string, ExecutionState>> {
    const { snapshots } = this;
    if (!snapshots) return new Map();
    const { rows } = await client.query<StateRow>({
      name: `folds-${snapshots.name}`,
      text: `select t.execution_id, t.state, t.payload, t.revision, t.position
               from unnest($1::text[], $2::integer[]) as wanted (execution_id, revision)
               join ${viewOf(snapshots)} t using (execution_id)
               join ledger.checkpoints c on c.projection = $3 and c.live and c.fold_version = $4
              where t.revision <= wanted.revision`,
      values: [
        wanted.map(([id]) => encodeText(id)),
        wanted.map(([, revision]) => revision),
        snapshots.name,
        snapshots.version,
      ],
    });
    return new Map(rows.map((row) => [decodeText(row.execution_id), restored(snapshots, row)]));
  }
}

const keyOf = (executionId: string, revision: number): string => `${revision}@${executionId}`;

const restored = (snapshots: RestorableProjection, { state, payload, revision, position }: StateRow): ExecutionState =>
  snapshots.restore({
    state: parseJson(state) as JsonObject,
    payload: payload === null ? null : (parseJson(payload) as JsonObject),
    revision,
    position: BigInt(position),
  });
