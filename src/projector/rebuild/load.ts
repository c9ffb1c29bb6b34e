import { setTimeout as pause } from 'node:timers/promises';
import { decodeText, encodeText } from '../../contract/json.js';
import { executionStream, refusedStream, type StreamName } from '../../domain/stream.js';
import type { StoredEvent } from '../../event-store/event-store.js';
import { inTransaction } from '../../postgres/transaction.js';
import { tableOf } from '../../read-model/table.js';
import type { PageFold } from '../page.js';
import { isPoison } from '../poison.js';
import { indexVersion } from '../versions.js';
import { newFold, written, writeStream, type Loading } from './write-folds.js';

/** Events asked for at a time. */
const PAGE = 5_000;
/** From how many events on whole streams are written together. */
export const BATCH = 10_000;

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

async function markParked({ client, projection, record }: Loading): Promise<void> {
  await client.query(
    `update ${tableOf(projection, record.version)} as stored set unreadable_revision = p.revision
       from (select execution_id, min(revision) as revision from ledger.parked_events
              where projection = $1 and version = $2 group by execution_id) p
      where stored.execution_id = p.execution_id`,
    [projection.name, record.version],
  );
}
