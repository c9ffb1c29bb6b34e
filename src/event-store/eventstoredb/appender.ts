import { setTimeout as pause } from 'node:timers/promises';
import { NO_STREAM, type StreamName } from '../../domain/stream.js';
import type { EventAlreadyThere, AppendOutcome, AppendedEvents } from '../append-outcome.js';
import type { Append, Guard, StoredEvent } from '../event-store.js';
import { StoreError } from '../../errors.js';
import { matchesExpected } from '../expected-revision.js';
import type { AppendAnswer, BatchAppends } from './batch-appends.js';
import type { Connection } from './connection.js';
import { incomplete } from './failure.js';
import type { StreamHead, StreamHeads } from './stream-heads.js';
import type { Settings } from './options.js';
import { stampAfter, type StoreClock } from '../store-clock.js';
import { isLastPage } from '../stream-pages.js';
import { readStream } from './stream-reader.js';
import { message, type ProposedEvent } from './event-mapping.js';
import type { StreamLocks } from './stream-locks.js';
import type { WholeStreams } from './whole-streams.js';

/** How often an append to wherever the stream stands follows a stream that others move. */
const MAX_RACES = 20;
/** Events per look at what a stream has grown by. */
const TAIL_PAGE = 4_096;
/** The first wait before an append is tried again; each next one is twice as long, up to a second. */
const FIRST_PAUSE_MS = 25;

export interface AppendContext {
  readonly leader: Connection;
  readonly batch: BatchAppends;
  readonly heads: StreamHeads;
  readonly whole: WholeStreams;
  readonly clock: StoreClock;
  readonly locks: StreamLocks;
  readonly settings: Settings;
}

/** One append, by the port's rules in the port's order: guard, own ids, expected revision. */
export function appendOne(
  to: AppendContext,
  append: Append,
  proposed: readonly ProposedEvent[],
): Promise<AppendOutcome> {
  const { stream, guard } = append;
  const held = guard && guard.stream !== stream ? [stream, guard.stream] : [stream];
  return to.locks.hold(held, async () => {
    const lost = guard && (await judgeGuard(to, guard));
    return lost ?? (await settle(to, append, proposed));
  });
}

async function judgeGuard(
  to: AppendContext,
  { stream, revision, absentId }: Guard,
): Promise<AppendOutcome | undefined> {
  const { head, ids } = await catchUp(to, stream);
  const bound = absentId === undefined ? undefined : ids.get(absentId);
  if (bound !== undefined) return there(to, stream, bound);
  return head === revision ? undefined : { outcome: 'conflict', stream, actual: head };
}

async function settle(to: AppendContext, append: Append, proposed: readonly ProposedEvent[]): Promise<AppendOutcome> {
  const { stream, events, expectedRevision } = append;
  let known = to.heads.get(stream);
  // What is known may be old: good enough to try an append on, never to refuse or confirm one.
  if (events.length === 0 || !matchesExpected(expectedRevision, known.head)) known = await catchUp(to, stream);
  for (let race = 0; race < MAX_RACES; race++) {
    const taken = events.find(({ eventId }) => known.ids.has(eventId));
    if (taken) return there(to, stream, known.ids.get(taken.eventId)!);
    if (!matchesExpected(expectedRevision, known.head)) return { outcome: 'conflict', stream, actual: known.head };
    if (events.length === 0) return { outcome: 'confirmed' };
    const appended = await store(to, stream, known, proposed);
    if (appended) return appended;
    const { head } = known;
    known = await catchUp(to, stream);
    // The store refuses the revision that it shows as the head: a deletion or a restored backup.
    if (known.head === head) throw incomplete(stream, head + 1, 'the store does not append where the stream ends');
  }
  throw new StoreError('overloaded', `Others wrote ${stream} first, ${MAX_RACES} times`);
}

/** Appends to a stream that is whole. A look that gets no answer is one more reason to try again, as an append without one is. */
async function sendIfWhole(
  to: AppendContext,
  stream: StreamName,
  known: StreamHead,
  messages: Parameters<BatchAppends['send']>[2],
): Promise<AppendAnswer> {
  try {
    await to.whole.refuseShortened(stream, known.head);
  } catch (error) {
    if (!(error instanceof StoreError) || error.kind !== 'unavailable') throw error;
    return { kind: 'not_taken', reason: error.message };
  }
  return to.batch.send(stream, known.head, messages);
}

