import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Projection } from '../../projections/projection.js';
import { parseStream, type StreamName } from '../domain/stream.js';
import type { EventStore, StoredEvent } from '../event-store/event-store.js';
import { foldEvent } from '../event-store/read-execution.js';
import { streamPages } from '../event-store/stream-pages.js';
import { encodeCopy, writeStatement } from '../projection-tables/rows.js';
import { tableOf } from '../projection-tables/table.js';
import { PageFold, type PageChanges } from '../projector/page-fold.js';
import { park, ParkedEvents } from '../projector/parked-events.js';
import { isPoison } from '../projector/poison.js';
import { RefusedCounts } from '../projector/refused-counts.js';
import type { OperationsTable } from './operations-table.js';
import type { RebuildRecord } from './rebuild-record.js';

/** What a version is filled with, and by whom. */
export interface LoadContext {
  readonly client: pg.Client;
  readonly store: EventStore & Required<Pick<EventStore, 'streamScan'>>;
  readonly projection: Projection;
  readonly record: RebuildRecord;
  readonly rebuilds: OperationsTable;
  readonly signal: AbortSignal;
  /** From how many events on whole streams are written together. */
  readonly batch: number;
  /** How many load partitions at the same time. */
  readonly workerCount: number;
}

/** Folds streams from their beginning, for `COPY`. */
export const newFold = ({ projection }: LoadContext): PageFold =>
  new PageFold([projection], new Map(), foldEvent, encodeCopy);

/** Writes what a fold came to, or nothing: then an event of it is to blame, and false is answered. */
export async function tryWrite(to: LoadContext, changes: () => PageChanges): Promise<boolean> {
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
export async function writeStream(to: LoadContext, stream: StreamName): Promise<void> {
  const events: StoredEvent[] = [];
  for await (const page of streamPages(to.store, stream)) {
    const wanted = page.filter(({ position }) => position <= to.record.upTo);
    events.push(...wanted);
    if (wanted.length < page.length) break; // what came later is caught up with
  }
  const fits = (count: number): Promise<boolean> => tryWrite(to, () => foldOf(to, events.slice(0, count)).changes());
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
  const error = await failureOf(to, events.slice(0, bad));
  await parkedOf(to).park(to.client, [park(executionId, stored, error)]);
}

function foldOf(to: LoadContext, events: readonly StoredEvent[]): PageFold {
  const fold = newFold(to);
  for (const stored of events) fold.add(stored);
  return fold;
}

async function failureOf(to: LoadContext, events: readonly StoredEvent[]): Promise<string> {
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
const parkedOf = ({ projection, record }: LoadContext): ParkedEvents =>
  new ParkedEvents([projection.name, record.version], undefined);

async function writeChanges(to: LoadContext, changes: PageChanges): Promise<void> {
  const { client, projection, record } = to;
  const { version } = record;
  if (changes.count > 0 && projection.kind === 'rows') {
    const columns = Object.keys(projection.columns).join(', ');
    const copy = client.query(copyFrom(`copy ${tableOf(projection, version)} (${columns}) from stdin`));
    await pipeline(Readable.from([Buffer.from(changes.encoded)]), copy);
  } else if (changes.count > 0) {
    await client.query(writeStatement(projection, version, 'true'), [changes.encoded]);
  }
  await parkedOf(to).park(client, changes.parked);
  const refused = new RefusedCounts(tableOf(projection, version), [projection.name, version]);
  if (changes.refused.length > 0) await refused.write(client, changes);
}
