import { isTerminal } from '../../../domain/status.js';
import type { components } from '../../../client/openapi.js';
import { duration } from '../../shared/format.js';

export type Execution = components['schemas']['ExecutionSummary'];
export type HistoryEvent = components['schemas']['TapeEvent'];
export type RefusedEvent = components['schemas']['RefusedEvent'];
type Status = Execution['status'];

/** One line of the history, in the order of the log. */
export type Entry =
  | { readonly kind: 'event'; readonly event: HistoryEvent }
  | { readonly kind: 'refused'; readonly event: RefusedEvent }
  /** Reports of progress in a row that change nothing else: they are told in one line. */
  | { readonly kind: 'progress'; readonly events: readonly HistoryEvent[] };

/** What is shown of the history: all of it, what changed the status, or what was refused. */
export const SHOWN = ['all', 'outcomes', 'refused'] as const;
export type HistoryFilter = (typeof SHOWN)[number];

const PROGRESSED = 'ExecutionProgressed';

/** Reports that were taken and reports that were refused, each where it arrived; progress in a row is folded. */
export function entriesOf(
  history: readonly HistoryEvent[],
  refused: readonly RefusedEvent[],
  shown: HistoryFilter,
): Entry[] {
  const all = [
    ...(shown === 'refused' ? [] : history.map((event) => ({ kind: 'event', event }) as const)),
    ...(shown === 'outcomes' ? [] : refused.map((event) => ({ kind: 'refused', event }) as const)),
  ].sort((one, other) => Number(one.event.position) - Number(other.event.position));
  const entries: Entry[] = [];
  for (const entry of all) {
    if (entry.event.type !== PROGRESSED || entry.kind === 'refused') entries.push(entry);
    else if (shown === 'all') {
      const last = entries.at(-1);
      // Into the same list: a copy for each of ten thousand would hold the page for seconds.
      if (last?.kind === 'progress') (last.events as HistoryEvent[]).push(entry.event);
      else entries.push({ kind: 'progress', events: [entry.event] });
    }
  }
  return entries;
}

/** The data of an event, by the names that they have on the wire. */
export const dataOf = ({ data }: HistoryEvent): Readonly<Record<string, unknown>> =>
  (data ?? {}) as Readonly<Record<string, unknown>>;

const textOf = (value: unknown): string | undefined =>
  value === undefined || value === null ? undefined : typeof value === 'string' ? value : JSON.stringify(value);

/** What an event, or a report, says beside its status: an error, a message, a reason. */
export function saysOf(said: Readonly<Record<string, unknown>>): string | undefined {
  const { error, message, reason, status_reason } = said;
  return [error, reason, message, status_reason].map(textOf).find((text) => text !== undefined && text !== '');
}

/** The clock of whoever said it, where it said a time of its own, in milliseconds ahead of the ledger's. */
export function aheadMs(event: HistoryEvent): number | undefined {
  const { completed_at } = dataOf(event);
  const own = typeof completed_at === 'string' ? completed_at : event.occurred_at;
  return own === undefined ? undefined : Date.parse(own) - Date.parse(event.recorded_at);
}

/** Below this a difference of clocks is the way of the report, in milliseconds. */
const SKEW_MS = 1_000;

/** What is said of the sender's clock where it differs. */
export function skewOf(event: HistoryEvent): string | undefined {
  const ms = aheadMs(event);
  if (ms === undefined || Math.abs(ms) < SKEW_MS) return undefined;
  return `its own clock says ${duration(Math.abs(ms))} ${ms > 0 ? 'later' : 'earlier'}`;
}

/** Who said an event. */
export function sayerOf({ reporter, on_behalf_of, data }: HistoryEvent): string {
  if (reporter === undefined) return 'appended directly';
  const { worker: named, report } = (data ?? {}) as {
    readonly worker?: unknown;
    readonly report?: { worker?: unknown };
  };
  const worker = named ?? report?.worker;
  const by = on_behalf_of ?? (typeof worker === 'string' ? worker : reporter.actor);
  return reporter.authority === 'worker' ? by : `${by} (${reporter.authority})`;
}

