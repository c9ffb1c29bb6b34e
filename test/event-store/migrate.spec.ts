import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { MigrationInterface } from 'typeorm';
import { migrate } from '../../src/postgres/migrate.js';
import {
  allMigrations,
  createTestDatabase,
  eventStoreMigrations,
  urlOf,
  withClient,
  type TestDatabase,
} from '../support/store/postgres.js';

let database: TestDatabase;
const query = (sql: string) => withClient(database.connectionString, (client) => client.query(sql));

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it('migrates an empty database once, however many processes start at once', async () => {
  const name = `${database.name}_empty`;
  await query(`create database ${name}`);
  const connectionString = urlOf(name);
  try {
    await Promise.all([1, 2, 3].map(() => migrate({ connectionString }, eventStoreMigrations)));
    const { rows } = await withClient(connectionString, (client) => client.query('select name from ledger.migrations'));
    expect(rows).toEqual(eventStoreMigrations.map(({ name }) => ({ name })));
  } finally {
    await query(`drop database ${name} with (force)`);
  }
});

it('refuses a schema newer than the program, and says what to do', async () => {
  class FromTheFuture4000000000000 implements MigrationInterface {
    async up(): Promise<void> {}
    async down(): Promise<void> {}
  }
  await migrate(database, [...allMigrations, FromTheFuture4000000000000]);
  await expect(migrate(database, allMigrations)).rejects.toThrow(
    /newer than the program.*FromTheFuture4000000000000.*Start the newer program\. To go back.*restore <file>$/,
  );
});

it('waits a bounded time for another process that migrates', async () => {
  await withClient(database.connectionString, async (client) => {
    await client.query('select pg_advisory_lock(7305808869231650)');
    await expect(migrate({ ...database, lockWaitMs: 50 }, [])).rejects.toThrow(/migrating the database for too long/);
  });
});
