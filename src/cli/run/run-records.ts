import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { isOwnerAlive, type OwnedFolder } from '../../client/owner.js';
import { isAlive, markOf, type ProcessMark } from './process-mark.js';

/** What is known of a run while it runs, for whoever comes after one that was killed. */
export interface RunRecord {
  /** Its id, which is that of the report about it as well: two that find it report it once. */
  readonly id: string;
  readonly report_as: string;
  readonly host: string;
  /** The program that runs it, by its name in the outbox of the same folder: it lives as long as it listens there. */
  readonly owner: string;
  readonly child?: ProcessMark;
}

/** The runs of this user on a ledger, a file each. It holds neither keys nor the command. */
export class RunRecords {
  private readonly folder: string;

  /** `place`: the folder of the outbox, and this process as an owner there. */
  constructor(readonly place: OwnedFolder) {
    this.folder = path.join(place.folder, 'runs');
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
  }

  private fileOf(id: string): string {
    return path.join(this.folder, `${id}.json`);
  }

  /** Writes down that this process runs something; `child` is the program, once it has begun. What cannot is not known later. */
  keep(id: string, report_as: string, child?: number): void {
    const record: RunRecord = {
      id,
      report_as,
      host: hostname(),
      owner: this.place.owner,
      ...(child !== undefined && { child: markOf(child) }),
    };
    try {
      writeFileSync(this.fileOf(id), JSON.stringify(record), { mode: 0o600 });
    } catch {
      // A disk that is full stops no work.
    }
  }

  /** What cannot be deleted is reported once more by whoever finds it, and then refused. */
  forget(id: string): void {
    try {
      rmSync(this.fileOf(id), { force: true });
    } catch {
      // A folder that is gone or read-only by now changes nothing of how a run ended.
    }
  }

  /** The runs on this machine whose wrapper is gone, and whether their program still runs. */
  async orphans(): Promise<{ readonly record: RunRecord; readonly runs: boolean }[]> {
    const found: { readonly record: RunRecord; readonly runs: boolean }[] = [];
    for (const name of this.names) {
      const record = this.read(name);
      // One of an older program has no owner: whether its wrapper lives is not known.
      if (record?.host !== hostname() || typeof record.owner !== 'string') continue;
      if (record.owner === this.place.owner) continue;
      if (await isOwnerAlive(this.place.folder, record.owner)) continue;
      found.push({ record, runs: record.child !== undefined && isAlive(record.child) });
    }
    return found;
  }

  private get names(): readonly string[] {
    try {
      return readdirSync(this.folder);
    } catch {
      return []; // a folder that cannot be read any more ends no run
    }
  }

  private read(name: string): RunRecord | undefined {
    try {
      return JSON.parse(readFileSync(path.join(this.folder, name), 'utf8')) as RunRecord;
    } catch {
      return undefined; // it ended meanwhile, or is being written
    }
  }
}
