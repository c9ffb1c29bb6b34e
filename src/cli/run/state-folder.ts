import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import path from 'node:path';
import { Option, type Command } from 'commander';

/** Adds the option that says where runs keep what the ledger has not answered yet. */
export const withState = (command: Command): Command =>
  command.addOption(
    new Option(
      '--state <folder>',
      'where reports are kept until they are answered; default ~/.local/state/execution-ledger',
    ).env('LEDGER_STATE_DIR'),
  );

/** The folder of what runs keep, for all ledgers. */
export function stateRoot(command: Command, env: NodeJS.ProcessEnv): string {
  const { state } = command.opts<{ readonly state?: string }>();
  if (state) return path.resolve(state);
  const states = env['XDG_STATE_HOME'];
  // The specification has a relative path ignored: it would be another folder from wherever it is called.
  const home = states && path.isAbsolute(states) ? states : path.join(homedir(), '.local', 'state');
  return path.join(home, 'execution-ledger');
}

/** The part of it that belongs to a ledger: what is kept for one is never delivered to another. Its path has to be short. */
export const stateFolder = (root: string, url: string): string =>
  path.join(root, createHash('sha256').update(url).digest('hex').slice(0, 12));
