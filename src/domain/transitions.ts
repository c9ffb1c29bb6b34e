import { COMMANDS, type CommandName } from './commands.js';
import { STATUSES, type Status } from './status.js';
import type { Refusal } from './verdict.js';

/** Anything that can be asked of an execution: a report of a status, news without one, a beat, or a command. */
export type Move = Status | 'progress' | 'heartbeat' | CommandName;
export const MOVES: readonly Move[] = [...STATUSES, 'progress', 'heartbeat', ...COMMANDS];

/** `apply`: it happens · `same`: the standing status once more · `duplicate`: it stands already · else refused. */
export type TransitionResult = 'apply' | 'same' | 'duplicate' | Refusal;

/** What an answer can hang on besides status and move. */
export type Condition =
  /** The reporter is told the verdict (docs/semantics.md §5). */
  | 'strict'
  /** A watchdog's outcome, and the reporter is the worker (docs/semantics.md §3.3). */
  | 'correctable'
  | 'sealed'
  | 'dispatched'
  /** Silent for longer than `RESUME_STALE_AFTER`. */
  | 'stale'
  /** Opened by a report, and claimed by no registration since. */
  | 'unclaimed'
  /** A registered deadline has passed. */
  | 'due';

export type TransitionRule =
  TransitionResult | { readonly when: Condition; readonly then: TransitionResult; readonly else: TransitionResult };

const when = (condition: Condition, then: TransitionResult, otherwise: TransitionResult): TransitionRule => ({
  when: condition,
  then,
  else: otherwise,
});

/** The outcomes by report while the attempt is open and not paused. */
const ENDS = { succeeded: 'apply', failed: 'apply', timeout: 'apply', cancelled: 'apply' } as const;

const COMMANDS_WHILE_OPEN = {
  register: when('unclaimed', 'apply', 'id_reused'),
  dispatch: when('dispatched', 'already_dispatched', 'apply'),
  abort: when('dispatched', 'already_dispatched', 'apply'),
  resume: 'not_resumable',
  pause: 'apply',
  cancel: 'apply',
  time_out: when('due', 'apply', 'dropped'),
} as const;

const OPEN = { progress: 'apply', heartbeat: 'same', ...ENDS, ...COMMANDS_WHILE_OPEN } as const;

/** A closed attempt: nothing opens it again, and only a worker's word replaces a guess. */
const CLOSED = {
  pending: 'regression',
  queued: 'regression',
  running: 'regression',
  waiting: 'regression',
  paused: 'regression',
  succeeded: when('correctable', 'apply', 'conflict'),
  failed: when('correctable', 'apply', 'conflict'),
  timeout: when('correctable', 'apply', 'conflict'),
  cancelled: when('correctable', 'apply', 'conflict'),
  progress: 'dropped',
  heartbeat: 'dropped',
  register: 'regression',
  dispatch: 'regression',
  abort: 'conflict',
  resume: 'not_resumable',
  pause: 'regression',
  cancel: 'apply',
  time_out: 'dropped',
} as const;

const AGAIN = when('correctable', 'apply', 'duplicate');

/** Every status × every move has exactly one answer (docs/semantics.md §3, §4). */
export const TRANSITIONS: Readonly<Record<Status, Readonly<Record<Move, TransitionRule>>>> = {
  pending: { ...OPEN, pending: 'same', queued: 'apply', running: 'apply', waiting: 'apply', paused: 'apply' },
  queued: { ...OPEN, pending: 'superseded', queued: 'same', running: 'apply', waiting: 'apply', paused: 'apply' },
  running: {
    ...OPEN,
    pending: 'superseded',
    queued: 'superseded',
    running: 'same',
    waiting: 'apply',
    paused: 'apply',
    resume: when('stale', 'apply', 'not_resumable'),
  },
  waiting: {
    ...OPEN,
    pending: 'superseded',
    queued: 'superseded',
    running: 'apply',
    waiting: 'same',
    paused: 'apply',
    succeeded: when('strict', 'not_running', 'apply'),
    timeout: when('strict', 'not_running', 'apply'),
    time_out: 'dropped',
  },
  paused: {
    ...OPEN,
    pending: 'not_resumed',
    queued: 'not_resumed',
    running: 'not_resumed',
    waiting: 'not_resumed',
    paused: 'same',
    succeeded: 'not_running',
    failed: 'not_running',
    timeout: 'not_running',
    cancelled: 'not_running',
    dispatch: when('dispatched', 'already_dispatched', 'not_resumed'),
    resume: 'apply',
    pause: 'duplicate',
    time_out: 'dropped',
  },
  succeeded: { ...CLOSED, succeeded: AGAIN, cancel: when('sealed', 'conflict', 'apply') },
  failed: { ...CLOSED, failed: AGAIN, abort: 'duplicate', resume: 'apply' },
  timeout: { ...CLOSED, timeout: AGAIN, resume: 'apply' },
  cancelled: { ...CLOSED, cancelled: AGAIN, cancel: when('sealed', 'duplicate', 'apply') },
};

/** Fails the start of a program whose table has a hole; the types alone would not see one behind a cast. */
export function checkComplete(table: Readonly<Record<string, Readonly<Record<string, TransitionRule>>>>): void {
  for (const status of STATUSES) {
    for (const move of MOVES) {
      if (table[status]?.[move] === undefined) throw new Error(`transitions: no answer for ${move} on ${status}`);
    }
  }
}
checkComplete(TRANSITIONS);

/** The table's answer, its condition put to `holds`. */
export function answer(status: Status, move: Move, holds: (condition: Condition) => boolean): TransitionResult {
  const rule = TRANSITIONS[status][move];
  return typeof rule === 'string' ? rule : holds(rule.when) ? rule.then : rule.else;
}
