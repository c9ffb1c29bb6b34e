import { isDeepStrictEqual } from 'node:util';
import { decide } from '../../../src/domain/decide.js';
import type { ExecutionState } from '../../../src/domain/execution.js';
import { currentOf, isRefusal, type Verdict } from '../../../src/domain/verdict.js';
import type { StoredEvent } from '../../../src/event-store/event-store.js';
import type { Told } from '../asked.js';
import { nowAt, type Tape } from './execution.js';
import type { Find } from './finding.js';

/** Every receipt about an execution: where it says applied the event is there; where not, the verdict was the right one. */
export function checkReceipts(tape: Tape, told: readonly Told[], find: Find): void {
  const byPosition = new Map(tape.stored.map((event) => [String(event.position), event]));
  const byId = new Map(tape.stored.map((event) => [event.eventId, event]));
  const positions = new Map<string, string | undefined>();
  for (const one of told) {
    const about = `${tape.executionId} ${one.asked.id}`;
    const state = shown(tape, one, (detail) => find('current', about, detail));
    if (one.applied && one.position !== undefined) {
      checkApplied(one, byPosition.get(one.position), (detail) => find('lost', about, detail));
      const first = positions.get(idOf(one)) ?? one.position;
      if (first !== one.position) find('doubled', about, `applied at position ${first} and at ${one.position}`);
      positions.set(idOf(one), first);
    } else if (state) checkVerdict(one, state, byId.get(one.asked.id), (detail) => find('verdict', about, detail));
  }
}

const idOf = ({ asked: { id, digest } }: Told): string => `${id} ${digest}`;

/** The state that the answer shows, which the log has to have had. */
function shown({ states }: Tape, { current }: Told, wrong: (detail: string) => void): ExecutionState | undefined {
  const state = states[(current?.revision ?? -1) + 1];
  const should = state && currentOf(state);
  if (should !== undefined && isDeepStrictEqual(should, current)) return state;
  wrong(`shown ${JSON.stringify(current)}, in the log ${JSON.stringify(should)}`);
  return undefined;
}

function checkApplied(
  { asked, position, current }: Told,
  event: StoredEvent | undefined,
  lost: (detail: string) => void,
): void {
  if (!event) return lost(`told position ${position}, and nothing of its stream stands there`);
  const bears = event.eventId === asked.id || asked.input.kind === 'register';
  if (!bears || event.metadata.digest !== asked.digest)
    return lost(`told position ${position}, where ${event.type} ${event.eventId} stands`);
  if ((current?.revision ?? -1) < event.revision)
    lost(`told revision ${current?.revision}, and the event has ${event.revision}`);
}

/** Decided again on the state that the answer shows, it must come out the same: nothing was decided on hearsay. */
function checkVerdict(
  told: Told,
  state: ExecutionState,
  bound: StoredEvent | undefined,
  wrong: (detail: string) => void,
) {
  const { asked, verdict, sentAt, answeredAt } = told;
  const before = bound !== undefined && bound.revision <= state.revision;
  if (before && bound.metadata.digest === asked.digest)
    return wrong(`${verdict}, though the same was applied under its id at revision ${bound.revision}`);
  if (before || verdict === 'id_reused')
    return before && verdict === 'id_reused' ? undefined : wrong(`${verdict}, with ${bound?.type} under its id`);
  const moments = [sentAt, answeredAt].map((at) => new Date(at).toISOString());
  const right = moments.map((at) => decide(asked.input, state, nowAt(at)).verdict);
  if (!right.includes(verdict as Verdict))
    wrong(
      `${asked.input.kind}: ${verdict} on ${state.status} of attempt ${currentOf(state)?.attempt}, should be ${right[0]}`,
    );
}

/** Every refused report about an execution that exists is kept, whole (docs/semantics.md §3). */
export function checkKept(tape: Tape, told: readonly Told[], refused: readonly StoredEvent[], find: Find): void {
  const kept = new Map<string, unknown>();
  for (const { data, metadata } of refused) {
    const { verdict, report } = data as { verdict: string; report: unknown };
    kept.set(`${metadata.report_id} ${verdict} ${metadata.digest}`, report);
  }
  for (const { asked, verdict, current } of told) {
    if (asked.received === undefined || !isRefusal(verdict as Verdict) || !isKept(asked.input, verdict, current))
      continue;
    const report = kept.get(`${asked.id} ${verdict} ${asked.digest}`);
    if (!isDeepStrictEqual(report, asked.received))
      find('unkept', `${tape.executionId} ${asked.id}`, `${verdict}: ${JSON.stringify(report)}`);
  }
}

const isKept = (input: Told['asked']['input'], verdict: string, current: Told['current']): boolean =>
  verdict === 'unsupported_status' ? input.kind === 'report' && input.mode === 'fire_and_forget' : current !== null;
