import type { Append } from './event-store.js';
import { StoreError } from '../errors.js';

const refuse = (message: string): StoreError => new StoreError('unacceptable', message);

/** The longest event id, in UTF-16 code units (see {@link Append}). */
const EVENT_ID_MAX = 200;

/**
 * What makes an append unacceptable to every store, or undefined: malformed names, ids and revisions, an id twice in one
 * append. Types are looked at as well: what is no text would fail in the encoder, and with it everybody's batch.
 */
export function checkAppend({ stream, events, expectedRevision, guard }: Append): StoreError | undefined {
  if (!isName(stream)) return refuse('The stream has no name');
  if (!Array.isArray(events)) return refuse('The events are no list');
  for (const { eventId, type } of events) {
    if (!isId(eventId)) return refuse(`An event id has 1 to ${EVENT_ID_MAX} characters`);
    if (!isName(type)) return refuse('The event has no type');
  }
  if (events.length > 1 && new Set(events.map(({ eventId }) => eventId)).size < events.length) {
    return refuse('An event id occurs twice in one append');
  }
  if (guard !== undefined && !(isName(guard.stream) && (guard.absentId === undefined || isId(guard.absentId)))) {
    return refuse(`A guard has the name of a stream, and an id of 1 to ${EVENT_ID_MAX} characters or none`);
  }
  if (typeof expectedRevision === 'string' ? !ANYWHERE.has(expectedRevision) : !isRevision(expectedRevision, 0)) {
    return refuse('An expected revision is a whole number from 0 on, no_stream, stream_exists or any');
  }
  return guard === undefined || isRevision(guard.revision, -1)
    ? undefined
    : refuse('A revision is a whole number, 0 or more (-1 for "does not exist" in a guard)');
}

const ANYWHERE: ReadonlySet<string> = new Set(['no_stream', 'stream_exists', 'any']);
const isName = (text: unknown): boolean => typeof text === 'string' && text !== '';
const isId = (text: unknown): boolean => typeof text === 'string' && text !== '' && text.length <= EVENT_ID_MAX;
const isRevision = (revision: unknown, least: number): boolean =>
  Number.isSafeInteger(revision) && (revision as number) >= least;
