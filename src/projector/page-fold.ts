import type { ForeignEvent, Projection } from '../../projections/projection.js';
import { encodeText } from '../encoding/json.js';
import { attemptContradicted, attemptReportedPast } from '../domain/doubt.js';
import type { ReportRefusedData } from '../domain/events.js';
import { initial, type ExecutionState } from '../domain/execution.js';
import { compact } from '../domain/json.js';
import { parseStream, type StreamKind, type StreamName } from '../domain/stream.js';
import { readMetadata } from '../event-store/codec.js';
import type { StoredEvent } from '../event-store/event-store.js';
import { foldEvent, type FoldResult } from '../event-store/read-execution.js';
import {
  contributionsTo,
  type Change,
  type EncodedContributions,
  type Contributions,
  type RowEncoder,
} from './contributions.js';
import { park, type ParkedEventRow } from './parked-events.js';

/** What is known of an execution before a page. */
export interface KnownState {
  readonly state: ExecutionState;
  /** An event of it is parked: what comes behind it is not folded, for it would not be the stream's fold. */
  readonly stopped?: true;
  /** Why its fold cannot be had: its next event is parked for it. */
  readonly unreadable?: string;
}

/** What the page says of an execution's refused stream. */
export interface Refusals {
  readonly execution_id: string;
  readonly refused_revision: number;
  /** The last attempt that had its outcome contradicted by a worker; 0: none. */
  readonly contradicted_attempt: number;
  /** The last attempt that stood while a worker of an older one reported; 0: none. */
  readonly fenced_attempt: number;
}

/** What a page of the log comes to, whatever projection it is for. */
export interface PageOutcome {
  /** What each execution's refused stream says of it. */
  readonly refused: readonly Refusals[];
  readonly parked: readonly ParkedEventRow[];
  /** The executions that did not exist before. */
  readonly opened: readonly string[];
  /** Events of types that are not ours: skipped, and counted. */
  readonly foreign: number;
  /** Members of our events that could not be read: left out, and counted. */
  readonly unread: number;
  /** The folds after the page, of the streams that it moved: of one that holds nothing of ours too, or each page would read all of it again. */
  readonly states: ReadonlyMap<string, ExecutionState>;
}

/** What a page changes in a projection's table, ready to be written in one transaction with its checkpoint. */
export interface PageChanges extends PageOutcome, EncodedContributions {}

/** The revision at which each execution's fold must be known before a page; of one that begins in it nothing must. */
export function requiredRevisions(page: readonly StoredEvent[]): Map<string, number> {
  const met = new Set<string>();
  const wanted = new Map<string, number>();
  for (const { stream, revision } of page) {
    const parsed = parseStream(stream);
    if (parsed?.kind === 'execution' && !met.has(parsed.executionId)) {
      met.add(parsed.executionId);
      if (revision > 0) wanted.set(parsed.executionId, revision - 1);
    }
  }
  return wanted;
}

/** An event that is not ours, as a projection is shown it. */
const foreign = ({ revision, position, recordedAt: recorded_at }: StoredEvent): ForeignEvent => ({
  type: 'foreign',
  revision,
  position,
  recorded_at,
});

/** A stream of the ledger's while a page is folded: where its execution stands, and what its last event did to it. */
interface StreamFold {
  readonly kind: StreamKind;
  readonly executionId: string;
  /** As it was before the page. */
  readonly first: KnownState;
  before: ExecutionState;
  after: ExecutionState;
  event: Change['event'] | undefined;
  stopped: boolean;
}

/** Whether an event changed it. */
const isLonger = (folding: StreamFold | undefined): folding is StreamFold => folding?.event !== undefined;
/** The same, and it is an execution. */
const hasMoved = (folding: StreamFold): folding is StreamFold & Change =>
  isLonger(folding) && folding.after.status !== 'none';

/**
 * Folds events of the log, in order, into what they change in the tables of projections. Pure: live pages, a retry, a rebuild
 * and its verification differ only in which events they give, in how many portions, and in what they do with the changes.
 */
export class PageFold {
  /** By name; streams that are not the ledger's have none. */
  private readonly streams = new Map<StreamName, StreamFold | undefined>();
  private readonly refused = new Map<string, Refusals>();
  private readonly parked: ParkedEventRow[] = [];
  private readonly contributions: readonly Contributions[];
  private foreign = 0;
  private unread = 0;

