import type { Projection } from '../../projections/projection.js';
import { encodeText } from '../contract/json.js';
import { initial, type ExecutionState } from '../domain/execution.js';
import type { Json } from '../domain/json.js';
import { parseStream } from '../domain/stream.js';
import type { StoredEvent } from '../event-store/event-store.js';
import { foldEvent } from '../event-store/read-execution.js';
import { encodeRows } from '../read-model/table.js';

/** An event that could not be read, and is passed over. */
export interface Parked {
  readonly position: string;
  readonly event_type: string;
  readonly execution_id: string;
  readonly revision: number;
  readonly error: string;
}

/** What is known of an execution before a page: its fold, or that its fold stopped at an event that cannot be read. */
export interface Known {
  readonly state: ExecutionState;
  readonly unreadableRevision?: number;
}

/** What a page of the log changes, ready to be written in one transaction with its checkpoint. */
export interface PageChanges {
  readonly rows: string;
  readonly rowCount: number;
  /** How far each execution's refused stream has come. */
  readonly refused: readonly { readonly execution_id: string; readonly refused_revision: number }[];
  readonly parked: readonly Parked[];
  /** The executions that had no row before. */
  readonly opened: readonly string[];
  /** Events of types that are not ours: skipped, and counted. */
  readonly foreign: number;
  /** The folds after the page, for the next one. */
  readonly known: ReadonlyMap<string, Known>;
}

/** The executions whose folds a page needs to be known; those it opens itself begin with nothing. */
export function needed(page: readonly StoredEvent[]): Set<string> {
  const ids = new Set<string>();
  const opened = new Set<string>();
  for (const { stream, revision } of page) {
    const parsed = parseStream(stream);
    if (parsed?.kind !== 'execution') continue;
    if (revision === 0) opened.add(parsed.executionId);
    else if (!opened.has(parsed.executionId)) ids.add(parsed.executionId);
  }
  return ids;
}

/** Folds a page: one row per execution it touches, whatever the number of its events. Pure. */
export function foldPage(
  projection: Projection,
  page: readonly StoredEvent[],
  before: ReadonlyMap<string, Known>,
): PageChanges {
  const known = new Map<string, Known>();
  const refused = new Map<string, number>();
  const parked: Parked[] = [];
  let foreign = 0;
  for (const stored of page) {
    const stream = parseStream(stored.stream);
    if (stream?.kind === 'refused') refused.set(stream.executionId, stored.revision);
    if (stream?.kind !== 'execution') continue;
    const id = stream.executionId;
    const { next, broken, foreign: isForeign } = foldOne(known.get(id) ?? before.get(id) ?? { state: initial }, stored);
    known.set(id, next);
    if (broken !== undefined) parked.push(park(id, stored, broken));
    if (isForeign) foreign++;
  }
  const rows: Readonly<Record<string, Json>>[] = [];
  const opened: string[] = [];
  for (const [id, { state }] of known) {
    if (state.status === 'none') continue;
    rows.push(projection.row(id, state));
    if ((before.get(id)?.state.status ?? 'none') === 'none') opened.push(id);
  }
  return {
    rows: encodeRows(projection, rows),
    rowCount: rows.length,
    refused: [...refused].map(([id, revision]) => ({ execution_id: encodeText(id), refused_revision: revision })),
    parked,
    opened,
    foreign,
    known,
  };
}

/** One event on what is known. Behind an event that cannot be read nothing is folded: it would not be the stream's fold. */
function foldOne(known: Known, stored: StoredEvent): { next: Known; broken?: string; foreign?: true } {
  if (known.unreadableRevision !== undefined) return { next: known };
  const { state, broken, foreign } = foldEvent(known.state, stored);
  if (broken !== undefined) return { next: { state, unreadableRevision: stored.revision }, broken };
  return foreign ? { next: { state }, foreign } : { next: { state } };
}

/** An event that is passed over, as it is kept. */
export const park = (executionId: string, stored: StoredEvent, error: string): Parked => ({
  position: String(stored.position),
  event_type: encodeText(stored.type),
  execution_id: encodeText(executionId),
  revision: stored.revision,
  error: encodeText(error),
});
