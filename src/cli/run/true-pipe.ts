import { execFile } from 'node:child_process';
import { constants, mkdtempSync, openSync, renameSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { OwnedFolder } from '../../client/owner.js';

/**
 * A pipe such as a shell makes. What Node.js calls one is a socket, and a script that writes to `/dev/stderr` cannot open that.
 * Only a program can make one, and to start that takes longer than most commands that are run: so the next run gets it.
 */
export class TruePipe {
  private constructor(
    readonly reads: Socket,
    /** A descriptor: an object would close it once it is not used. */
    readonly writes: number,
    private readonly own: string,
    private readonly spare: string | undefined,
  ) {}

  /** `undefined` where the system makes none. `place`: where it is kept for the next run; without one it serves once. */
  static async open(place: OwnedFolder | undefined): Promise<TruePipe | undefined> {
    try {
      const folder = place?.folder ?? mkdtempSync(path.join(tmpdir(), 'execution-ledger-'));
      const own = path.join(folder, `${place?.owner ?? 'once'}.pipe`);
      const spare = place && path.join(folder, 'spare.pipe');
      try {
        // Of several runs one can rename it.
        if (!spare || !tryRename(spare, own)) await promisify(execFile)('mkfifo', ['-m', '600', own]);
        const fd = openSync(own, constants.O_RDONLY | constants.O_NONBLOCK); // does not wait for who writes
        return new TruePipe(
          new Socket({ fd, readable: true, writable: false }),
          openSync(own, constants.O_WRONLY),
          own,
          spare,
        );
      } finally {
        if (!spare) rmSync(folder, { recursive: true, force: true });
      }
    } catch {
      return undefined;
    }
  }

  /** Gives it up. One that was not read to its end may still be held open by what the command left behind: nobody gets it. */
  release(): void {
    if (this.spare && this.reads.readableEnded && tryRename(this.own, this.spare)) return;
    try {
      rmSync(this.own, { force: true });
    } catch {
      // A folder that is lost meanwhile changes nothing of how a run ended.
    }
  }
}

/** Renames a file. @returns whether it was there, and somebody else was not quicker */
function tryRename(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch {
    return false;
  }
}
