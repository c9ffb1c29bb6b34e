import { createPostgresEventStore } from '../../../src/event-store/postgres/postgres-event-store.js';

/**
 * A process that appends: `count` events (for ever when 0) to streams shared with its peers, 32 at a time.
 * Sends each acknowledged `[eventId, position]` to its parent.
 */
const [connectionString, name, count] = process.argv.slice(2) as [string, string, string];
const total = Number(count) || Infinity;
const store = createPostgresEventStore({ connectionString });
let next = 0;

async function client(): Promise<void> {
  while (next < total) {
    const eventId = `${name}-${next++}`;
    const event = { eventId, type: 'ExecutionProgressed', data: { message: 'x'.repeat(100) }, metadata: {} };
    const stream = `execution-${next % 50}`;
    const outcome = await store.append({ stream, events: [event], expectedRevision: 'any' });
    if (outcome.outcome !== 'appended') throw new Error(`${eventId}: ${outcome.outcome}`);
    await new Promise((sent) => process.send!([eventId, outcome.position.toString()], sent));
  }
}

await Promise.all(Array.from({ length: 32 }, client));
await store.close();
process.disconnect();