/** Reads from the leader what the stream has grown by. */
async function catchUp({ leader, heads, settings }: AppendContext, stream: StreamName): Promise<StreamHead> {
  for (;;) {
    const { epoch } = heads;
    let now = heads.get(stream);
    for (let tail: StoredEvent[] | undefined; tail === undefined || !isLastPage(tail, TAIL_PAGE);) {
      tail = await readStream(leader, stream, { fromRevision: now.head + 1, limit: TAIL_PAGE }, settings.headMs);
      now = heads.learn(stream, tail, now, epoch);
    }
    // A connection was lost while it read: what it began with is not to be believed any more.
    if (heads.epoch === epoch) return now;
  }
}

/** The first event of a stream with this id, as of now. */
export async function findEvent(
  from: AppendContext,
  stream: StreamName,
  eventId: string,
): Promise<StoredEvent | undefined> {
  const { ids } = await catchUp(from, stream);
  const revision = ids.get(eventId);
  return revision === undefined ? undefined : eventAt(from, stream, revision);
}

async function eventAt(
  { leader, settings }: AppendContext,
  stream: StreamName,
  revision: number,
): Promise<StoredEvent> {
  const [event] = await readStream(leader, stream, { fromRevision: revision, limit: 1 }, settings.headMs);
  if (!event) throw incomplete(stream, revision, 'an event that was there is gone');
  return event;
}

async function there(from: AppendContext, stream: StreamName, revision: number): Promise<EventAlreadyThere> {
  const { position } = await eventAt(from, stream, revision);
  return { outcome: 'already_there', stream, revision, position };
}

/** Undefined when somebody else wrote there first. */
async function store(
  to: AppendContext,
  stream: StreamName,
  known: StreamHead,
  proposed: readonly ProposedEvent[],
): Promise<AppendedEvents | undefined> {
  const { head } = known;
  const { at: recordedAt, aheadMs } = stampAfter(known.recordedAt, to.settings.clock());
  if (aheadMs > 0) to.clock.notFollowed(aheadMs);
  const messages = proposed.map((one) => message(one, recordedAt));
  const { news } = to.heads;
  const answer = await insist(to, () => sendIfWhole(to, stream, known, messages));
  if (answer.kind === 'conflict') return undefined;
  if (answer.kind === 'deleted') throw incomplete(stream, 0, 'it was deleted for good');
  if (answer.kind === 'refused')
    throw new StoreError('unacceptable', `The event store refused the append: ${answer.reason}`);
  const revision = head + proposed.length;
  // Numbered on from events that nobody can read any more.
  if (answer.revision !== revision) throw incomplete(stream, head + 1, `the store went on with ${answer.revision}`);
  if (head === NO_STREAM) to.heads.foundWhole(stream, to.settings.now() + to.settings.youngMs, news);
  else if (news !== to.heads.news) await to.whole.refuseWritten(stream);
  to.heads.learn(
    stream,
    proposed.map(({ eventId }, i) => ({ eventId, revision: head + 1 + i, recordedAt })),
  );
  return { outcome: 'appended', revision, position: answer.position, recordedAt };
}

/**
 * Sends the same append again, one after the other, until the store has given an answer that counts. Where the first was
 * written after all, the store knows its ids at that revision and says so, whatever was written later.
 * @throws StoreError `outcome_unknown` or `unavailable` when patience is at its end
 */
async function insist(
  { settings: { patienceMs, now } }: AppendContext,
  send: () => Promise<AppendAnswer>,
): Promise<Exclude<AppendAnswer, { kind: 'unknown' | 'not_taken' }>> {
  const until = now() + patienceMs;
  let sent = false;
  for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(2 * wait, 1_000)) {
    const answer = await send();
    if (answer.kind !== 'unknown' && answer.kind !== 'not_taken') return answer;
    sent ||= answer.kind === 'unknown';
    if (now() + wait >= until)
      throw new StoreError(sent ? 'outcome_unknown' : 'unavailable', `The event store: ${answer.reason}`);
    await pause(wait);
  }
}
