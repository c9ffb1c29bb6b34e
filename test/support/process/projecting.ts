import { createPostgresEventStore } from '../../../src/event-store/postgres/postgres-event-store.js';
import { follow } from '../projection/projection.js';

/** A process that projects until it is killed. */
const connectionString = process.argv[2]!;
follow(connectionString, createPostgresEventStore({ connectionString })).start();