  /** `before`: the folds at the revisions that {@link requiredRevisions} tells; absent: nothing. */
  constructor(
    projections: readonly Projection[],
    private readonly before: ReadonlyMap<string, KnownState>,
    private readonly fold: (state: ExecutionState, stored: StoredEvent) => FoldResult = foldEvent,
    encode?: RowEncoder,
  ) {
    this.contributions = projections.map((projection) => contributionsTo(projection, encode));
  }

  /** One more event. @throws whatever the projection throws at it */
  add(stored: StoredEvent): void {
    const folding = this.streams.get(stored.stream) ?? this.meet(stored.stream);
    if (folding?.kind === 'refused') this.refuse(folding.executionId, stored);
    if (folding?.kind === 'execution' && !folding.stopped) this.step(folding, stored);
  }

  private refuse(executionId: string, stored: StoredEvent): void {
    const before = this.refused.get(executionId);
    const { contradicted = 0, fenced = 0 } = attemptsIn(stored);
    this.refused.set(executionId, {
      execution_id: encodeText(executionId),
      refused_revision: stored.revision,
      contradicted_attempt: Math.max(before?.contradicted_attempt ?? 0, contradicted),
      fenced_attempt: Math.max(before?.fenced_attempt ?? 0, fenced),
    });
  }

  private meet(stream: StreamName): StreamFold | undefined {
    const parsed = parseStream(stream);
    const known: KnownState = (parsed && this.before.get(parsed.executionId)) ?? { state: initial };
    const { state, stopped = false } = known;
    const folding = parsed && {
      kind: parsed.kind,
      executionId: parsed.executionId,
      first: known,
      before: state,
      after: state,
      event: undefined,
      stopped,
    };
    this.streams.set(stream, folding);
    return folding;
  }

  private step(folding: StreamFold, stored: StoredEvent): void {
    const { after: state, first } = folding;
    const folded = first.unreadable === undefined ? this.fold(state, stored) : { state, broken: first.unreadable };
    if (folded.broken !== undefined) {
      this.parked.push(park(folding.executionId, stored, folded.broken));
      folding.stopped = true;
      return;
    }
    if (folded.foreign) this.foreign++;
    this.unread += folded.unread ?? 0;
    if (folded.state === state) return;
    folding.before = state;
    folding.after = folded.state;
    folding.event = { ...(folded.event ?? foreign(stored)), execution_id: folding.executionId };
    if (hasMoved(folding)) for (const contributions of this.contributions) contributions.add(folding);
  }

  /** What came of them so far, for the one projection that there is. @throws as {@link contributed} */
  changes(): PageChanges {
    return { ...this.outcome(), ...this.contributed(0) };
  }

  /** What the n-th projection contributes so far. @throws whatever it throws at the last event of an execution */
  contributed(n: number): EncodedContributions {
    return this.contributions[n]!.encoded();
  }

  /** What came of them so far for all projections. */
  outcome(): PageOutcome {
    const longer = [...this.streams.values()].filter(isLonger);
    const moved = longer.filter(hasMoved);
    return {
      refused: [...this.refused.values()],
      parked: this.parked,
      opened: moved.filter(({ first }) => first.state.status === 'none').map(({ executionId }) => executionId),
      foreign: this.foreign,
      unread: this.unread,
      states: new Map(longer.map(({ executionId, after }) => [executionId, after])),
    };
  }
}

/** The attempts that a refused report says something of. */
function attemptsIn({ type, data, metadata }: StoredEvent): { contradicted?: number; fenced?: number } {
  if (type !== 'ReportRefused' || typeof data !== 'object' || data === null) return {};
  const refused = data as unknown as ReportRefusedData;
  const authority = readMetadata(metadata).reporter?.authority;
  return compact({
    contradicted: attemptContradicted(refused, authority),
    fenced: attemptReportedPast(refused, authority),
  });
}

/** Folds a page: {@link PageFold} of all its events. */
export function foldPage(
  projection: Projection,
  page: readonly StoredEvent[],
  before: ReadonlyMap<string, KnownState>,
  fold?: (state: ExecutionState, stored: StoredEvent) => FoldResult,
): PageChanges {
  const pageFold = new PageFold([projection], before, fold);
  for (const stored of page) pageFold.add(stored);
  return pageFold.changes();
}
