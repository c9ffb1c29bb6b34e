import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../src/embedded-postgres.js';

/** What the embedded database of a folder answered, where it was, and what a person would have been told. */
export interface DatabaseAnswer {
  readonly rows: unknown[];
  readonly url: string;
  readonly note: string | undefined;
}

/** Starts it here, asks, leaves. */
export async function openedIn(folder: string, sql: string): Promise<DatabaseAnswer> {
  const database = await startEmbeddedPostgres({ dataDir: folder });
  const client = new pg.Client(database.ownerUrl);
  try {
    await client.connect();
    return { rows: (await client.query(sql)).rows, url: database.url, note: database.note };
  } finally {
    await client.end();
    await database.stop();
  }
}

/** An embedded database for the tests of a file, in the folder `ledger` of `base`, which the account that it runs as can enter. */
export function usingEmbedded(): { readonly base: string; readonly database: EmbeddedPostgres } {
  let base: string;
  let database: EmbeddedPostgres;
  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), 'embedded-'));
    await chmod(base, 0o755);
    database = await startEmbeddedPostgres({ dataDir: join(base, 'ledger') });
  }, 30_000);
  afterAll(async () => {
    await database.stop();
    await rm(base, { recursive: true });
  });
  return {
    get base() {
      return base;
    },
    get database() {
      return database;
    },
  };
}
