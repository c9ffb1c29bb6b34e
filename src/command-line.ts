#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { PROJECTIONS } from '../projections/index.js';
import { projectionsCommand } from './cli/projections.js';
import type { DeskParts } from './cli/projections/desk.js';
import { EXIT, Refused, type Exit } from './cli/projections/exit-codes.js';
import { loadConfig } from './config.js';
import { holdsData, startEmbeddedPostgres } from './embedded-postgres.js';
import { MIGRATIONS } from './migrations.js';
import { openEventStore } from './open-event-store.js';
import { requireMigrated } from './postgres/migrate.js';
import { PostgresChores } from './projector/rebuild/postgres-chores.js';
import { PostgresReadModel } from './read-model/postgres-read-model.js';
import { StartError } from './start-error.js';
import { loadersOn } from './rebuild-loaders.js';
import { connectForChores } from './projector/rebuild/connect.js';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Joins the database of the folder, or starts it for as long as it is needed; makes none. */
async function reachEmbedded(dataDir: string) {
  if (!(await holdsData(dataDir)))
    throw new StartError([
      `LEDGER_DATA_DIR: there is no ledger's database in ${dataDir}; name its folder, or set DATABASE_URL`,
    ]);
  return startEmbeddedPostgres(dataDir, say);
}

/** What the server works with, without the server. */
async function open(): Promise<DeskParts> {
  const config = loadConfig(process.env);
  const embedded = config.databaseUrl === undefined ? await reachEmbedded(config.dataDir) : undefined;
  const url = config.databaseUrl ?? embedded!.url;
  try {
    await requireMigrated(url, MIGRATIONS);
    const store = await openEventStore(config, url, {});
    const readModel = await PostgresReadModel.open(url);
    const connect = () => connectForChores(url, 'command line');
    const chores = new PostgresChores(PROJECTIONS, readModel.ask, connect);
    const loaders = loadersOn(url, 'command line');
    const close = async (): Promise<void> => {
      await Promise.allSettled([store.close(), readModel.close()]);
      await embedded?.stop();
    };
    return { projections: PROJECTIONS, store, readModel, chores, connect, loaders, clock: Date.now, close };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

function exitOf(error: unknown): Exit {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof Refused) return error.exit;
  return EXIT.failed;
}

let exit: Exit = EXIT.done;
process.stdout.on('error', () => process.exit(exit)); // whoever read along has seen enough
const program = new Command('execution-ledger')
  .description('The ledger for executions, from the command line.')
  .exitOverride()
  .addCommand(projectionsCommand(open, (ended) => (exit = ended)).exitOverride());
for (const command of program.commands.flatMap((one) => [one, ...one.commands])) command.exitOverride();

await program.parseAsync().catch((error: unknown) => {
  exit = exitOf(error);
  // What the command line's own parser has to say it has said.
  if (!(error instanceof CommanderError)) say(`execution-ledger: ${(error as Error).message}`);
});
process.exit(exit);
