import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { EXIT, CommandError, type Exit } from './cli/exit-codes.js';
import { say } from './cli/terminal.js';

/** What the program ends with; of `run` the exit status of the command that it ran. */
let exit: number = EXIT.done;
process.stdout.on('error', () => process.exit(exit)); // whoever read along has seen enough

const parts = () => import('./composition/command-parts.js');
const backups = () => import('./cli/backup.js');
const backupParts = async () => (await parts()).backupParts;

/** Each is loaded where it is asked for, and what it works with when it is carried out: all of it takes longer than most. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  projections: async () => {
    const { projectionsCommand } = await import('./cli/projections.js');
    return projectionsCommand(
      async () => (await parts()).open(),
      (ended) => (exit = ended),
    );
  },
  keys: async () => (await import('./cli/keys.js')).keysCommand(async () => (await parts()).openKeys()),
  operations: async () => (await import('./cli/operations.js')).operationsCommand(async () => (await parts()).open()),
  backup: async () => (await backups()).backupCommand(backupParts),
  restore: async () => (await backups()).restoreCommand(backupParts),
  flush: async () => (await import('./cli/flush.js')).flushCommand((ended) => (exit = ended)),
  run: async () => (await import('./cli/run.js')).runCommand((status) => (exit = status)),
};

const VERSION = ['-V', '--version'];

/** The command of a name, or those that ask a ledger that runs; all of them where none is called so. */
async function commandsFor(word: string): Promise<Command[]> {
  const named = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  if (named) return [await named()];
  const { executionCommands } = await import('./cli/executions.js');
  const asking = executionCommands((ended) => (exit = ended));
  if (asking.some((command) => command.name() === word)) return asking;
  return [...(await Promise.all(Object.values(COMMANDS).map((load) => load()))), ...asking];
}

/** Adds the command that is named; whoever names none is shown them all, or told which comes nearest. */
async function prepare(program: Command, word = ''): Promise<void> {
  if (VERSION.includes(word)) return;
  for (const command of await commandsFor(word)) program.addCommand(command);
  if (!program.commands.some((command) => command.name() === word))
    program.addHelpText('after', (await import('./environment-help.js')).environmentHelp());
  for (const command of program.commands.flatMap((one) => [one, ...one.commands])) command.exitOverride();
}

function exitOf(error: unknown): Exit {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof CommandError) return error.exit;
  return EXIT.failed;
}

const program = new Command('execution-ledger')
  .description('The ledger for executions, from the command line.')
  .version((createRequire(import.meta.url)('#package') as { version: string }).version, VERSION.join(', '))
  .exitOverride();
await prepare(program, process.argv[2]);
await program.parseAsync().catch((error: unknown) => {
  exit = exitOf(error);
  // What the command line's own parser has to say it has said.
  if (!(error instanceof CommanderError)) say(`execution-ledger: ${(error as Error).message}`);
});
process.exit(exit);
