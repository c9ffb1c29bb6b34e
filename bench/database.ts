import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/embedded-postgres.js';

/** One server for everything that is measured, fsync on; every measurement has a database of its own. */
export interface Databases {
  /** Creates an empty database and answers its connection string. */
  create(name: string): Promise<string>;
  drop(name: string): Promise<void>;
  stop(): Promise<void>;
}

/** Runs one statement on a connection of its own. */
export async function execute(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client.query(sql).finally(() => client.end());
}

export async function startDatabases(): Promise<Databases> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ledger-bench-'));
  // As root the server runs as a user of its own, who has to enter the folder.
  await chmod(dataDir, 0o755);
  const remove = () => rm(dataDir, { recursive: true, force: true });
  const server = await startEmbeddedPostgres({ dataDir }).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  return {
    create: async (name) => {
      await execute(server.ownerUrl, `CREATE DATABASE "${name}"`);
      const url = new URL(server.ownerUrl);
      url.pathname = name;
      return url.href;
    },
    drop: async (name) => {
      await execute(server.ownerUrl, `DROP DATABASE "${name}" WITH (FORCE)`);
      // What one measurement left to be written must not slow the next.
      await execute(server.ownerUrl, 'CHECKPOINT');
    },
    stop: async () => {
      await server.stop();
      await remove();
    },
  };
}

/** A measurement in a database of its own, by its connection string. */
export async function inOwn<Result>(
  databases: Databases,
  name: string,
  measure: (url: string) => Promise<Result>,
): Promise<Result> {
  const url = await databases.create(name);
  return measure(url).finally(() => databases.drop(name));
}
