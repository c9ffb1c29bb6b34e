import { StoreError, type Append } from './event-store.js';

const refuse = (message: string): StoreError => new StoreError('unacceptable', message);

/** The longest event id, in UTF-16 code units (see {@link Append}). */
const EVENT_ID_MAX = 200;

/** What makes an append unacceptable to every store, or undefined: malformed ids and revisions, an id twice in one append. */
export function checkAppend({ stream, events, expectedRevision, guard }: Append): StoreError | undefined {
  if (stream === '') return refuse('The stream has no name');
  for (const { eventId, type } of events) {
    if (eventId === '' || eventId.length > EVENT_ID_MAX)
      return refuse(`An event id has 1 to ${EVENT_ID_MAX} characters`);
    if (type === '') return refuse('The event has no type');
  }
  if (events.length > 1 && new Set(events.map(({ eventId }) => eventId)).size < events.length) {
    return refuse('An event id occurs twice in one append');
  }
  const revisions = [
    ...(typeof expectedRevision === 'number' ? [expectedRevision] : []),
    ...(guard ? [guard.revision + 1] : []),
  ];
  return revisions.every((revision) => Number.isSafeInteger(revision) && revision >= 0)
    ? undefined
    : refuse('A revision is a whole number, 0 or more (-1 for "does not exist" in a guard)');
}