/** A final status, and when it was reached. */
interface End {
  readonly status: Status;
  readonly at: number;
}

/** One attempt on the clock of the ledger, in milliseconds since 1970. */
export interface Lane {
  readonly attempt: number;
  readonly pieces: readonly { readonly status: Status; readonly from: number; readonly to: number }[];
  /** How it ended, if it did. */
  readonly end?: End;
  /** Who opened it, where it is not the first. */
  readonly openedBy?: string;
}

/** The attempts as lanes: how long each stood in which status. `now` ends what still runs. */
export function lanesOf(history: readonly HistoryEvent[], now: number): Lane[] {
  const lanes = new Map<number, { pieces: Lane['pieces'][number][]; end?: End; openedBy?: string }>();
  let current: { attempt: number; status: Status; from: number } | undefined;
  const laneOf = (attempt: number) => lanes.get(attempt) ?? lanes.set(attempt, { pieces: [] }).get(attempt)!;
  const close = (at: number): void => {
    if (current && !isTerminal(current.status))
      laneOf(current.attempt).pieces.push({ status: current.status, from: current.from, to: at });
  };
  for (const event of history) {
    const { status, attempt = 1 } = event;
    const at = Date.parse(event.recorded_at);
    const lane = laneOf(attempt);
    if (event.type === 'ExecutionResumed' && attempt > 1) lane.openedBy ??= sayerOf(event);
    if (status === undefined || (current?.status === status && current.attempt === attempt)) continue;
    close(at);
    current = { attempt, status, from: at };
    if (isTerminal(status)) lane.end = { status, at };
    else delete lane.end;
  }
  close(now);
  return [...lanes].map(([attempt, lane]) => ({ attempt, ...lane }));
}

/** What becomes of it, as a sentence says it after its status. */
function outlook({ sealed, resumable, status, awaiting_worker, silent, stale }: Execution): string {
  if (awaiting_worker) return 'A resume opened this attempt, and no worker has taken it up.';
  if (sealed) return 'It is final.';
  if (stale) return 'It has been silent for so long that another worker may take over.';
  if (silent) return 'It should have been heard of by now: its worker may be gone.';
  if (isTerminal(status)) return `It can still be corrected${resumable ? ', and resumed' : ''}.`;
  return '';
}

/** The verdict in a sentence: its parts, of which `by` and `refused` are set apart. */
export function verdictOf(view: Execution, history: readonly HistoryEvent[], refusedCount: number) {
  const decisive = decisiveOf(history);
  const resume = history.findLast(({ type }) => type === 'ExecutionResumed');
  const previous = resume && (dataOf(resume)['previous'] as { readonly status?: string } | undefined);
  return {
    said: VERBS[view.status],
    ...(decisive && { by: sayerOf(decisive), at: decisive.recorded_at }),
    ...(resume && resume !== decisive && { after: { by: sayerOf(resume), from: previous?.status } }),
    outlook: outlook(view),
    refused:
      refusedCount === 0
        ? undefined
        : `${refusedCount} ${refusedCount === 1 ? 'report was' : 'reports were'} refused and changed nothing.`,
  };
}

const VERBS: Readonly<Record<Status, string>> = {
  pending: 'Registered',
  queued: 'Queued',
  running: 'Started',
  waiting: 'Put to wait',
  paused: 'Paused',
  succeeded: 'Succeeded',
  failed: 'Failed',
  timeout: 'Timed out',
  cancelled: 'Cancelled',
};

/** The event by which it came to stand as it does: the last that changed its status or attempt. */
export function decisiveOf(history: readonly HistoryEvent[]): HistoryEvent | undefined {
  let found: HistoryEvent | undefined;
  history.forEach((event, at) => {
    const before = history[at - 1];
    if (event.status !== before?.status || event.attempt !== before?.attempt) found = event;
  });
  return found;
}
