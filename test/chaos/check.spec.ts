import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { StoredEvent } from '../../src/event-store/event-store.js';
import { startTestLedger, type TestLedger } from '../support/ledger.js';
import { check, type Evidence } from './check.js';
import { checkDoors } from './check/doors.js';
import { STALE_AFTER_MS } from './check/execution.js';
import type { Finding } from './check/finding.js';
import { Courier } from './courier.js';
import { readDoors, readWhenQuiet, tapesOf } from './evidence.js';
import { Sayings } from './sayings.js';

const VOLLEYS = 400;

let ledger: TestLedger;
let evidence: Evidence;
beforeAll(async () => {
  ledger = await startTestLedger({ RESUME_STALE_AFTER: `${STALE_AFTER_MS}ms` });
  const courier = new Courier();
  const producers = [1, 2, 3].map((seed) => new Sayings(seed, `p${seed}`, courier.attempt));
  for (let n = 0; n < VOLLEYS; n++) {
    const requests = producers[n % producers.length]!.next();
    await Promise.all(requests.map((request) => courier.deliver(request, ledger.url)));
  }
  const log = await readWhenQuiet(ledger.database.connectionString, 20_000);
  evidence = { log, told: courier.told, at: new Date(0).toISOString() };
  expect(courier.strange).toEqual([]);
}, 60_000);
afterAll(() => ledger.close());

it('finds nothing wrong with a log that is right', () => {
  expect(evidence.told.length).toBeGreaterThan(VOLLEYS);
  expect(check(evidence)).toEqual([]);
});

/** What was asked under an id of its own, and is known to have been applied. */
const acknowledged =
  (told: Evidence['told']) =>
  ({ position, eventId }: StoredEvent): boolean =>
    told.some((one) => one.position === String(position) && one.asked.id === eventId);
const last = (log: readonly StoredEvent[], which: (event: StoredEvent) => boolean): StoredEvent => log.findLast(which)!;

/** One more event, at the end of its stream and of the log. */
function appended(log: readonly StoredEvent[], event: StoredEvent, changes: Partial<StoredEvent>): StoredEvent[] {
  const revision = last(log, ({ stream }) => stream === event.stream).revision + 1;
  return [...log, { ...event, revision, position: log.at(-1)!.position + 1n, ...changes }];
}
const without = (log: readonly StoredEvent[], gone: StoredEvent): StoredEvent[] => log.filter((one) => one !== gone);
const changed = <T>(all: readonly T[], one: T, changes: Partial<T>): T[] =>
  all.map((each) => (each === one ? { ...each, ...changes } : each));

/** An execution whose last event is of this type, so that what is done to it is all that is wrong. */
const lastOfItsStream = (log: readonly StoredEvent[], type: string): StoredEvent =>
  last(log, (event) => event.type === type && event === last(log, ({ stream }) => stream === event.stream));

type Doctored = Partial<Evidence>;
const DOCTORED: readonly [law: string, how: string, doctor: (evidence: Evidence) => Doctored][] = [
  ['lost', 'an event is gone', ({ log, told }) => ({ log: without(log, last(log, acknowledged(told))) })],
  [
    'lost',
    'another event stands where it was acknowledged',
    ({ log, told }) => ({ log: changed(log, last(log, acknowledged(told)), { eventId: 'another' }) }),
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
    ({ told }) => ({
      told: changed(
        told,
        told.find(({ verdict }) => verdict === 'regression')!,
        { verdict: 'conflict' },
      ),
    }),
  ],
  [
    'verdict',
    'what was applied is refused when it comes again',
    ({ told }) => {
      const replay = told.find(({ replayed }) => replayed)!;
      const { position: _, ...rest } = { ...replay, verdict: 'duplicate', applied: false, replayed: false };
      return { told: [...told, rest] };
    },
  ],
  [
    'denied',
    'what nobody was told of is written',
    ({ log, told }) => {
      const { position } = lastOfItsStream(log, 'ExecutionProgressed');
      const about = told.filter((one) => one.position === String(position));
      return { told: told.map((one) => (about.includes(one) ? { ...one, applied: false } : one)) };
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
    ({ told }) => {
      const one = told.find(({ current }) => current?.status === 'running')!;
      return { told: changed(told, one, { current: { ...one.current!, status: 'waiting' } }) };
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

it.each(DOCTORED)('names what is wrong: %s, when %s', (law, _how, doctor) => {
  const found = check({ ...evidence, ...doctor(evidence) });
  expect(found.map((finding) => finding.law)).toContain(law);
});

it('names what is wrong: door, when a tape leaves something out, or shows it otherwise', async () => {
  const { log } = evidence;
  const shown = await readDoors(
    [ledger.url],
    tapesOf(log).map(({ executionId }) => executionId),
  );
  const found: Finding[] = [];
  const find = (law: Finding['law'], about: string, detail: string) => void found.push({ law, about, detail });
  checkDoors(shown, log, find);
  expect(found).toEqual([]);
  checkDoors({ ...shown, everything: shown.everything.slice(1) }, log, find);
  expect(found).toContainEqual(expect.objectContaining({ law: 'door', about: 'the tape of everything' }));
  const [id, tape] = [...shown.byExecution].at(-1)!;
  checkDoors({ ...shown, byExecution: new Map([[id, changed(tape, tape[0]!, { data: {} })]]) }, log, find);
  expect(found.at(-1)).toMatchObject({ law: 'door', about: id });
});
