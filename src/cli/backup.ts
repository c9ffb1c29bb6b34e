import { Command } from 'commander';
import { stat } from 'node:fs/promises';
import type { Projection } from '../../projections/projection.js';
import { type Backup, eventsOf } from '../backup/head.js';
import { checkBackup, restoreBackup } from '../backup/restore-backup.js';
import { type Step, takeBackup } from '../backup/take-backup.js';
import type { MigrationClass } from '../postgres/migrate.js';
import { EXIT, CommandError } from './exit-codes.js';
import { Interrupt } from './projections/interrupt.js';
import { number } from './projections/print.js';
import { showSteps } from './steps.js';
import { tell } from './terminal.js';

const BACKUP_HELP = `
The ledger may run meanwhile: the backup is the database at one moment. The file is there once it is whole and was read back.

Examples:
  execution-ledger backup ledger-$(date +%F).backup
  execution-ledger backup nightly.backup --force --json`;

const RESTORE_HELP = `
Into a database without a ledger, or with one that nothing was ever written to; a log is never overwritten. The file is read
to its end before anything is written; then all of it is restored, or nothing.

Examples:
  LEDGER_DATA_DIR=restored execution-ledger restore ledger.backup
  DATABASE_URL=postgres://ledger:secret@db/ledger execution-ledger restore ledger.backup`;

/** The database of the configuration, for as long as it is needed. */
export interface DatabaseAccess {
  readonly url: string;
  readonly ownerUrl?: string | undefined;
  readonly leave: () => Promise<void>;
}

/** What the commands work with. */
export interface BackupParts {
  readonly migrations: readonly MigrationClass[];
  readonly projections: readonly Projection[];
  /** Reaches the database; `make`: an embedded one that is not there is made. */
  readonly reach: (make: boolean) => Promise<DatabaseAccess>;
}

interface Options {
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Does something step by step until it is done or a person wishes to stop: then it is undone. */
async function inSteps<T>(what: string, work: (step: Step, signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupt = new Interrupt(() => process.exit(EXIT.interrupted));
  const { step, end } = showSteps(process.stderr);
  try {
    return await interrupt.whileRunning(
      async () => undefined,
      (signal) => work(step, signal),
    );
  } catch (error) {
    if (interrupt.came)
      throw new CommandError(EXIT.interrupted, `the ${what} was interrupted, and nothing of it is left`);
    throw error;
  } finally {
    end();
  }
}

const events = (backup: Backup): string =>
  `${number(eventsOf(backup))} events up to position ${number(Number(backup.head.position))}`;

const facts = (file: string, backup: Backup) => ({
  file,
  taken_at: backup.head.taken_at,
  events: eventsOf(backup),
  position: backup.head.position,
  tables: backup.foot.tables,
});

async function backUp(parts: BackupParts, file: string, { force, json }: Options): Promise<void> {
  const { migrations } = parts;
  const backup = await inSteps('backup', async (step, signal) => {
    const { url, leave } = await parts.reach(false);
    return takeBackup({ url, migrations, file, force, step, signal }).finally(leave);
  });
  const { size } = await stat(file);
  if (json) tell(process.stdout, JSON.stringify({ ...facts(file, backup), bytes: size }));
  else tell(process.stdout, `${file}: ${events(backup)}, of ${backup.head.taken_at}; ${number(size)} bytes, read back`);
}

async function restore(parts: BackupParts, file: string, { json }: Options): Promise<void> {
  const { migrations, projections } = parts;
  const restored = await inSteps('restore', async (step, signal) => {
    // First of all: no database is started, let alone made, for a file that cannot be restored.
    await checkBackup({ migrations, projections, file, step, signal });
    const { url, ownerUrl, leave } = await parts.reach(true);
    return restoreBackup({ url, ownerUrl, migrations, projections, file, step, signal }).finally(leave);
  });
  const { madeAnew } = restored;
  if (json) return tell(process.stdout, JSON.stringify({ ...facts(file, restored), made_anew: madeAnew }));
  const rest = madeAnew.length === 0 ? '' : `; the next start makes ${madeAnew.join(', ')} anew from the log`;
  tell(process.stdout, `restored ${events(restored)}, of ${restored.head.taken_at}${rest}`);
}

/** The command that writes a backup; `open` is called when it is carried out. */
export const backupCommand = (open: () => Promise<BackupParts>): Command =>
  new Command('backup')
    .argument('<file>')
    .description('writes a backup of the database into a file, and reads it back; the ledger may run meanwhile')
    .addHelpText('after', BACKUP_HELP)
    .option('--force', 'replaces the file if it is there')
    .option('--json', 'JSON')
    .action(async (file: string, options: Options) => backUp(await open(), file, options));

/** The command that restores one; `open` is called when it is carried out. */
export const restoreCommand = (open: () => Promise<BackupParts>): Command =>
  new Command('restore')
    .argument('<file>')
    .description('restores a backup into an empty database, for a ledger that does not run')
    .addHelpText('after', RESTORE_HELP)
    .option('--json', 'JSON')
    .action(async (file: string, options: Options) => restore(await open(), file, options));
