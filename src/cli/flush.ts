import { Command } from 'commander';
import { connect } from '../client/connection.js';
import { Delivery } from '../client/delivery.js';
import { isFinal } from '../client/send.js';
import { addressOf, withAddress } from './address.js';
import { EXIT, type Exit } from './exit-codes.js';
import { adopt } from './run/orphans.js';
import { openSpool } from './run/spool.js';
import { stateRoot, withState } from './run/state-folder.js';
import { say, tell } from './terminal.js';

const HELP = `
Runs whose wrapper was killed are reported as well. Ends with 1 where something is still kept.

Examples:
  execution-ledger flush
  execution-ledger flush --url https://ledger.example.org --json`;

/** `flush`: delivers what earlier runs could not; `end` is told what the program is to end with. */
export function flushCommand(end: (exit: Exit) => void): Command {
  const command = new Command('flush')
    .description('delivers the reports of runs that the ledger has not answered yet')
    .option('--json', 'what was done, as JSON');
  withState(withAddress(command)).addHelpText('after', HELP);
  return command.action(async () => {
    const address = addressOf(command);
    const spool = await openSpool(stateRoot(command, process.env), address.url);
    const done = { delivered: 0, refused: 0, kept: 0, killed_runs: await adopt(spool) };
    const delivery = new Delivery(connect(address), spool.outbox, {
      onAnswer: (report, answer) => {
        if (!isFinal(report, answer)) return;
        done[answer.applied || answer.verdict === 'duplicate' ? 'delivered' : 'refused']++;
      },
      onTrouble: (error) => say(`execution-ledger: ${(error as Error).message}`),
    });
    done.kept = await delivery.flush();
    await delivery.close();
    const { delivered, refused, kept } = done;
    if (command.opts<{ readonly json?: boolean }>().json) process.stdout.write(`${JSON.stringify(done)}\n`);
    else tell(process.stdout, `delivered: ${delivered}, refused: ${refused}, still kept: ${kept}`);
    end(kept === 0 ? EXIT.done : EXIT.failed);
  });
}
