import { within } from '../../closing.js';
import type { Instant } from '../../domain/events.js';
import { StoreError } from '../../errors.js';
import { START, type Position } from '../position.js';
import type { Connection } from './connection.js';
import { isNoPosition, toReadFailure } from './failure.js';
import { isOurEvent, positionOf, readAll, recordAt } from './log-reader.js';
import type { ScannedLog } from './scanned-log.js';
import type { Settings } from './options.js';
import { created, oursOf } from './event-mapping.js';
import { logRequest } from './requests.js';

/** What is looked through within a call, in bytes of the log: some ten thousand events, a few hundredths of a second. */
const NEAR = 4n * 1024n * 1024n;
/** How many events of ours a look takes at once. */
const PAGE = 1_000;
/** How long those who only look wait for a search, in milliseconds. */
const PATIENCE_MS = 250;

/**
 * Where the ledger's part of the log ends. The end of the log is asked for, whoever wrote there, and what came since the
 * last look is looked through. Where that is much, the search goes on for whoever asks next.
 */
export class LogHead {
  private searching: Promise<void> | undefined;

  constructor(
    private readonly leader: Connection,
    private readonly looked: ScannedLog,
    private readonly settings: Pick<Settings, 'headMs' | 'now'>,
  ) {}

  /** The position of the ledger's last event. @throws StoreError where it is still searched for */
  async exact(): Promise<Position> {
    const found = await this.look(this.settings.headMs);
    if (found !== undefined) return found;
    throw new StoreError('unavailable', 'The end of the ledger’s events is still searched for among those of others');
  }

  /** The same, or while it is searched for: that of the last event found so far. */
  async soFar(atLeast?: Position): Promise<Position> {
    if (atLeast !== undefined && !this.looked.inDoubt && this.looked.head >= atLeast) return this.looked.head;
    const found = await this.look(PATIENCE_MS);
    if (found !== undefined || atLeast === undefined || atLeast <= this.looked.head) return found ?? this.looked.head;
    const there = await this.record(atLeast);
    if (there && isOurEvent(there) && positionOf(there) === atLeast) this.looked.ours(atLeast);
    return this.looked.head;
  }

  /** When the first event behind `position` was recorded; a moment not behind that where it is still searched for. */
  async oldestAfter(position: Position): Promise<Instant | undefined> {
    if (position >= this.looked.head && this.looked.isThrough) return undefined;
    const search = AbortSignal.timeout(PATIENCE_MS);
    try {
      return (await readAll(this.leader, this.looked, position, { limit: 1, bytes: Infinity }, search))[0]?.recordedAt;
    } catch (error) {
      if (!search.aborted) throw error;
      const next = await this.record(this.looked.beyond(position));
      return next && created(next);
    }
  }

  private record(position: Position): ReturnType<typeof recordAt> {
    return recordAt(this.leader, position, this.settings.headMs).catch((error: unknown) => {
      if (isNoPosition(error)) return undefined;
      throw toReadFailure(error);
    });
  }

  private async look(patienceMs: number): Promise<Position | undefined> {
    const until = this.settings.now() + patienceMs;
    try {
      for (let first = true; first || this.settings.now() < until; first = false) {
        const found = await this.lookOnce(until).catch((error: unknown) => this.again(error));
        if (found !== undefined) return found;
      }
      return undefined;
    } catch (error) {
      throw toReadFailure(error);
    }
  }

  /** What was looked through ends at a record that is gone: the next look begins without it. */
  private again(error: unknown): undefined {
    if (!isNoPosition(error)) throw error;
    this.looked.settle(false);
  }

  /** Nothing, where it has to be looked again. */
  private async lookOnce(until: number): Promise<Position | undefined> {
    const { leader, looked, settings } = this;
    await this.settle();
    const { epoch } = looked;
    const last = await recordAt(leader, 'end', settings.headMs);
    if (epoch !== looked.epoch) return undefined;
    if (!last) return START;
    const end = positionOf(last);
    looked.ends(end);
    if (isOurEvent(last)) looked.ours(end);
    else if (end > looked.upTo && !(await this.lookThrough(end, until))) return undefined;
    if (epoch !== looked.epoch) return undefined;
    looked.remember({ position: end, id: last.getId()!.getString() });
    return looked.head;
  }

  /** After a connection was lost: is the record still where it was that all we know of the log rests on? */
  private async settle(): Promise<void> {
    const { looked } = this;
    const { epoch, inDoubt: mark } = looked;
    if (!mark) return;
    const there = await this.record(mark.position);
    if (epoch !== looked.epoch) return;
    looked.settle(there !== undefined && positionOf(there) === mark.position && there.getId()!.getString() === mark.id);
  }

  /** Whether everything up to `end` was looked through. */
  private async lookThrough(end: Position, until: number): Promise<boolean> {
    if (end - this.looked.upTo <= NEAR) {
      await this.forwards(end, this.settings.headMs);
      return true;
    }
    this.searching ??= this.search(end).finally(() => (this.searching = undefined));
    this.searching.catch(() => undefined); // those who wait are told; maybe nobody does
    await within(this.searching, Math.max(0, until - this.settings.now()));
    return false;
  }

  /** From the end back to an event of ours, and on from where the last look ended: whichever gets there first. */
  private async search(end: Position): Promise<void> {
    const over = new AbortController();
    const ways = [this.backwards(end, over.signal)];
    if (this.looked.upTo > START) ways.push(this.forwards(end, over.signal));
    try {
      await Promise.any(ways).catch((error: AggregateError) => Promise.reject(error.errors[0]));
    } finally {
      over.abort();
    }
  }

  private async backwards(end: Position, search: AbortSignal): Promise<void> {
    const { epoch } = this.looked;
    const found = await this.lastOfOurs(search);
    if (epoch !== this.looked.epoch) return;
    if (found > end) this.looked.ours(found);
    else this.looked.nothing(found, end);
  }

  private async lastOfOurs(search: AbortSignal): Promise<Position> {
    for (let limit = 1, from: Position | 'end' = 'end'; ; limit = 32) {
      let last: Position | undefined;
      for await (const message of this.leader.read(logRequest(true, from, limit), search)) {
        const position = message.getEvent()?.getCommitPosition();
        if (position !== undefined) last = BigInt(position);
        if (oursOf(message)) return last!;
      }
      if (last === undefined || last === from) return START;
      from = last;
    }
  }

  private async forwards(end: Position, limit: number | AbortSignal): Promise<void> {
    const { epoch } = this.looked;
    let { head, upTo: from } = this.looked;
    for (let count = PAGE; count === PAGE;) {
      count = 0;
      for await (const message of this.leader.read(logRequest(false, from, PAGE), limit)) {
        const position = message.getEvent()?.getCommitPosition();
        if (position === undefined) continue;
        count++;
        from = BigInt(position);
        if (epoch !== this.looked.epoch) return;
        if (!oursOf(message) || from <= head) continue;
        this.looked.next(head, from);
        head = from;
      }
    }
    if (epoch === this.looked.epoch && head < end) this.looked.nothing(head, end);
  }
}
