import { OPERATIONS_STREAM, parseStream } from '../../../src/domain/stream.js';
import type { StoredEvent } from '../../../src/event-store/event-store.js';
import type { Find } from './finding.js';

/** Positions and revisions without a hole, in order, and every id once in its stream. */
export function checkLog(log: readonly StoredEvent[], find: Find): void {
  let last = 0n;
  const revisions = new Map<string, number>();
  const ids = new Set<string>();
  for (const { stream, revision, position, eventId } of log) {
    const place = `${stream}@${revision}`;
    if (position <= last) find('doubled', place, `position ${position} stands behind position ${last}`);
    else if (position !== last + 1n) find('gap', place, `position ${position} follows position ${last}`);
    last = position;
    const before = revisions.get(stream) ?? -1;
    if (revision <= before) find('doubled', place, `revision ${revision} stands behind revision ${before}`);
    else if (revision !== before + 1) find('gap', place, `revision ${revision} follows revision ${before}`);
    revisions.set(stream, revision);
    const id = `${stream} ${eventId}`;
    if (ids.has(id)) find('doubled', place, `the event ${eventId} stands in its stream already`);
    ids.add(id);
    const ours = stream === OPERATIONS_STREAM || parseStream(stream) !== undefined;
    if (!ours) find('unasked', place, 'no stream of the ledger');
  }
}

/** Things by what they have in common, in their order. */
export function grouped<T>(things: Iterable<T>, keyOf: (thing: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const thing of things) {
    const group = groups.get(keyOf(thing));
    if (group) group.push(thing);
    else groups.set(keyOf(thing), [thing]);
  }
  return groups;
}
