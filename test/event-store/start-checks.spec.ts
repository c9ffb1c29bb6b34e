import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openPostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { checkStart, type CheckedSession } from '../../src/event-store/postgres/start-checks.js';
import { createTestDatabase, type TestDatabase } from '../support/store/postgres.js';

const FIT = { version: '18.4', number: '180004', standby: 'false', fsync: 'on', commit: 'on', encoding: 'UTF8' };

/** A server that answers what it is told to; `kept` is whether its sessions are. */
function server(answers: Partial<typeof FIT> = {}, kept = 'kept'): CheckedSession {
  return { query: async (sql) => ({ rows: sql.includes('server_version') ? [{ ...FIT, ...answers }] : [{ kept }] }) };
}

describe('a server is refused, with what to do about it,', () => {
  it.each([
    ['older than 17', server({ version: '16.9', number: '160009' }), /16\.9 is too old.*17 or newer.*Upgrade/],
    ['a standby', server({ standby: 'true' }), /standby.*connect to the primary/],
    ['of another encoding', server({ encoding: 'LATIN1' }), /encoding is LATIN1.*create it with ENCODING 'UTF8'/],
    ['without fsync', server({ fsync: 'off' }), /fsync is off.*Set fsync = on/],
    ['without synchronous commit', server({ commit: 'off' }), /synchronous_commit is off.*Set synchronous_commit = on/],
    [
      'behind a pooler in transaction mode',
      server({}, ''),
      /pooler in transaction mode \(PgBouncer.*Connect directly, or set pool_mode = session/,
    ],
  ])('that is %s', async (_, asked, message) => {
    await expect(checkStart(asked, server(), true)).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringMatching(message),
    });
  });

  it('but a fit one is not', async () => {
    await expect(checkStart(server(), server(), true)).resolves.toBeUndefined();
    await expect(checkStart(server({ fsync: 'off', commit: 'off' }), server(), false)).resolves.toBeUndefined();
  });
});

describe('the real server', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('of the tests has no fsync, and is refused for it', async () => {
    await expect(openPostgresEventStore(database)).rejects.toThrow(/fsync is off/);
  });

  it('keeps its sessions, and is taken when durability is waived', async () => {
    await (await openPostgresEventStore({ ...database, requireDurability: false })).close();
  });

  it('that is not there is unavailable, in bounded time', async () => {
    const connectionString = 'postgres://nobody:nothing@127.0.0.1:1/nowhere';
    await expect(openPostgresEventStore({ connectionString })).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });
});
