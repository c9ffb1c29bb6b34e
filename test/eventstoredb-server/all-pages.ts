import type { EventFilter } from './filter.js';
import { PAGE } from './filter.js';
import type { LogRecord, StoredEvent } from './log.js';
import type { NodeIndex } from './node-index.js';
import { at, compare, type LogPosition } from './position.js';

/** One read of `$all` as the server makes it, bounded in events taken and in events considered. */
export interface Page {
  readonly events: readonly StoredEvent[];
  /** Where this page began. */
  readonly current: LogPosition;
  readonly next: LogPosition;
  readonly considered: number;
  readonly end: boolean;
}

/** Thrown for a position at which no record begins. */
export class InvalidPosition extends Error {}

type Step = { readonly record: LogRecord; readonly next: LogPosition; readonly wanted: boolean };

/** Forwards: from a position on, that position included; beyond what is indexed there is nothing, not an error. */
export function pageForwards(index: NodeIndex, from: LogPosition, filter: EventFilter, count = PAGE): Page {
  return counted(index, collect(forwards(index, from), from, filter, count));
}

/** Backwards: before a position, which is where the first event sent ends; so an event's own is exclusive. */
export function pageBackwards(index: NodeIndex, from: LogPosition, filter: EventFilter, count = PAGE): Page {
  return counted(index, collect(backwards(index, from), from, filter, count));
}

function counted(index: NodeIndex, page: Page): Page {
  index.considered += page.considered;
  return page;
}

function collect(steps: Iterable<Step>, from: LogPosition, filter: EventFilter, count: number): Page {
  const events: StoredEvent[] = [];
  let [next, considered] = [from, 0];
  const page = (reachedEnd: boolean): Page => {
    const end = filter.checkpointEvery === undefined ? events.length < count : reachedEnd;
    return { events, current: from, next, considered, end };
  };
  if (count === 0) return page(false);
  for (const step of steps) {
    if (!step.record.event || !step.wanted) continue;
    next = step.next;
    considered++;
    if (filter.allows(step.record.event)) events.push(step.record.event);
    if (events.length >= count || considered >= filter.window) return page(false);
  }
  return page(true);
}

function* forwards({ log, last }: NodeIndex, from: LogPosition): Generator<Step> {
  if (from.commit > last) return;
  for (let i = boundary(log.indexAt(from.commit)); i < log.size; i++) {
    const record = log.at(i)!;
    if (record.position > last) return;
    const next = { commit: record.end, prepare: 0n };
    yield { record, next, wanted: compare(at(record.position), from) >= 0 };
  }
}

function* backwards({ log, last }: NodeIndex, from: LogPosition): Generator<Step> {
  for (let i = boundary(log.indexAt(from.commit)) - 1; i >= 0; i--) {
    const record = log.at(i)!;
    const indexed = record.position <= last;
    yield { record, next: at(record.position), wanted: indexed && compare(at(record.end), from) <= 0 };
  }
}

function boundary(index: number | undefined): number {
  if (index === undefined) throw new InvalidPosition();
  return index;
}
