import { isDeepStrictEqual } from 'node:util';
import { after, between } from '../../../src/domain/clock.js';
import type { Decision, Input } from '../../../src/domain/decision.js';
import { decide } from '../../../src/domain/decide.js';
import type { Instant, RecordedEvent } from '../../../src/domain/events.js';
import { deadlineOf, initial, type ExecutionState } from '../../../src/domain/execution.js';
import { foldEvent } from '../../../src/event-store/read-execution.js';
import type { StoredEvent } from '../../../src/event-store/event-store.js';
import { SILENT_BY_DEFAULT } from '../../../src/silent-after.js';
import { isSealed } from '../../model/laws.js';
import { wrongWith } from '../../model/history.js';
import type { Find } from './finding.js';

/** The measure of silence that the services run with (`RESUME_STALE_AFTER`), in milliseconds. */
export const STALE_AFTER_MS = 20_000;

export const nowAt = (at: string): Parameters<typeof decide>[2] => ({
  at,
  stale_after_ms: STALE_AFTER_MS,
  silent_after: SILENT_BY_DEFAULT,
});

/** A stream, folded event by event. */
export interface History {
  readonly executionId: string;
  readonly stored: readonly StoredEvent[];
  readonly events: readonly RecordedEvent[];
  /** After so many events; the first is that of no stream. */
  readonly states: readonly ExecutionState[];
}

/** The history of a stream. Revisions may have holes where the log is not right: a state is found by how many came before. */
export function historyOf(executionId: string, stored: readonly StoredEvent[], find: Find): History {
  const states: ExecutionState[] = [initial];
  const events: RecordedEvent[] = [];
  for (const one of stored) {
    const { state, event, broken } = foldEvent(states.at(-1)!, one);
    if (event) events.push(event);
    else find('unasked', `${one.stream}@${one.revision}`, broken ?? `a ${one.type} is not the ledger's`);
    states.push(state);
  }
  return { executionId, stored, events, states };
}

/**
 * What holds of a stream whoever asked for what: read as a history, and event by event by the one fold
 * (docs/semantics.md §6, §7).
 */
export function checkInvariants({ executionId, events, states }: History, find: Find): void {
  if (events.length === 0) return;
  const wrong = wrongWith(events);
  if (wrong !== undefined) find('invariant', executionId, wrong);
  const last = states.at(-1)!;
  if (last.status === 'none') return;
  const counted = Object.entries(last.anomalies).filter(([, count]) => count > 0);
  if (counted.length > 0)
    find('invariant', executionId, `§6 what was applied counts: ${JSON.stringify(last.anomalies)}`);
  const sealed = states.find(isSealed)?.revision ?? Infinity;
  // Of what is sealed only the identity may still be filled in.
  const on = events.find(({ type, revision }) => revision > sealed && type !== 'ExecutionDescribed');
  if (on) find('invariant', executionId, `§7.2 sealed at revision ${sealed}, and goes on to ${on.revision}`);
}

/** Who won an attempt: each is opened once (docs/semantics.md §7.4, §7.5). */
export function checkWinners({ executionId, events }: History, find: Find): void {
  const opened = new Map<number, number>([[1, 0]]);
  let current = 1;
  for (const { type, data, revision } of events) {
    if (type !== 'ExecutionResumed') continue;
    const { attempt = 1, previous } = data as { attempt?: number; previous?: { status: string } };
    if (attempt === current && previous?.status === 'paused') continue;
    const first = opened.get(attempt);
    if (first !== undefined)
      find('winners', executionId, `attempt ${attempt} was opened at revision ${first} and at ${revision}`);
    opened.set(attempt, revision);
    current = Math.max(current, attempt);
  }
}

/** What is open though its deadline has passed. */
export function checkDue({ executionId, states }: History, at: string, find: Find): void {
  const state = states.at(-1)!;
  if (state.status === 'none' || !['pending', 'queued', 'running'].includes(state.status)) return;
  const due = deadlineOf(state);
  if (due !== undefined && due <= at) find('overdue', executionId, `${state.status}, and due since ${due}`);
}

/** What an event says: its type, and its data as JSON. */
const said = ({ type, data }: { readonly type: string; readonly data: unknown }): unknown =>
  JSON.parse(JSON.stringify([type, data]));

/** How long an append may wait for its commit, in milliseconds. */
const COMMIT_MS = 30_000;

/** When it may have been decided: a deadline may pass between the decision and its commit, and then both sides of it are right. */
function decidedAt(before: ExecutionState, recordedAt: Instant): Instant[] {
  const { deadline } = before as { deadline?: Instant | undefined };
  const passed = deadline !== undefined && deadline <= recordedAt && between(deadline, recordedAt) < COMMIT_MS;
  return passed ? [recordedAt, after(deadline, -1)] : [recordedAt];
}

/** Whether the request, decided on the state before, comes to just these events. */
export function comesTo(input: Input, before: ExecutionState, events: readonly StoredEvent[]): string | undefined {
  const is = events.map(said);
  const decisions = decidedAt(before, events.at(-1)!.recordedAt).map((at) => decide(input, before, nowAt(at)));
  if (decisions.some((decision) => isDeepStrictEqual(is, decision.events.map(said)))) return undefined;
  const [{ events: should, verdict }] = decisions as [Decision];
  return `${JSON.stringify(is)} where ${JSON.stringify(should.map(said))} is right (${verdict})`;
}
