import { startEmbeddedPostgres } from '../../../src/embedded-postgres.js';

/** A stand-in for a ledger in a process of its own: starts the database of the folder it is given and says where it is, and what else there is to say. */
try {
  const database = await startEmbeddedPostgres({ dataDir: process.argv[2]! });
  process.on('SIGTERM', () => void database.stop());
  console.log([database.ownerUrl, database.note].filter(Boolean).join('\n'));
} catch (error) {
  console.log(String(error));
}
