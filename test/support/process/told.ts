import { Command } from 'commander';
import { executionCommands } from '../../../src/cli/executions.js';
import type { Exit } from '../../../src/cli/exit-codes.js';

/** What a command told, and what it ended with or was refused with. */
export interface CommandOutcome {
  readonly exit: Exit | undefined;
  readonly out: string;
  readonly err: string;
  readonly refused?: string;
}

let before: Promise<unknown> = Promise.resolve();

/** What the command that runs has told so far, and who waits for it. */
const told = { out: '', heard: (): void => undefined };

/** Resolves when the command that runs has told this on its standard output. */
export async function until(text: string): Promise<void> {
  while (!told.out.includes(text)) await new Promise<void>((resolve) => (told.heard = resolve));
}

/** Runs a command about executions in this process, one after the other, for they share its standard output. */
export function toldBy(...args: string[]): Promise<CommandOutcome> {
  told.out = ''; // of the one before
  const run = before.then(() => runNow(args));
  before = run;
  return run;
}

async function runNow(args: readonly string[]): Promise<CommandOutcome> {
  const { stdout, stderr } = process;
  const writes = [stdout.write, stderr.write] as const;
  const heard = { out: '', err: '' };
  stdout.write = ((text: string) => {
    told.out = heard.out += text;
    told.heard();
    return true;
  }) as typeof stdout.write;
  stderr.write = ((text: string) => Boolean((heard.err += text))) as typeof stderr.write;
  let exit: Exit | undefined;
  const program = new Command().exitOverride();
  for (const command of executionCommands((ended) => (exit = ended))) program.addCommand(command.exitOverride());
  try {
    await program.parseAsync([...args], { from: 'user' });
    return { exit, ...heard };
  } catch (error) {
    return { exit: (error as { exit?: Exit }).exit, ...heard, refused: (error as Error).message };
  } finally {
    [stdout.write, stderr.write] = writes;
  }
}
