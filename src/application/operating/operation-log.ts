import type { OperationKind, OperationPage, OperationsQuery, OperationView } from '../../contract/operations.js';
import { weigh } from '../../encoding/json.js';
import { isJsonObject } from '../../encoding/readings.js';
import { within } from '../../closing.js';
import type { EventMetadata } from '../../domain/events.js';
import { cutText } from '../../domain/in-short.js';
import { compact, type Json, type JsonObject } from '../../domain/json.js';
import { NO_STREAM, OPERATIONS_STREAM } from '../../domain/stream.js';
import { readMetadata } from '../../event-store/codec.js';
import { PAGE_BYTES, type EventStore, type LogReads, type StoredEvent } from '../../event-store/event-store.js';
import { STREAM_PAGE, streamPages } from '../../event-store/stream-pages.js';
import type { OperationOptions } from '../../rebuild/projection-operation.js';
import type { Origin } from '../request.js';

/** Something that was done to the ledger itself, or to many executions at once. */
export interface Operation {
  readonly kind: OperationKind;
  readonly origin: Origin;
  /** What it was about: a projection and its version, a filter and counts, … */
  readonly about: JsonObject;
}

/** What an operation was about, as one of them may take at most, in characters of JSON: a filter can be as large as a body. */
const MOST_ABOUT = 64 * 1024;
/** How long somebody is kept waiting for what he did to be recorded, in milliseconds: it is done, whatever becomes of that. */
const MOST_WAIT_MS = 500;
/** How many operations at most are looked at for one page. */
const LOOKED_AT = 20_000;
const DEFAULT_LIMIT = 50;
const TYPE = 'OperationRecorded';

const fitting = (value: Json): Json => {
  if (typeof value === 'string') return cutText(value);
  return JSON.stringify(value).length <= MOST_ABOUT ? value : undefined;
};

/** What is too large is cut or left out, and named: an operation that could not be stored would be lost whole. */
function bounded(about: JsonObject): JsonObject {
  const said = compact(about) as JsonObject;
  const kept = Object.fromEntries(Object.entries(said).map(([name, value]) => [name, fitting(value)]));
  const truncated = Object.keys(said).filter((name) => kept[name] !== said[name]);
  return compact({ ...kept, truncated: truncated.length > 0 ? truncated : undefined }) as JsonObject;
}

/** What an operation on a projection was about: its version is the one that was live before. */
export const aboutProjection = (
  { name, version }: { readonly name: string; readonly version: number },
  { eventsPerSecond, sample }: OperationOptions = {},
): JsonObject => compact({ projection: name, version, events_per_second: eventsPerSecond, sample }) as JsonObject;

/** Keeps what was done to the ledger, with who did it, in a stream of its own beside those of executions. */
export class OperationLog {
  constructor(
    private readonly store: Pick<EventStore, 'append'>,
    private readonly newEventId: () => string,
    /** It could not be recorded: whoever looks after the ledger has to hear of it. */
    private readonly lost: (operation: Operation, error: unknown) => void,
  ) {}

  /** After the deed. Never rejects, and is over soon: a store that is away takes no answer from who did it. */
  async record(operation: Operation): Promise<void> {
    const appended = this.append(operation).catch((error: unknown) => this.lost(operation, error));
    await within(appended, MOST_WAIT_MS);
  }

  private async append({ kind, origin, about }: Operation): Promise<void> {
    const { actor, on_behalf_of, source, correlation_id } = origin;
    const reporter = { actor, authority: 'operator' };
    const metadata = compact({ reporter, on_behalf_of, source, correlation_id }) as EventMetadata;
    const event = { eventId: this.newEventId(), type: TYPE, data: { kind, about: bounded(about) }, metadata };
    await this.store.append({ stream: OPERATIONS_STREAM, events: [event], expectedRevision: 'any', by: actor });
  }
}

function toOperation({ revision, recordedAt, data, metadata }: StoredEvent): OperationView {
  const { kind, about } = isJsonObject(data) ? data : {};
  const { reporter, on_behalf_of, source, correlation_id } = readMetadata(metadata);
  return compact({
    number: revision + 1,
    recorded_at: recordedAt,
    kind: String(kind),
    actor: reporter?.actor ?? 'unknown',
    on_behalf_of,
    source,
    correlation_id,
    about: isJsonObject(about) ? about : {},
  }) as unknown as OperationView;
}

/** How many there are. */
export async function countOperations(store: Pick<LogReads, 'readStream'>): Promise<number> {
  const [last] = await store.readStream(OPERATIONS_STREAM, { direction: 'backwards', limit: 1 });
  return (last?.revision ?? NO_STREAM) + 1;
}

/**
 * The operations after a number, oldest first. A page ends by its bytes, too, and by how many were looked at for it: it may
 * be empty, and others still come after it.
 */
export async function readOperations(
  store: Pick<LogReads, 'readStream'>,
  { actor, kind, after = 0, limit = DEFAULT_LIMIT }: OperationsQuery,
): Promise<OperationPage> {
  const operations: OperationView[] = [];
  let next_after = after;
  let size = 0;
  const page = actor === undefined && kind === undefined ? limit : STREAM_PAGE;
  for await (const events of streamPages(store, OPERATIONS_STREAM, { fromRevision: after, limit: LOOKED_AT, page }))
    for (const stored of events) {
      if (operations.length >= limit || size >= PAGE_BYTES) return { operations, next_after };
      next_after = stored.revision + 1;
      const operation = toOperation(stored);
      if ((actor ?? operation.actor) !== operation.actor || (kind ?? operation.kind) !== operation.kind) continue;
      operations.push(operation);
      size += weigh(stored.data) + weigh(stored.metadata);
    }
  return { operations, next_after };
}
