import { openPostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { describeEventStore } from '../contract/event-store.contract.js';
import { createTestDatabase } from '../support/store/postgres.js';

describeEventStore('the event store in PostgreSQL', async () => {
  const { connectionString, drop } = await createTestDatabase();
  return { open: () => openPostgresEventStore({ connectionString, requireDurability: false }), dispose: drop };
});
