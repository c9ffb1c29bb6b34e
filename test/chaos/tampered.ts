import type { StoredEvent } from '../../src/event-store/event-store.js';
import type { Evidence } from './check.js';

/** What was asked under an id of its own, and is known to have been applied. */
const acknowledged =
  (receipts: Evidence['receipts']) =>
  ({ position, eventId }: StoredEvent): boolean =>
    receipts.some((one) => one.position === String(position) && one.request.id === eventId);
const last = (log: readonly StoredEvent[], which: (event: StoredEvent) => boolean): StoredEvent => log.findLast(which)!;

/** One more event, at the end of its stream and of the log. */
function appended(log: readonly StoredEvent[], event: StoredEvent, changes: Partial<StoredEvent>): StoredEvent[] {
  const revision = last(log, ({ stream }) => stream === event.stream).revision + 1;
  return [...log, { ...event, revision, position: log.at(-1)!.position + 1n, ...changes }];
}
const without = (log: readonly StoredEvent[], gone: StoredEvent): StoredEvent[] => log.filter((one) => one !== gone);
export const changed = <T>(all: readonly T[], one: T, changes: Partial<T>): T[] =>
  all.map((each) => (each === one ? { ...each, ...changes } : each));

/** An execution whose last event is of this type, so that what is done to it is all that is wrong. */
const lastOfItsStream = (log: readonly StoredEvent[], type: string): StoredEvent =>
  last(log, (event) => event.type === type && event === last(log, ({ stream }) => stream === event.stream));

type TamperedEvidence = Partial<Evidence>;
/** What is wrong, how it comes about, and the evidence of it. */
export const TAMPERED: readonly [law: string, how: string, tamper: (evidence: Evidence) => TamperedEvidence][] = [
  ['lost', 'an event is gone', ({ log, receipts }) => ({ log: without(log, last(log, acknowledged(receipts))) })],
  [
    'lost',
    'another event stands where it was acknowledged',
    ({ log, receipts }) => ({ log: changed(log, last(log, acknowledged(receipts)), { eventId: 'another' }) }),
  ],
  [
    'doubled',
    'a request is written again, under an id of the ledger',
    ({ log }) => ({ log: appended(log, lastOfItsStream(log, 'ExecutionProgressed'), { eventId: 'again' }) }),
  ],
  [
    'doubled',
    'an event stands twice in its stream',
    ({ log }) => ({ log: appended(log, lastOfItsStream(log, 'ExecutionProgressed'), {}) }),
  ],
  ['doubled', 'a position is there twice', ({ log }) => ({ log: [...log, log.at(-1)!] })],
  ['gap', 'a position is missing', ({ log }) => ({ log: without(log, log[log.length >> 1]!) })],
  [
    'gap',
    'a revision is missing',
    ({ log }) => ({ log: changed(log, log.at(-1)!, { revision: log.at(-1)!.revision + 1 }) }),
  ],
  [
    'winners',
    'two resumes open the same attempt',
    ({ log }) => ({ log: appended(log, last(log, opensAnother), { eventId: 'second' }) }),
  ],
  [
    'verdict',
    'a refusal is another than the state called for',
    ({ receipts }) => ({
      receipts: changed(
        receipts,
        receipts.find(({ verdict }) => verdict === 'regression')!,
        { verdict: 'conflict' },
      ),
    }),
  ],
  [
    'verdict',
    'what was applied is refused when it comes again',
    ({ receipts }) => {
      const replay = receipts.find(({ replayed }) => replayed)!;
      const { position: _, ...rest } = { ...replay, verdict: 'duplicate', applied: false, replayed: false };
      return { receipts: [...receipts, rest] };
    },
  ],
  [
    'denied',
    'what nobody was told of is written',
    ({ log, receipts }) => {
      const { position } = lastOfItsStream(log, 'ExecutionProgressed');
      const about = receipts.filter((one) => one.position === String(position));
      return { receipts: receipts.map((one) => (about.includes(one) ? { ...one, applied: false } : one)) };
    },
  ],
  [
    'unasked',
    'an event is of nobody',
    ({ log }) => ({
      log: appended(log, lastOfItsStream(log, 'ExecutionProgressed'), { eventId: 'nobody’s', metadata: {} }),
    }),
  ],
  [
    'content',
    'an event says something else than was sent',
    ({ log }) => {
      const event = lastOfItsStream(log, 'ExecutionProgressed');
      return { log: changed(log, event, { data: { ...(event.data as object), message: 'changed' } }) };
    },
  ],
  [
    'current',
    'an answer shows a state that never was',
    ({ receipts }) => {
      const one = receipts.find(({ current }) => current?.status === 'running')!;
      return { receipts: changed(receipts, one, { current: { ...one.current!, status: 'waiting' } }) };
    },
  ],
  [
    'invariant',
    'a sealed execution goes on',
    ({ log }) => ({
      log: appended(log, lastOfItsStream(log, 'ExecutionSucceeded'), {
        eventId: 'more',
        type: 'ExecutionStarted',
        data: { attempt: 1 },
      }),
    }),
  ],
  [
    'invariant',
    'a final is followed by another of the same authority',
    ({ log }) => ({ log: appended(log, lastOfItsStream(log, 'ExecutionFailed'), { eventId: 'another' }) }),
  ],
  [
    'unkept',
    'a refused report is gone',
    ({ log }) => ({
      log: without(
        log,
        last(log, ({ type }) => type === 'ReportRefused'),
      ),
    }),
  ],
  [
    'unkept',
    'a refused report is kept in part',
    ({ log }) => {
      const event = last(log, ({ type }) => type === 'ReportRefused');
      return { log: changed(log, event, { data: { ...(event.data as object), report: {} } }) };
    },
  ],
  [
    'overdue',
    'a deadline has passed, and nobody was timed out',
    ({ log }) => ({ log: without(log, lastOfItsStream(log, 'ExecutionTimedOut')), at: '9999' }),
  ],
];

function opensAnother({ type, data }: StoredEvent): boolean {
  return type === 'ExecutionResumed' && (data as { previous: { status: string } }).previous.status !== 'paused';
}
