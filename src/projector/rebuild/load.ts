import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Projection } from '../../../projections/projection.js';
import { decodeText, encodeText } from '../../contract/json.js';
import { executionStream, parseStream, refusedStream, type StreamName } from '../../domain/stream.js';
import type { EventStore, StoredEvent } from '../../event-store/event-store.js';
import { foldEvent } from '../../event-store/read-execution.js';
import { encodeCopy, tableOf, writeStatement } from '../../read-model/table.js';
import { PageFold, park, type PageChanges } from '../page.js';
import { ParkedEvents } from '../parked-events.js';
import { isPoison } from '../poison.js';
import { RefusedCounts } from '../refused-counts.js';
import { indexVersion } from '../versions.js';
import type { Records, RebuildRecord } from './record.js';

/** Events asked for at a time. */
const PAGE = 5_000;
/** From how many events on whole streams are written together. */
export const BATCH = 10_000;

export interface Loading {
  readonly client: pg.Client;
  readonly store: EventStore & Required<Pick<EventStore, 'readStreams'>>;
  readonly projection: Projection;
  readonly record: RebuildRecord;
  readonly records: Records;
  readonly signal: AbortSignal;
  readonly batch: number;
}

/** The streams that begin so: from the prefix itself to the next that does not. */
const rangeOf = (prefix: string): { from: string; before: string } => ({
  from: prefix,
  before: prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1),
});
const EXECUTIONS = rangeOf(executionStream(''));
const REFUSED = rangeOf(refusedStream(''));

/**
 * Fills a version from the log up to `record.upTo`, stream by stream: each execution is folded whole and its row written
 * once, into a table without indexes. What is written and how far it came are one transaction: killed, it goes on from there.
 */
export async function load(to: Loading): Promise<void> {
  const { client, projection, record } = to;
  if (projection.kind === 'counters') await indexVersion(client, projection, record.version);
  await loadRange(to, EXECUTIONS);
  await to.records.enter(client, 'indexing');
  await client.query(`set maintenance_work_mem = '256MB'`);
  await indexVersion(client, projection, record.version);
  if (projection.kind !== 'rows') return;
  await markParked(to);
  if (projection.countsRefusals) await loadRange(to, REFUSED);
}

async function loadRange(to: Loading, { from, before }: { from: string; before: string }): Promise<void> {
  const { store, record } = to;
  const loaded = decodeText(record.loaded ?? '');
  if (loaded >= before) return;
  let after = { stream: loaded > from ? loaded : from, revision: Number.MAX_SAFE_INTEGER };
  const read = (): Promise<StoredEvent[]> => {
    const revision = Math.min(after.revision, 2 ** 31 - 1);
    const reading = store.readStreams({ after: { ...after, revision }, before, upTo: record.upTo, limit: PAGE });
    reading.catch(() => undefined); // it is read ahead: whoever comes to wait for it hears of its failure
    return reading;
  };
  let batch = new Batch(to);
  for (let next = read(); ;) {
    const page = await next;
    const last = page.at(-1);
    if (last === undefined) break;
    after = { stream: last.stream, revision: last.revision };
    next = read();
    for (const stored of page) {
      if (batch.isFullBefore(stored)) {
        await batch.write();
        batch = new Batch(to);
      }
      batch.add(stored);
    }
  }
  await batch.write();
}

/** Whole streams that are written together. */
class Batch {
  private readonly fold: PageFold;
  private readonly since = performance.now();
  private readonly streams = new Set<StreamName>();
  private stream = '';
  private events = 0;
  /** The projection threw at an event: the streams are taken one by one. */
  private poisoned = false;

  constructor(private readonly to: Loading) {
    this.fold = newFold(to);
  }

  isFullBefore({ stream }: StoredEvent): boolean {
    return this.events >= this.to.batch && stream !== this.stream;
  }

  add(stored: StoredEvent): void {
    this.stream = stored.stream;
    this.streams.add(stored.stream);
    this.events++;
    try {
      if (!this.poisoned) this.fold.add(stored);
    } catch (error) {
      if (!isPoison(error)) throw error;
      this.poisoned = true;
    }
  }

