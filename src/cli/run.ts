import { hostname } from 'node:os';
import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { v7 as uuid } from 'uuid';
import { addressOf, withAddress } from './address.js';
import { durationOption } from './duration-option.js';
import { runProgram, type Run } from './run/run-program.js';
import { Signals } from './run/signals.js';
import { openSpool } from './run/spool.js';
import { stateRoot, withState } from './run/state-folder.js';

const HELP = `
The exit status is that of the command, 128 and the signal's number where one ended it, 127 where
there is no such command and 126 where it cannot be executed. 125: it was not started. A ledger
that is out of reach stops nothing: what it is to hear is kept, and delivered by the next run or by
execution-ledger flush.

Examples:
  execution-ledger run -- make test
  execution-ledger run --workflow nightly --label team=search --timeout 30m -- ./reindex.sh --all
  execution-ledger run --id backup-$(date +%F) --once --resume -- ./backup.sh`;

interface RunOptions {
  readonly id?: string;
  readonly target?: string;
  readonly workflow?: string;
  readonly parent?: string;
  readonly label?: Readonly<Record<string, string>>;
  readonly timeout?: number;
  readonly grace: number;
  readonly heartbeat: number;
  readonly once?: boolean;
  readonly resume?: boolean;
  readonly requireLedger?: boolean;
}

/** Reads `key=value` beside those before it. */
function label(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const [, key, value] = /^([^=:]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined) throw new InvalidArgumentError('expected key=value, the key without a colon');
  return { ...before, [key]: value! };
}

function runOf(command: readonly [string, ...string[]], options: RunOptions, address: Run['address']): Run {
  const { id = uuid(), timeout, grace, heartbeat, workflow, parent = process.env['EXECUTION_ID'] } = options;
  const identity = {
    target: options.target ?? path.basename(command[0]),
    workflow_id: workflow,
    parent_execution_id: parent === id ? undefined : parent || undefined,
    labels: options.label,
  };
  // The ledger times it out by itself only where this program could not: it is given the time to end the command.
  const timeout_ms = timeout === undefined ? undefined : timeout + grace;
  return {
    address,
    claim: {
      registration: { execution_id: id, ...identity, timeout_ms },
      handle: { host: hostname(), pid: process.pid },
      once: options.once ?? false,
      resume: options.resume ?? false,
      requireLedger: options.requireLedger ?? false,
    },
    manner: {
      command,
      environment: process.env,
      identity,
      timeoutMs: timeout,
      graceMs: grace,
      heartbeatMs: heartbeat,
    },
  };
}

/** `run`: any program, remembered; `end` is told the exit status. */
export function runCommand(end: (status: number) => void): Command {
  const command = new Command('run')
    .description('runs a command, and reports what becomes of it')
    .usage('[options] -- COMMAND ARG…')
    .argument('<command...>', 'what is run, and its arguments')
    .option('--id <id>', 'the id of the execution; default a new one')
    .option('--target <name>', 'what it is; default the name of the command')
    .option('--workflow <id>', 'the workflow that it belongs to')
    .option('--parent <id>', 'the execution that started it; default EXECUTION_ID, which a run sets for its command')
    .option('--label <key=value>', 'a label; may be repeated', label)
    .option('--timeout <time>', 'ends it after so long, such as 30m', durationOption)
    .addOption(new Option('--grace <time>', 'from SIGTERM to SIGKILL').argParser(durationOption).default(10_000, '10s'))
    .addOption(
      new Option('--heartbeat <time>', 'how often the ledger is told that it runs, and asked whether it may')
        .argParser(durationOption)
        .default(10_000, '10s'),
    )
    .option('--once', 'starts nothing, and ends with 0, where somebody else has registered the id')
    .option('--resume', 'starts one that failed again, as its next attempt')
    .option('--require-ledger', 'starts nothing while the ledger is out of reach');
  withState(withAddress(command)).addHelpText('after', HELP);
  return command.action(async () => {
    const signals = new Signals();
    const options = command.opts<RunOptions>();
    const address = addressOf(command);
    const spool = openSpool(stateRoot(command, process.env), address.url);
    end(await runProgram(runOf(command.args as [string, ...string[]], options, address), spool, signals));
  });
}
