import { reportOf } from '../../client/report.js';
import { say } from '../terminal.js';
import { keep, type Spool } from './spool.js';

const UNSEEN = 'the program that ran it was killed, and nobody saw how it ended';

/** Reports the runs whose wrapper was killed, unless their program still runs: nobody else will. */
export async function adopt(spool: Spool): Promise<number> {
  let reported = 0;
  for (const { record, runs } of (await spool.records?.orphans()) ?? []) {
    const { id, report_as, child } = record;
    if (runs) {
      say(`execution-ledger: ${report_as}: what ran it was killed; the command still runs as process ${child!.pid}`);
      continue;
    }
    const occurred_at = new Date().toISOString();
    const told = { execution_id: report_as, status: 'failed', inferred: true, error: UNSEEN, occurred_at };
    // Its id is that of the record: two that find it at once report it once. A worker's word still replaces it.
    await keep(spool, { ...reportOf('event', report_as, told), id });
    spool.records!.forget(id);
    say(`execution-ledger: ${report_as}: ${UNSEEN}; that is reported as a failure that is inferred`);
    reported++;
  }
  return reported;
}
