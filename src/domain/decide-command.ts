import type { Command } from './commands.js';
import { applied, conditionsOf, DUPLICATE, refused, type Decision } from './decision.js';
import type { ExecutionEvent } from './events.js';
import type { ExecutionState, ExistingExecution } from './execution.js';
import { compact } from './json.js';
import type { DecisionTime } from './decision-time.js';
import { resumedEvent } from './resume-event.js';
import { isTerminal } from './status.js';
import { answer } from './transitions.js';
import { isRefusal, type Refusal, type Verdict } from './verdict.js';

/** A command against the state it meets (docs/semantics.md §4): attempt, terminal, dispatched, paused, in that order. */
export function decideCommand(command: Command, state: ExecutionState, now: DecisionTime): Decision {
  if (command.kind === 'register') return decideRegister(command, state, now);
  if (state.status === 'none') return refused('not_found');
  const attempt = meant(command, state);
  if (attempt !== state.attempt) return refused('fenced');
  const verdict = answer(state.status, command.kind, conditionsOf(command, state, now));
  // What failed on its own is no part of what a cascade ends: discarding it is somebody's decision about that one.
  if (verdict === 'apply' && 'only_open' in command && isTerminal(state.status)) return refused('dropped');
  if (verdict === 'apply') return applied(commandEvent(command, state, now));
  return isRefusal(verdict as Verdict) ? refused(verdict as Refusal) : DUPLICATE;
}

/** An abort that names none speaks for attempt 1, any other command for the current one. */
function meant(command: Exclude<Command, { kind: 'register' }>, state: ExistingExecution): number {
  const named = 'attempt' in command ? command.attempt : undefined;
  return named ?? (command.kind === 'abort' ? 1 : state.attempt);
}

function decideRegister(
  command: Extract<Command, { kind: 'register' }>,
  state: ExecutionState,
  now: DecisionTime,
): Decision {
  if (state.status === 'none') return applied({ type: 'ExecutionRegistered', data: command.description });
  const first = state.registrations.find(({ digest }) => digest === command.digest);
  if (first) return { verdict: 'applied', events: [], kept: false, repeats: first.revision };
  const verdict = answer(state.status, 'register', conditionsOf(command, state, now));
  // Its event says what it adds to the identity (identity.ts), be that nothing.
  return verdict === 'apply' ? applied() : refused(verdict as Refusal);
}

/** The one event of a command that wins. */
function commandEvent(
  command: Exclude<Command, { kind: 'register' }>,
  state: ExistingExecution,
  now: DecisionTime,
): ExecutionEvent {
  const { attempt, status } = state;
  switch (command.kind) {
    case 'dispatch':
      return { type: 'ExecutionDispatched', data: withPresent({ attempt }, { handle: command.handle }) };
    case 'abort': {
      const { phase, error, error_details } = command;
      const data = { attempt, authority: 'watchdog', phase, error } as const;
      return { type: 'ExecutionFailed', data: withPresent(data, { error_details }) };
    }
    case 'pause': {
      const data = { attempt, authority: 'operator', previous_status: status } as const;
      return { type: 'ExecutionPaused', data: withPresent(data, { reason: command.reason }) };
    }
    case 'cancel': {
      const data = { attempt, authority: 'operator', previous_status: status } as const;
      return { type: 'ExecutionCancelled', data: withPresent(data, { reason: command.reason }) };
    }
    case 'time_out':
      return { type: 'ExecutionTimedOut', data: { attempt, authority: 'watchdog' } };
    case 'resume':
      return resumedEvent(command.new_attempt || status !== 'paused' ? attempt + 1 : attempt, command, state, now);
  }
}

/** The data, with those of the optional members that are there. */
const withPresent = <T extends object, O extends object>(data: T, optional: O) =>
  ({ ...compact(optional), ...data }) as T & { [K in keyof O]?: Exclude<O[K], undefined> };
