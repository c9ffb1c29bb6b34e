import type { Projection } from '../../projections/projection.js';
import { encodeText } from '../contract/json.js';
import { initial, type ExecutionState, type ExistingExecution } from '../domain/execution.js';
import { parseStream } from '../domain/stream.js';
import type { StoredEvent } from '../event-store/event-store.js';
import { foldEvent, type Folded } from '../event-store/read-execution.js';
import { contributionsTo, type Contributions, type RowEncoder } from './contributions.js';

/** An event that could not be read, or not be written, and is passed over. */
export interface Parked {
  readonly position: string;
  readonly event_type: string;
  readonly execution_id: string;
  readonly revision: number;
  readonly error: string;
}

/** What is known of an execution before a page. */
export interface Known {
  readonly state: ExecutionState;
  /** An event of it is parked: what comes behind it is not folded, for it would not be the stream's fold. */
  readonly stopped?: true;
  /** Why its fold cannot be had: its next event is parked for it. */
  readonly unreadable?: string;
}

/** What a page of the log changes, ready to be written in one transaction with its checkpoint. */
export interface PageChanges {
  /** Rows or increments, as the statement of the table takes them, and how many they are. */
  readonly written: string;
  readonly count: number;
  /** How far each execution's refused stream has come. */
  readonly refused: readonly { readonly execution_id: string; readonly refused_revision: number }[];
  readonly parked: readonly Parked[];
  /** The executions that did not exist before. */
  readonly opened: readonly string[];
  /** Events of types that are not ours: skipped, and counted. */
  readonly foreign: number;
  /** The folds after the page, of the executions that it moved. */
  readonly states: ReadonlyMap<string, ExecutionState>;
}

/** The revision at which each execution's fold must be known before a page. */
export function needed(page: readonly StoredEvent[]): Map<string, number> {
  const wanted = new Map<string, number>();
  for (const { stream, revision } of page) {
    const parsed = parseStream(stream);
    if (parsed?.kind === 'execution' && !wanted.has(parsed.executionId)) wanted.set(parsed.executionId, revision - 1);
  }
  return wanted;
}

/**
 * Folds events of the log, in order, into what they change in a projection's table. Pure: live pages, a retry, a rebuild and
 * its verification differ only in which events they give, in how many portions, and in what they do with the changes.
 */
export class PageFold {
  private readonly known = new Map<string, Known>();
  private readonly refused = new Map<string, number>();
  private readonly parked: Parked[] = [];
  private readonly contributions: Contributions;
  /** The stream of the last event: events of one often come together. */
  private name = '';
  private stream: ReturnType<typeof parseStream>;
  private foreign = 0;

  /** `before`: the folds at the revisions that {@link needed} tells; absent: nothing. */
  constructor(
    projection: Projection,
    private readonly before: ReadonlyMap<string, Known>,
    private readonly fold: (state: ExecutionState, stored: StoredEvent) => Folded = foldEvent,
    encode?: RowEncoder,
  ) {
    this.contributions = contributionsTo(projection, encode);
  }

  /** One more event. @throws whatever the projection throws at it */
  add(stored: StoredEvent): void {
    if (stored.stream !== this.name) {
      this.name = stored.stream;
      this.stream = parseStream(stored.stream);
    }
    const { stream } = this;
    if (stream?.kind === 'refused') this.refused.set(stream.executionId, stored.revision);
    if (stream?.kind !== 'execution') return;
    const id = stream.executionId;
    const known = this.known.get(id) ?? this.before.get(id) ?? { state: initial };
    if (known.stopped) return void this.known.set(id, known);
    const next = this.step(id, known, stored);
    if (next !== known) this.known.set(id, next);
  }

  private step(id: string, known: Known, stored: StoredEvent): Known {
    const { state } = known;
    const folded = known.unreadable === undefined ? this.fold(state, stored) : { state, broken: known.unreadable };
    if (folded.broken !== undefined) {
      this.parked.push(park(id, stored, folded.broken));
      return { state, stopped: true };
    }
    if (folded.foreign) this.foreign++;
    const after = folded.state;
    if (after.status !== 'none' && after !== state) {
      this.contributions.add({ executionId: id, before: state, after, stored, event: folded.event });
    }
    return { state: after };
  }

  /** What came of them so far. @throws whatever the projection throws at the last event of an execution */
  changes(): PageChanges {
    const moved = [...this.known].filter(([, { state }]) => state.status !== 'none');
    const isNew = ([id]: readonly [string, Known]) => (this.before.get(id)?.state.status ?? 'none') === 'none';
    return {
      ...this.contributions.encoded(),
      refused: [...this.refused].map(([id, revision]) => ({
        execution_id: encodeText(id),
        refused_revision: revision,
      })),
      parked: this.parked,
      opened: moved.filter(isNew).map(([id]) => id),
      foreign: this.foreign,
      states: new Map(moved.map(([id, { state }]) => [id, state as ExistingExecution])),
    };
  }
}

/** An event that is passed over, as it is kept. */
export const park = (executionId: string, stored: StoredEvent, error: string): Parked => ({
  position: String(stored.position),
  event_type: encodeText(stored.type),
  execution_id: encodeText(executionId),
  revision: stored.revision,
  error: encodeText(error),
});

/** Folds a page: {@link PageFold} of all its events. */
export function foldPage(
  projection: Projection,
  page: readonly StoredEvent[],
  before: ReadonlyMap<string, Known>,
  fold?: (state: ExecutionState, stored: StoredEvent) => Folded,
): PageChanges {
  const folding = new PageFold(projection, before, fold);
  for (const stored of page) folding.add(stored);
  return folding.changes();
}
