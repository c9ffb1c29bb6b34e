import { FileOutbox } from '../../client/file-outbox.js';
import { MemoryOutbox, type Outbox } from '../../client/outbox.js';
import type { Report } from '../../client/report.js';
import { say } from '../terminal.js';
import { RunRecords } from './run-records.js';
import { stateFolder } from './state-folder.js';

/** What runs keep on this machine for a ledger. */
export interface Spool {
  readonly outbox: Outbox;
  /** Absent where nothing can be written. */
  readonly records?: RunRecords;
}

/** Keeps a report. One that cannot be written is kept in memory, and work goes on: a disk that is full stops none. */
export async function keep({ outbox }: Spool, report: Report): Promise<void> {
  await outbox.put(report).catch((error: unknown) => {
    say(`execution-ledger: ${report.execution}: a report is not on the disk (${(error as Error).message})`);
  });
}

/** Opens it, and takes over what runs left there that are gone. */
export async function openSpool(root: string, url: string): Promise<Spool> {
  const folder = stateFolder(root, url);
  try {
    const outbox = await FileOutbox.open(folder, {
      onDrop: ({ execution }) => say(`execution-ledger: ${execution}: a report was given up, for too many are kept`),
    });
    return { outbox, records: new RunRecords({ folder, owner: outbox.ownerName }) };
  } catch (error) {
    say(`execution-ledger: nothing can be kept in ${root} (${(error as Error).message}); set LEDGER_STATE_DIR`);
    return { outbox: new MemoryOutbox() };
  }
}
