import { z } from 'zod';

/** The form of the file; another number is another form, which this program cannot read. */
export const FORM = 1;

const identifier = z.string().regex(/^[a-z_][a-z_0-9]*$/);

const table = z.object({
  name: identifier,
  columns: z.array(identifier).min(1),
  /** Of a projection's table: its name, the version that was live, and the version of the code that had made it. */
  projection: z.object({ name: z.string(), version: z.int().positive(), fold_version: z.int().positive() }).optional(),
});

const head = z.object({
  execution_ledger_backup: z.literal(FORM),
  taken_at: z.iso.datetime({ offset: true }),
  /** The last position of the log; 0: it was empty. */
  position: z.string().regex(/^\d+$/),
  migrations: z.array(z.string()),
  tables: z.array(table).min(1),
});

const foot = z.object({
  tables: z.array(z.object({ name: identifier, rows: z.int().nonnegative(), sha256: z.string() })),
});

/** The first line of a backup: what is in it. */
export type BackupHead = z.infer<typeof head>;
/** One table of a backup. */
export type BackupTable = BackupHead['tables'][number];
/** The last line of a backup: what each table came to. */
export type BackupFoot = z.infer<typeof foot>;

/** A file that cannot be restored: it is none of ours, was cut off or damaged, or belongs to a newer program. */
export class BackupRefused extends Error {
  override readonly name = 'BackupRefused';
}

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

/** @throws BackupRefused where the line does not begin a backup that this program can read */
export function readHead(file: string, line: string): BackupHead {
  const found = parsed(line) as { execution_ledger_backup?: unknown } | undefined;
  const form = found?.execution_ledger_backup;
  if (typeof form !== 'number') throw new BackupRefused(`${file} is no backup of a ledger`);
  if (form > FORM) throw new BackupRefused(`${file} was written by a newer program: restore it with that program`);
  const { success, data } = head.safeParse(found);
  if (!success) throw new BackupRefused(`${file} is damaged: its first line cannot be read`);
  return data;
}

/** @throws BackupRefused where the line does not end a backup */
export function readFoot(file: string, line: string): BackupFoot {
  const { success, data } = foot.safeParse(parsed(line));
  if (!success) throw new BackupRefused(`${file} is damaged: its last line cannot be read`);
  return data;
}

/** A backup that was read or written to its end. */
export interface Backup {
  readonly head: BackupHead;
  readonly foot: BackupFoot;
}

/** How many events a backup holds. */
export const eventsOf = ({ foot }: Backup): number => foot.tables.find(({ name }) => name === 'events')?.rows ?? 0;
