import type pg from 'pg';
import { PROJECTIONS } from '../../../projections/index.js';
import { createPostgresEventStore } from '../../../src/event-store/postgres/postgres-event-store.js';
import { connectTo, followAll } from '../projection/projection.js';

/** A process that leads a projection and stops itself (SIGSTOP) the moment it has a page to write; it tells what became of that. */
const [connectionString, name] = process.argv.slice(2) as [string, string];
const store = createPostgresEventStore({ connectionString });
const projection = PROJECTIONS.find((one) => one.name === name)!;
let stopped = false;

async function connect(): Promise<pg.Client> {
  const client = await connectTo(connectionString);
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  client.query = ((asked: { name?: string }, ...rest: unknown[]) => {
    if (stopped || !asked.name?.startsWith('page-')) return query(asked, ...rest);
    stopped = true;
    process.kill(process.pid, 'SIGSTOP');
    const written = query(asked, ...rest) as Promise<pg.QueryResult>;
    written.then(({ rows }) => process.send!(`moved ${rows.length}`), onError);
    return written;
  }) as typeof client.query;
  return client;
}

const onError = (error: unknown): void => void process.send!(String(error));
for (const follower of followAll(connectionString, store, { connect, onError, projections: [projection] }))
  follower.start();
