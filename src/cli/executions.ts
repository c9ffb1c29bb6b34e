import { Command } from 'commander';
import { addressOf, withAddress } from './address.js';
import { EXIT, type Exit } from './exit-codes.js';
import { explain } from './executions/explain.js';
import { RequestRefused, LedgerCaller } from './executions/ledger-caller.js';
import { listOptions } from './executions/list-options.js';
import { history, list, MOST, show, tellJson, type ReadOptions } from './executions/read.js';
import { command as steer, report, type CommandOptions, type ReportOptions } from './executions/steer.js';
import { watch } from './executions/watch.js';
import { wholeNumber } from './whole-number.js';

const HELP = `
Asks a ledger that runs, over HTTP. The API key is better kept in LEDGER_KEY, or in the file that LEDGER_KEY_FILE
names, than given here, where others may see it.

Exit codes: 0 done · 1 failed, or refused · 2 the command line is wrong`;

type CommandAction<Options> = (ledger: LedgerCaller, args: readonly string[], options: Options) => Promise<Exit | void>;

/** Where each command asks, and how it answers programs. */
function addressed<Options>(command: Command, end: (exit: Exit) => void, act: CommandAction<Options>): Command {
  return withAddress(command).action(async () => {
    const options = command.opts<{ readonly json?: boolean }>();
    try {
      end((await act(new LedgerCaller(addressOf(command)), command.args, options as Options)) ?? EXIT.done);
    } catch (error) {
      if (options.json && error instanceof RequestRefused) tellJson(error.problem);
      throw error;
    }
  });
}

const named = (words: string, about: string, examples: string): Command => {
  const [name, ...args] = words.split(' ');
  const command = new Command(name).description(about).option('--json', 'JSON, a line each');
  for (const arg of args) command.argument(arg);
  return command.addHelpText('after', `${HELP}\n\nExamples:\n${examples}`);
};

const limited = (command: Command, limit: number): Command =>
  command
    .option('--limit <n>', 'no more than these', wholeNumber(1, MOST), limit)
    .option('--all', `all of them, ${MOST.toLocaleString('en-US')} at most`);

/** The commands that read and steer executions; `end` is told what the program is to end with. */
export function executionCommands(end: (exit: Exit) => void): Command[] {
  const listing = limited(
    named(
      'list',
      'executions, newest first',
      `  execution-ledger list --status failed --workflow nightly
  execution-ledger list --silent --label team:search --limit 100
  execution-ledger list --q build- --all --json`,
    ),
    20,
  );
  const wanted = listOptions(listing);
  const showing = named('show <id>', 'all that is known of an execution', '  execution-ledger show build-7');
  const telling = limited(
    named(
      'history <id>',
      'what happened to it, event by event',
      `  execution-ledger history build-7
  execution-ledger history build-7 --from 120 --json`,
    ).option('--from <revision>', 'from this revision on', wholeNumber(0, Number.MAX_SAFE_INTEGER), 0),
    100,
  );
  const watching = named(
    'watch <id>',
    'tells what happens to it until it is over, and ends with its outcome',
    `  execution-ledger watch build-7
  execution-ledger watch build-7 --json && deploy

Ends with 0 when it succeeded, 5 when it failed, 6 when it timed out, 7 when it was cancelled.`,
  );
  const explaining = named(
    'explain <id>',
    'why it stands where it stands: who said what when, and what was refused against what',
    '  execution-ledger explain build-7',
  );
  const reporting = named(
    'report <id> <status>',
    'reports a status, in the words of the ledger or of your scheduler',
    `  execution-ledger report build-7 running --message compiling
  execution-ledger report build-7 succeeded --result '{"rows":7}'
  execution-ledger report build-7~2 failed --error 'disk full'
  execution-ledger report new-one queued --create`,
  )
    .option('--message <text>', 'what it is at')
    .option('--error <text>', 'why it failed')
    .option('--result <json>', 'what came of it, as JSON')
    .option('--create', 'registers the execution where nobody knows it');
  const cancelling = named('cancel <id>', 'cancels it', '  execution-ledger cancel build-7 --reason "not needed"')
    .option('--reason <text>', 'kept with it')
    .option('--cascade', 'and whatever it started that is open');
  const resuming = named(
    'resume <id>',
    'has a paused one go on, or opens the next attempt; you start its work',
    '  execution-ledger resume build-7 --reason "disk enlarged"',
  )
    .option('--reason <text>', 'kept with it')
    .option('--new-attempt', 'opens the next attempt of a paused one as well');
  const pausing = named('pause <id>', 'pauses it', '  execution-ledger pause build-7 --reason "disk is full"').option(
    '--reason <text>',
    'kept with it',
  );
  return [
    addressed<ReadOptions>(listing, end, (ledger, _, options) => list(ledger, wanted(), options)),
    addressed<ReadOptions>(showing, end, (ledger, [id], options) => show(ledger, id!, options)),
    addressed<ReadOptions & { from: number }>(telling, end, (ledger, [id], options) => history(ledger, id!, options)),
    addressed<{ json?: boolean }>(watching, end, (ledger, [id], options) => watch(ledger, id!, options)),
    addressed<{ json?: boolean }>(explaining, end, (ledger, [id], options) => explain(ledger, id!, options)),
    addressed<ReportOptions>(reporting, end, (ledger, [id, status], options) => report(ledger, id!, status!, options)),
    ...(['cancel', 'resume', 'pause'] as const).map((asked, at) =>
      addressed<CommandOptions>([cancelling, resuming, pausing][at]!, end, (ledger, [id], options) =>
        steer(ledger, asked, id!, options),
      ),
    ),
  ];
}
