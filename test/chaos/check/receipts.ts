import { isDeepStrictEqual } from 'node:util';
import { decide } from '../../../src/domain/decide.js';
import type { ExecutionState } from '../../../src/domain/execution.js';
import { currentOf, isRefusal, type Verdict } from '../../../src/domain/verdict.js';
import type { StoredEvent } from '../../../src/event-store/event-store.js';
import type { DatedReceipt } from '../receipt.js';
import { nowAt, type History } from './execution.js';
import type { Find } from './finding.js';

/** Every receipt about an execution: where it says applied the event is there; where not, the verdict was the right one. */
export function checkReceipts(history: History, told: readonly DatedReceipt[], find: Find): void {
  const byPosition = new Map(history.stored.map((event) => [String(event.position), event]));
  const byId = new Map(history.stored.map((event) => [event.eventId, event]));
  const positions = new Map<string, string | undefined>();
  for (const one of told) {
    const about = `${history.executionId} ${one.request.id}`;
    const state = shown(history, one, (detail) => find('current', about, detail));
    if (one.applied && one.position !== undefined) {
      checkApplied(one, byPosition.get(one.position), (detail) => find('lost', about, detail));
      const first = positions.get(idOf(one)) ?? one.position;
      if (first !== one.position) find('doubled', about, `applied at position ${first} and at ${one.position}`);
      positions.set(idOf(one), first);
    } else if (state) checkVerdict(one, state, byId.get(one.request.id), (detail) => find('verdict', about, detail));
  }
}

const idOf = ({ request: { id, digest } }: DatedReceipt): string => `${id} ${digest}`;

/** The state that the answer shows, which the log has to have had. */
function shown(
  { states }: History,
  { current }: DatedReceipt,
  wrong: (detail: string) => void,
): ExecutionState | undefined {
  const state = states[(current?.revision ?? -1) + 1];
  const should = state && currentOf(state);
  if (should !== undefined && isDeepStrictEqual(should, current)) return state;
  wrong(`shown ${JSON.stringify(current)}, in the log ${JSON.stringify(should)}`);
  return undefined;
}

function checkApplied(
  { request, position, current }: DatedReceipt,
  event: StoredEvent | undefined,
  lost: (detail: string) => void,
): void {
  if (!event) return lost(`told position ${position}, and nothing of its stream stands there`);
  const bears = event.eventId === request.id || request.input.kind === 'register';
  if (!bears || event.metadata.digest !== request.digest)
    return lost(`told position ${position}, where ${event.type} ${event.eventId} stands`);
  if ((current?.revision ?? -1) < event.revision)
    lost(`told revision ${current?.revision}, and the event has ${event.revision}`);
}

/** Decided again on the state that the answer shows, it must come out the same: nothing was decided on a state that was not. */
function checkVerdict(
  told: DatedReceipt,
  state: ExecutionState,
  bound: StoredEvent | undefined,
  wrong: (detail: string) => void,
) {
  const { request, verdict, sentAt, answeredAt } = told;
  const before = bound !== undefined && bound.revision <= state.revision;
  if (before && bound.metadata.digest === request.digest)
    return wrong(`${verdict}, though the same was applied under its id at revision ${bound.revision}`);
  if (before || verdict === 'id_reused')
    return before && verdict === 'id_reused' ? undefined : wrong(`${verdict}, with ${bound?.type} under its id`);
  const moments = [sentAt, answeredAt].map((at) => new Date(at).toISOString());
  const right = moments.map((at) => decide(request.input, state, nowAt(at)).verdict);
  if (!right.includes(verdict as Verdict))
    wrong(
      `${request.input.kind}: ${verdict} on ${state.status} of attempt ${currentOf(state)?.attempt}, should be ${right[0]}`,
    );
}

/** Every refused report about an execution that exists is kept, whole (docs/semantics.md §3). */
export function checkKept(
  history: History,
  told: readonly DatedReceipt[],
  refused: readonly StoredEvent[],
  find: Find,
): void {
  const kept = new Map<string, unknown>();
  for (const { data, metadata } of refused) {
    const { verdict, report } = data as { verdict: string; report: unknown };
    kept.set(`${metadata.report_id} ${verdict} ${metadata.digest}`, report);
  }
  for (const { request, verdict, current } of told) {
    if (request.received === undefined || !isRefusal(verdict as Verdict) || !isKept(request.input, verdict, current))
      continue;
    const report = kept.get(`${request.id} ${verdict} ${request.digest}`);
    if (!isDeepStrictEqual(report, request.received))
      find('unkept', `${history.executionId} ${request.id}`, `${verdict}: ${JSON.stringify(report)}`);
  }
}

const isKept = (input: DatedReceipt['request']['input'], verdict: string, current: DatedReceipt['current']): boolean =>
  verdict === 'unsupported_status' ? input.kind === 'report' && input.mode === 'fire_and_forget' : current !== null;
