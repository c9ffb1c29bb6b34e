import { createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import type pg from 'pg';
import { StoreError } from '../errors.js';
import type { MigrationClass } from '../postgres/migrate.js';
import { onConnection } from './connect.js';
import { type Backup, BackupRefused } from './head.js';
import { END_OF_TABLE, type Progress, readBackup } from './read-backup.js';
import { beginSnapshot, rowsOf, type Snapshot } from './snapshot.js';
import { Tally } from './tally.js';

/** What is done, step by step, and how far it is. */
export type Step = (what: string) => Progress;

export interface BackupOptions {
  /** Where the backup is read from the database. */
  readonly url: string;
  readonly migrations: readonly MigrationClass[];
  readonly file: string;
  /** Whether a file that is there already is replaced. */
  readonly force?: boolean | undefined;
  readonly step: Step;
  readonly signal?: AbortSignal | undefined;
}

const inLine = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value)}\n`);

/** All that the file holds, before it is packed. */
async function* contents(client: pg.ClientBase, { head, rows: total }: Snapshot, told: Progress) {
  yield inLine(head);
  const tables = [];
  let done = 0;
  for (const table of head.tables) {
    const tally = new Tally(table.name);
    for await (const bytes of rowsOf(client, table)) {
      done += tally.add(bytes);
      told(done, Math.max(done, total));
      yield bytes;
    }
    yield END_OF_TABLE;
    tables.push(tally.sum());
  }
  yield inLine({ tables });
}

const write = (to: string, { url, migrations, step, signal }: BackupOptions): Promise<void> =>
  onConnection(
    url,
    'backup',
    async (client) => {
      const snapshot = await beginSnapshot(client, migrations);
      if (!snapshot) throw new StoreError('unavailable', 'The database holds no ledger: there is nothing to back up');
      await pipeline(
        contents(client, snapshot, step('writing')),
        createGzip({ level: constants.Z_BEST_SPEED }), // the ledger beside it needs the cores
        createWriteStream(to, { flags: 'wx', mode: 0o600, flush: true }),
        { signal },
      );
    },
    signal,
  );

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );

async function refuseExisting({ file, force }: BackupOptions): Promise<void> {
  if (force || !(await exists(file))) return;
  throw new BackupRefused(`${file} exists already: name another file, or have it replaced by --force`);
}

/** A name that was not on the disk yet would be lost with the power. */
async function flushFolder(folder: string): Promise<void> {
  const opened = await open(folder, 'r');
  await opened.sync().catch(() => undefined); // some file systems have no such thing for folders
  await opened.close();
}

/**
 * Writes a backup of the database as it is at one moment, while it is written to, and reads it back. The file is there when
 * it is whole and was read, or not at all.
 * @throws BackupRefused, StoreError and the errors of the file system; then nothing is left behind
 */
export async function takeBackup(options: BackupOptions): Promise<Backup> {
  const { file, step, signal } = options;
  await refuseExisting(options);
  const unfinished = `${file}.${process.pid}.unfinished`;
  try {
    await write(unfinished, options);
    const backup = await readBackup(unfinished, step('reading it back'), undefined, signal);
    await refuseExisting(options);
    await rename(unfinished, file);
    await flushFolder(dirname(file));
    return backup;
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
