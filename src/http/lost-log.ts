import { Counter, type Registry } from 'prom-client';

let lost = 0;

/**
 * Lets the program outlive whoever reads its log: a closed pipe (EPIPE) or a full disk (ENOSPC) under standard output would
 * end it with an error that nobody handles, for the sake of a line.
 */
export function outliveLog(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => void lost++);
}

/** Counts the lines that nobody could be told. */
export function watchLog(registry: Registry): void {
  new Counter({
    name: 'ledger_log_lines_lost_total',
    help: 'Lines of the log that could not be written: its pipe is closed, or the disk under it is full',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(lost);
    },
  });
}