  async write(): Promise<void> {
    if (this.events === 0) return;
    this.to.signal.throwIfAborted();
    const { client, records } = this.to;
    const done = { events: this.events, loaded: encodeText(this.stream) };
    const rate = await inTransaction(client, async () => {
      await this.writeFolds();
      return records.advance(client, { ...done, ms: performance.now() - this.since });
    });
    const least = rate === undefined ? 0 : (this.events / rate) * 1_000 - (performance.now() - this.since);
    if (least > 0) await pause(least, undefined, { signal: this.to.signal });
  }

  private async writeFolds(): Promise<void> {
    if (!this.poisoned && (await written(this.to, () => this.fold.changes()))) return;
    for (const stream of this.streams) await writeStream(this.to, stream);
  }
}

const newFold = ({ projection }: Loading): PageFold => new PageFold(projection, new Map(), foldEvent, encodeCopy);

/** Writes what a fold came to, or nothing: then an event of it is to blame, and false is answered. */
async function written(to: Loading, changes: () => PageChanges): Promise<boolean> {
  await to.client.query('savepoint whole');
  try {
    await writeChanges(to, changes());
    await to.client.query('release savepoint whole');
    return true;
  } catch (error) {
    if (!isPoison(error)) throw error;
    await to.client.query('rollback to savepoint whole');
    return false;
  }
}

/** One stream, up to the event that cannot be projected: that one is parked, as its live page would have done. */
async function writeStream(to: Loading, stream: StreamName): Promise<void> {
  const events: StoredEvent[] = [];
  for (;;) {
    const page = await to.store.readStream(stream, { fromRevision: events.length, limit: PAGE });
    events.push(...page.filter(({ position }) => position <= to.record.upTo));
    if (page.length < PAGE) break;
  }
  const fits = (count: number): Promise<boolean> => written(to, () => foldOf(to, events.slice(0, count)).changes());
  if (await fits(events.length)) return;
  let [good, bad] = [0, events.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    await to.client.query('savepoint trial');
    if (await fits(middle)) good = middle;
    else bad = middle;
    await to.client.query('rollback to savepoint trial');
  }
  await fits(good);
  const stored = events[good]!;
  const executionId = parseStream(stream)?.executionId ?? stream;
  const error = await whyNot(to, events.slice(0, bad));
  await parkedOf(to).park(to.client, [park(executionId, stored, error)]);
}

function foldOf(to: Loading, events: readonly StoredEvent[]): PageFold {
  const fold = newFold(to);
  for (const stored of events) fold.add(stored);
  return fold;
}

async function whyNot(to: Loading, events: readonly StoredEvent[]): Promise<string> {
  await to.client.query('savepoint why');
  try {
    await writeChanges(to, foldOf(to, events).changes());
    return 'it cannot be projected';
  } catch (error) {
    return (error as Error).message;
  } finally {
    await to.client.query('rollback to savepoint why');
  }
}

/** Rows are marked when there is an index to find them by. */
const parkedOf = ({ projection, record }: Loading): ParkedEvents =>
  new ParkedEvents([projection.name, record.version], undefined);

async function inTransaction<T>(client: pg.Client, run: () => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    const result = await run();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

async function writeChanges(to: Loading, changes: PageChanges): Promise<void> {
  const { client, projection, record } = to;
  const { version } = record;
  if (changes.count > 0 && projection.kind === 'rows') {
    const columns = Object.keys(projection.columns).join(', ');
    const copy = client.query(copyFrom(`copy ${tableOf(projection, version)} (${columns}) from stdin`));
    await pipeline(Readable.from([Buffer.from(changes.written)]), copy);
  } else if (changes.count > 0) {
    await client.query(writeStatement(projection, version, 'true'), [changes.written]);
  }
  await parkedOf(to).park(client, changes.parked);
  const refused = new RefusedCounts(tableOf(projection, version), [projection.name, version]);
  if (changes.refused.length > 0) await refused.write(client, changes);
}

async function markParked({ client, projection, record }: Loading): Promise<void> {
  await client.query(
    `update ${tableOf(projection, record.version)} as stored set unreadable_revision = p.revision
       from (select execution_id, min(revision) as revision from ledger.parked_events
              where projection = $1 and version = $2 group by execution_id) p
      where stored.execution_id = p.execution_id`,
    [projection.name, record.version],
  );
}
