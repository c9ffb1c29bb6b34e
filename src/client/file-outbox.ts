import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Journal } from './journal.js';
import { MemoryOutbox, type OutboxOptions } from './outbox.js';
import { becomeOwner, isOwnerAlive, socketOf, sweepFolder, type Owner } from './owner.js';
import { isReport, type Report } from './report.js';

/** What a journal says of a report that is kept; `{ gone: <its id> }` says that it need not be any more. */
type Entry = { readonly report: Report };

/** `<when it was begun>-<who began it>.<who has it now>.reports`: by name they are in the order of their beginning. */
const FILE = /^(?<begun>\d+-[0-9a-f]+)\.(?<owner>[0-9a-f]+)\.reports$/;
/** A journal is written anew when it has this many characters, and most of them are of what is gone. */
const SHRINK_AT = 1024 * 1024;

/** The reports that a journal keeps, oldest first. */
function keptOf(entries: readonly unknown[]): Report[] {
  const kept = new Map<string, Report>();
  for (const entry of entries as readonly (Partial<{ report: unknown; gone: string }> | null)[])
    if (isReport(entry?.report)) kept.set(entry.report.id, entry.report);
    else if (entry?.gone !== undefined) kept.delete(entry.gone);
  return [...kept.values()];
}

/**
 * An outbox in a folder, which outlives the process: what is kept is on the disk before it is sent, and gone once it is
 * answered. Each process has a file of its own there, and takes over those of processes that are dead; so no two ever send
 * the same. The folder belongs to one machine. (Linux and macOS: it needs sockets with a path.)
 */
export class FileOutbox extends MemoryOutbox {
  private readonly journal: Journal;
  /** Reports that are in the file, or soon will be, and not yet in memory. */
  private readonly writing = new Set<Report>();

  private constructor(
    private readonly folder: string,
    private readonly owner: Owner,
    options: OutboxOptions,
  ) {
    super(options);
    this.journal = new Journal(path.join(folder, `${Date.now()}-${owner.name}.${owner.name}.reports`));
  }

  /** Opens the outbox of a folder, and takes over what dead processes left in it. */
  static async open(folder: string, options: OutboxOptions = {}): Promise<FileOutbox> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const outbox = new FileOutbox(folder, await becomeOwner(folder), options);
    // A file that cannot be read stays for another time, and stops no other.
    for (const file of (await readdir(folder)).sort()) await outbox.takeOver(file).catch(() => undefined);
    await sweepFolder(folder).catch(() => undefined);
    return outbox;
  }

  /** The name of this process as an owner in the folder. */
  get ownerName(): string {
    return this.owner.name;
  }

  /** @throws where it could not be written: it is then kept in memory alone */
  override async put(report: Report): Promise<void> {
    this.writing.add(report);
    try {
      await this.journal.append([{ report }], true);
    } finally {
      this.writing.delete(report);
      this.keep(report);
      this.shrink();
    }
  }

  override async close(): Promise<void> {
    try {
      await this.journal.end(() => this.entries.length === 0);
    } finally {
      await this.owner.close(); // else the file belongs to this process until it ends, and nobody takes it over
    }
  }

  protected override remove(report: Report): void {
    super.remove(report);
    // Without its mark a report is sent once more after a crash, as a repetition.
    this.journal.append([{ gone: report.id }], false).catch(() => undefined);
    this.shrink();
  }

  private get entries(): Entry[] {
    return [...this.reports, ...this.writing].map((report) => ({ report }));
  }

  private shrink(): void {
    const isWorthIt = (length: number): boolean =>
      length > (this.size + this.writing.size === 0 ? 0 : Math.max(SHRINK_AT, 3 * this.length));
    this.journal.shrink((length) => (isWorthIt(length) ? this.entries : undefined)).catch(() => undefined);
  }

  /** Takes over a file of a dead process: of several that try, one can rename it. */
  private async takeOver(file: string): Promise<void> {
    const { begun, owner } = FILE.exec(file)?.groups ?? {};
    if (owner === undefined || owner === this.owner.name || (await isOwnerAlive(this.folder, owner))) return;
    const mine = path.join(this.folder, `${begun}.${this.owner.name}.reports`);
    const isTaken = await rename(path.join(this.folder, file), mine).catch(() => true);
    if (isTaken) return;
    const reports = keptOf(await Journal.read(mine));
    const entries = reports.map((report): Entry => ({ report }));
    if (entries.length > 0) await this.journal.append(entries, true);
    for (const report of reports) this.keep(report);
    await rm(mine);
    await rm(path.join(this.folder, `${file}.next`), { force: true });
    await rm(socketOf(this.folder, owner), { force: true });
  }
}
