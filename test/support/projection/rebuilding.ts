import type pg from 'pg';
import type { Projection } from '../../../projections/projection.js';
import type { EventStore } from '../../../src/event-store/event-store.js';
import type { RebuildParts } from '../../../src/rebuild/rebuild.js';
import { connectTo, type ProjectedLedger } from './projection.js';

const never = new AbortController().signal;

/** What a rebuild of a projection in a test works with; batches are small, so that a small log has several. */
export const rebuilding = (
  { store, database }: ProjectedLedger,
  projection: Projection,
  more: Partial<RebuildParts> = {},
): RebuildParts => ({
  store,
  connect: () => connectTo(database.connectionString),
  projection,
  signal: never,
  batch: 20,
  ...more,
});

/** The same log through the port alone, as a store without an order of streams has it. */
export function withoutStreams(store: EventStore): EventStore {
  const { streamScan: _, ...port } = store;
  return port;
}

/** Connections that are cut at the n-th statement sent over any of them. */
export function cutAt(
  connect: () => Promise<pg.Client>,
  statement: number,
): { connect: () => Promise<pg.Client>; sent(): number } {
  let sent = 0;
  return {
    sent: () => sent,
    connect: async () => {
      const client = await connect();
      const query = client.query.bind(client) as (...args: unknown[]) => unknown;
      const cut = (): never => {
        (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
        throw new Error('Connection terminated by the test');
      };
      client.query = ((...args: unknown[]) => (++sent === statement ? cut() : query(...args))) as typeof client.query;
      return client;
    },
  };
}

/** Does something again and again, cut at its first statement, its second and so on, until it is done before; how often. */
export async function cutEverywhere(
  ledger: ProjectedLedger,
  projection: Projection,
  run: (parts: RebuildParts) => Promise<unknown>,
  more: Partial<RebuildParts> = {},
): Promise<number> {
  const { connect } = rebuilding(ledger, projection);
  for (let statement = 1; ; statement++) {
    const cut = cutAt(connect, statement);
    const outcome = await run(rebuilding(ledger, projection, { ...more, connect: cut.connect })).catch(
      (error: Error) => error,
    );
    if (!(outcome instanceof Error)) return statement - 1;
    if (cut.sent() < statement) throw outcome;
  }
}
