import { expect, it } from '@jest/globals';
import { whereKept } from '../src/where-kept.js';

const databaseUrl = 'postgres://ledger:s3cret@db.internal:5432/ledger?sslmode=verify-full&password=s3cret';

it.each([
  ['a folder', '/srv/.ledger', 'its data is kept in /srv/.ledger'],
  ['one’s own PostgreSQL', undefined, 'its data is kept in postgres://db.internal:5432/ledger'],
])('with PostgreSQL: %s', (_what, dataDir, said) => {
  expect(whereKept({ databaseUrl, eventStore: 'postgres', eventStoreDbUrl: undefined }, dataDir)).toBe(said);
});

it('with EventStoreDB, both places, without account and options', () => {
  const eventStoreDbUrl = 'esdb+discover://admin:s3@cret@one:2113,two:2113?tls=true&defaultCredentials=s3cret';
  expect(whereKept({ databaseUrl, eventStore: 'eventstoredb', eventStoreDbUrl }, undefined)).toBe(
    'its log is kept in esdb+discover://one:2113,two:2113, its read models in postgres://db.internal:5432/ledger',
  );
  expect(whereKept({ databaseUrl: undefined, eventStore: 'eventstoredb', eventStoreDbUrl }, '.ledger')).toContain(
    'its read models in .ledger',
  );
});
