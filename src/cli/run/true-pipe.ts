import { execFile } from 'node:child_process';
import { constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/** The two ends of a pipe of the system, by their descriptors: an object for one would close it once it is not used. */
export interface TruePipe {
  readonly reads: number;
  readonly writes: number;
}

/**
 * A pipe such as a shell makes. What Node.js calls one is a socket, and a script that writes to `/dev/stderr` cannot open that.
 * `undefined` where the system makes none.
 */
export async function openTruePipe(): Promise<TruePipe | undefined> {
  try {
    const folder = mkdtempSync(path.join(tmpdir(), 'execution-ledger-'));
    try {
      const name = path.join(folder, 'pipe');
      await promisify(execFile)('mkfifo', ['-m', '600', name]);
      const reads = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK); // does not wait for who writes
      return { reads, writes: openSync(name, constants.O_WRONLY) };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  } catch {
    return undefined;
  }
}
