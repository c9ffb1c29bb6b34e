import { LRUCache } from 'lru-cache';
import { START, type Position } from '../position.js';

/** Whose places are remembered: the followers', and of those who read on from there. */
const REMEMBERED_PLACES = 64;
/** What is too short to be worth it, in bytes of the log. */
const SHORT = 64n * 1024n;

/** A record of the log by which it is known again. */
export interface LogMark {
  readonly position: Position;
  readonly id: string;
}

interface ScanEdge {
  readonly head: Position;
  readonly upTo: Position;
}

const NOTHING: ScanEdge = { head: START, upTo: START };

/**
 * What of the log was looked through, so that nobody looks through it again: others may write a million events where the
 * ledger writes one, and the server looks at each of them for whoever asks for ours.
 */
export class ScannedLog {
  /** The last event of ours, and how far the log was looked through: between the two there is none. */
  private edge = NOTHING;
  /** From events of ours, or the start, to where a reader of what comes next may begin. */
  private readonly places = new LRUCache<Position, Position>({ max: REMEMBERED_PLACES });
  /** What is still right if this record is where it was. */
  private sure: { readonly edge: ScanEdge; readonly mark: LogMark } | undefined;
  private end = START;
  private doubted = false;
  /** Another one whenever a connection was lost: what was looked at before is of a log that may be another. */
  epoch = 0;

  /** The last event of ours that is known. */
  get head(): Position {
    return this.edge.head;
  }

  get upTo(): Position {
    return this.edge.upTo;
  }

  /** The record that stands for all that is remembered, while it is not known whether this is still the same log. */
  get inDoubt(): LogMark | undefined {
    return this.doubted ? this.sure?.mark : undefined;
  }

  /** Whether all that there was at the last look was looked through. */
  get isThrough(): boolean {
    return !this.doubted && this.edge.upTo >= this.end;
  }

  /** The log goes as far as this, whoever wrote it. */
  ends(position: Position): void {
    if (position > this.end) this.end = position;
  }

  /** Nothing of ours stands behind `after`, which is an event of ours or the start, up to `upTo`, which is none. */
  nothing(after: Position, upTo: Position): void {
    this.place(after, upTo);
    if (upTo > this.edge.upTo) this.edge = { head: after, upTo };
  }

  /** The next event of ours behind `after` stands at `position`. */
  next(after: Position, position: Position): void {
    this.place(after, position);
    this.ours(position);
  }

  /** An event of ours stands at `position`. */
  ours(position: Position): void {
    if (position > this.edge.upTo) this.edge = { head: position, upTo: position };
  }

  private place(after: Position, from: Position): void {
    if (from - after >= SHORT && from > (this.places.get(after) ?? after)) this.places.set(after, from);
  }

  /** How far nothing of ours follows: to a record of others, which may be passed over. */
  passed(position: Position): Position {
    const { head, upTo } = this.edge;
    return !this.doubted && position >= head && position < upTo ? upTo : position;
  }

  /** The same for who begins with the record that stands there. */
  beyond(position: Position): Position {
    const passed = this.passed(position);
    return passed === position ? (this.places.get(position) ?? position) : passed;
  }

  /** All that is known up to here holds while `mark` is in the log. */
  remember(mark: LogMark): void {
    if (this.edge.upTo <= mark.position) this.sure = { edge: this.edge, mark };
  }

  /** A connection was lost: the log behind the next one may be one that was restored. */
  doubt(): void {
    this.epoch++;
    [this.edge, this.end] = [this.sure?.edge ?? NOTHING, START];
    this.places.clear();
    this.doubted = this.sure !== undefined;
  }

  /** It is, or is not, the same log. */
  settle(same: boolean): void {
    this.doubted = false;
    if (same) return;
    [this.edge, this.sure] = [NOTHING, undefined];
    this.places.clear();
  }
}
