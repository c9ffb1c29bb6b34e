import { randomUUID } from 'node:crypto';
import { CommandHandler, type Event, STREAM_DOES_NOT_EXIST } from '@event-driven-io/emmett';
import {
  getPostgreSQLEventStore,
  pongoSingleStreamProjection,
  rebuildPostgreSQLProjections,
  type PostgresEventStore,
} from '@event-driven-io/emmett-postgresql';
import pg from 'pg';
import { decide } from '../../src/domain/decide.js';
import type { RecordedEvent } from '../../src/domain/events.js';
import { evolve } from '../../src/domain/evolve.js';
import { type ExecutionState, initial } from '../../src/domain/execution.js';
import { closedLoop, type Scale } from '../load.js';
import type { Peer } from '../row.js';
import { reportOf } from '../reports.js';
import { SAMPLE_DATA, SAMPLE_METADATA, SAMPLE_TYPE, STREAM_LENGTH } from '../sample.js';
import { SILENT_BY_DEFAULT } from '../../src/silent-after.js';

type AnyEvent = Event<string, Record<string, unknown>>;

async function using<Result>(
  url: string,
  clients: number,
  use: (store: PostgresEventStore) => Promise<Result>,
): Promise<Result> {
  const pool = new pg.Pool({ connectionString: url, max: clients });
  // Its last connections may still be closing when the database is dropped.
  pool.on('error', () => undefined);
  const store = getPostgreSQLEventStore(url, { connectionOptions: { pool } });
  await store.schema.migrate();
  try {
    return await use(store);
  } finally {
    await store.close();
    if (!pool.ended) await pool.end();
  }
}

/** Emmett's PostgreSQL store appending the same events at the revision the client knows. */
export async function emmettAppend(url: string, clients: number, scale: Scale): Promise<Peer> {
  const value = await using(url, clients, (store) => {
    const streams = new Array<string>(clients);
    const event = { type: SAMPLE_TYPE, data: SAMPLE_DATA, metadata: SAMPLE_METADATA } as AnyEvent;
    return closedLoop(clients, scale, (client, count) => {
      const revision = count % STREAM_LENGTH;
      if (revision === 0) streams[client] = `execution-${randomUUID()}`;
      const expectedStreamVersion = revision === 0 ? STREAM_DOES_NOT_EXIST : BigInt(revision);
      return store.appendToStream(streams[client]!, [event], { expectedStreamVersion });
    });
  });
  return { name: 'Emmett', value };
}

/** Emmett's event as the ledger's fold takes it. */
function asRecorded(event: AnyEvent): RecordedEvent {
  const { streamPosition = 1n } = (event as { metadata?: { streamPosition?: bigint } }).metadata ?? {};
  const place = { revision: Number(streamPosition) - 1, position: 0n, recorded_at: new Date().toISOString() };
  return {
    type: event.type,
    data: event.data,
    event_id: '',
    metadata: SAMPLE_METADATA,
    ...place,
  } as unknown as RecordedEvent;
}

/** Emmett's command handler over the ledger's own decider: read the stream, fold, decide, append. */
export async function emmettHandle(url: string, clients: number, scale: Scale): Promise<Peer> {
  const handle = CommandHandler<ExecutionState, AnyEvent>({
    evolve: (state, event) => evolve(state, asRecorded(event)),
    initialState: () => initial,
  });
  const value = await using(url, clients, (store) => {
    const ids = new Array<string>(clients);
    return closedLoop(clients, scale, (client, count) => {
      if (count % STREAM_LENGTH === 0) ids[client] = `execution-${randomUUID()}`;
      const now = { at: new Date().toISOString(), stale_after_ms: 259_200_000, silent_after: SILENT_BY_DEFAULT };
      return handle(
        store,
        ids[client]!,
        (state) => [...decide(reportOf(count % STREAM_LENGTH), state, now).events] as AnyEvent[],
      );
    });
  });
  return { name: 'Emmett command handler', value };
}

/** Emmett rebuilding a document per stream with the ledger's own fold, streams of ten events. */
export async function emmettRebuild(url: string, events: number): Promise<Peer> {
  const each = 10;
  await using(url, 4, async (store) => {
    for (let n = 0; n < events / each; n++) {
      const batch = Array.from({ length: each }, (_, i) => {
        const type = i === 0 ? 'ExecutionRegistered' : 'ExecutionProgressed';
        return { type, data: SAMPLE_DATA, metadata: SAMPLE_METADATA } as AnyEvent;
      });
      await store.appendToStream(`execution-${n}`, batch, { expectedStreamVersion: STREAM_DOES_NOT_EXIST });
    }
  });
  const projection = pongoSingleStreamProjection({
    collectionName: 'executions',
    canHandle: ['ExecutionRegistered', 'ExecutionProgressed'],
    initialState: (): { folded: object } => ({ folded: initial }),
    evolve: ({ folded }: { folded: object }, event: AnyEvent) => {
      const { position: _, ...state } = evolve(folded as ExecutionState, asRecorded(event));
      return { folded: state };
    },
  });
  const consumer = rebuildPostgreSQLProjections({ connectionString: url, projections: [projection] });
  const began = performance.now();
  await consumer.start();
  const seconds = (performance.now() - began) / 1_000;
  await consumer.close();
  return { name: 'Emmett rebuild', value: events / seconds };
}
