import { isDeepStrictEqual } from 'node:util';
import type { RecordedEvent } from '../../src/domain/events.js';
import { initial, type ExecutionState } from '../../src/domain/execution.js';
import { PRODUCER_RETRY } from '../../src/domain/resume-event.js';
import { isEnd } from './laws.js';
import { fieldsOf } from '../support/domain/identity.js';
import type { Decider } from './ledger.js';

type Authority = 'watchdog' | 'worker' | 'operator';

const attemptOf = ({ data }: RecordedEvent): number => (data as { attempt?: number }).attempt ?? 1;
const authorityOf = ({ data }: RecordedEvent): string => (data as { authority: Authority }).authority;
const opens = (event: RecordedEvent, of: number): boolean =>
  event.type === 'ExecutionRegistered' || (event.type === 'ExecutionResumed' && attemptOf(event) > of);

/** Whose finals an attempt may end with, one after the other (docs/semantics.md §7.3). */
const ENDINGS = ['', 'watchdog', 'worker', 'operator', 'watchdog worker', 'watchdog operator', 'worker operator'];
ENDINGS.push('watchdog worker operator');

/** The history taken apart: the events of each attempt, in the order in which they were opened. */
function attempts(history: readonly RecordedEvent[]): RecordedEvent[][] {
  const parts: RecordedEvent[][] = [];
  let current = 0;
  for (const event of history) {
    if (opens(event, current)) {
      parts.push([]);
      current = attemptOf(event);
    }
    parts.at(-1)?.push(event);
  }
  return parts;
}

/** After its final an attempt has only what replaces it, with what came along; and what is said of the identity. */
function endsWithFinal(all: readonly RecordedEvent[]): boolean {
  const events = all.filter(({ type }) => type !== 'ExecutionDescribed');
  const first = events.findIndex(isEnd);
  const rest = first === -1 ? [] : events.slice(first);
  const comesAlong = (event: RecordedEvent): boolean =>
    event.type === 'ExecutionProgressed' && event.data.outcome !== undefined;
  return rest.every((event) => isEnd(event) || comesAlong(event)) && (first === -1 || isEnd(events.at(-1)!));
}

/** The fields of the identity that an event says. */
const saidBy = ({ type, data }: RecordedEvent): string[] => {
  if (type !== 'ExecutionRegistered' && type !== 'ExecutionDescribed') return [];
  const { attempt: _, created_by_report: __, by_report: ___, ...identity } = data as Record<string, unknown>;
  return fieldsOf(identity).map(([field]) => field);
};

/**
 * Whether an attempt may come after the one that another event opened: only a producer's own numbering skips one
 * (docs/semantics.md §7.4).
 */
function follows(before: RecordedEvent | undefined, opening: RecordedEvent): boolean {
  const by = attemptOf(opening) - (before === undefined ? 0 : attemptOf(before));
  return by === 1 || (by > 1 && (opening.data as { reason?: string }).reason === PRODUCER_RETRY);
}

/** What a whole stream must be, read without the fold; the name of the first thing that it is not. */
export function wrongWith(history: readonly RecordedEvent[]): string | undefined {
  const parts = attempts(history);
  const numbered = parts.every((events, n) => {
    const number = attemptOf(events[0]!);
    return events.every((event) => attemptOf(event) === number) && follows(parts[n - 1]?.[0], events[0]!);
  });
  if (!numbered || history.some(({ revision }, n) => revision !== n)) return '§7.4 the history has no hole';
  if (history.filter(({ type }) => type === 'ExecutionRegistered').length !== 1) return '§2 registered once';
  const said = history.flatMap(saidBy);
  if (new Set(said).size < said.length) return '§2 each field of the identity once';
  if (!parts.every(endsWithFinal)) return '§7.3 a closed attempt ends with its final';
  const endings = parts.map((events) => events.filter(isEnd).map(authorityOf).join(' '));
  return endings.every((ending) => ENDINGS.includes(ending)) ? undefined : '§7.3 who ends an attempt';
}

/** The fold of the whole stream, every event of it read twice. */
const foldTwice = (history: readonly RecordedEvent[], { evolve }: Decider): ExecutionState =>
  history.reduce<ExecutionState>((state, event) => evolve(evolve(state, event), event), initial);

/** Whether a row kept up event by event is the fold of its stream (docs/semantics.md §7.9). */
export const isFold = (row: ExecutionState, history: readonly RecordedEvent[], decider: Decider): boolean =>
  isDeepStrictEqual(foldTwice(history, decider), row);
