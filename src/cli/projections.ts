import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import type { ProjectionView } from '../contract/projections.js';
import {
  ProjectionClient,
  type ProjectionClientParts,
  type LongOperationKind,
} from './projections/projection-client.js';
import { EXIT, gravest, CommandError, type Exit } from './exit-codes.js';
import { Interrupt } from './projections/interrupt.js';
import { OperationRun, type OperationRunOptions } from './projections/operation-run.js';
import { details, listTable } from './projections/print.js';
import { tell } from './terminal.js';
import { wholeNumber } from './whole-number.js';

/** How often a watched list is drawn anew, in milliseconds. */
const REDRAW_MS = 1_000;

const HELP = `
Reads the configuration of the server (DATABASE_URL or LEDGER_DATA_DIR, EVENT_STORE, …) and works on the same
database, whether or not a server runs.

Examples:
  execution-ledger projections list
  execution-ledger projections status execution-status --watch
  execution-ledger projections rebuild execution-status --events-per-second 5000
  execution-ledger projections verify execution-status run-tree
  execution-ledger projections verify execution-status --sample 1000 --json
  execution-ledger projections rollback execution-status

Exit codes: 0 done · 1 failed, or refused · 2 the command line is wrong · 3 a verification found drift ·
4 somebody else is at it · 130 interrupted; a rebuild or verification is then paused and can be gone on with`;

interface Options extends OperationRunOptions {
  readonly watch?: boolean;
  readonly json?: boolean;
}

type Run = (
  client: ProjectionClient,
  interrupt: Interrupt,
  names: readonly string[],
  options: Options,
) => Promise<Exit>;

const shown =
  (print: (views: readonly ProjectionView[]) => string): Run =>
  async (client, interrupt, names, { watch, json }) => {
    const redraws = watch && process.stdout.isTTY && !json;
    do {
      const views =
        names.length === 0 ? await client.views() : await Promise.all(names.map((name) => client.view(name)));
      if (redraws) process.stdout.write('\x1b[2J\x1b[H');
      tell(process.stdout, json ? JSON.stringify({ projections: views }) : print(views));
      if (watch) await pause(REDRAW_MS, undefined, { signal: interrupt.signal }).catch(() => undefined);
    } while (watch && !interrupt.came);
    interrupt.throwIfCame();
    return EXIT.done;
  };

const long =
  (kind: LongOperationKind): Run =>
  async (client, interrupt, names, options) => {
    for (const name of names)
      if (options.sample !== undefined && client.projection(name).kind === 'counters')
        throw new CommandError(EXIT.usage, `--sample: ${name} counts, and can only be verified whole`);
    const codes: Exit[] = [];
    for (const name of names) {
      if (interrupt.came) break;
      codes.push(await new OperationRun(client, interrupt, name, kind, options).run());
    }
    return interrupt.came ? EXIT.interrupted : gravest(codes);
  };

/** Each is done at once; what the projection is afterwards is told. */
const once =
  (act: (client: ProjectionClient, view: ProjectionView) => Promise<string>): Run =>
  async (client, _interrupt, names, { json }) => {
    for (const name of names) {
      const said = await act(client, await client.view(name));
      tell(process.stdout, json ? JSON.stringify(await client.view(name)) : said);
    }
    return EXIT.done;
  };

const retry = once(async (client, view) => {
  const { name, state, parked_count } = view;
  if (state === 'paused')
    throw new CommandError(EXIT.failed, `${name} is paused, and nobody tries anything: resume it first`);
  if (parked_count === 0) return `${name} has no parked events`;
  await client.parts.readModel.projections.request(name, { retry: true });
  await client.record('projection_retry', view);
  return `${name}: whoever leads it tries its parked events again: ${parked_count}`;
});

const prune = once(async (client, view) => {
  const asked = await client.parts.operations.prune(view.name);
  if (!asked.accepted) throw new CommandError(asked.by ? EXIT.busy : EXIT.failed, asked.why);
  await client.record('projection_prune', view);
  return `${view.name}: nothing is kept beside the live version any more`;
});

const wanting = (paused: boolean): Run =>
  once(async (client, view) => {
    const { name } = view;
    await client.parts.readModel.projections.request(name, { paused });
    await client.record(paused ? 'projection_pause' : 'projection_resume', view);
    return `${name} is ${paused ? 'paused' : 'resumed'}, and so is its rebuild or verification, if there is one`;
  });

type Extra = 'watch' | 'beside' | 'speed' | 'sample';

/** Every command: its words, what it takes, what it does. */
const COMMANDS: readonly {
  words: string;
  about: string;
  run: Run;
  options?: readonly Extra[];
}[] = [
  { words: 'list', about: 'all projections, one per row', run: shown(listTable), options: ['watch'] },
  {
    words: 'status [name...]',
    about: 'all that is known of them',
    run: shown((all) => all.map(details).join('\n')),
    options: ['watch'],
  },
  {
    words: 'rebuild <name...>',
    about: 'makes the table anew beside the live one, then has readers read it',
    run: long('rebuild'),
    options: ['beside', 'speed'],
  },
  {
    words: 'verify <name...>',
    about: 'compares the table with one made anew, or executions with their streams',
    run: long('verify'),
    options: ['beside', 'speed', 'sample'],
  },
  {
    words: 'rollback <name...>',
    about: 'has readers read the version before the live one again',
    run: long('rollback'),
    options: ['beside'],
  },
  { words: 'pause <name...>', about: 'has them stand still', run: wanting(true) },
  { words: 'resume <name...>', about: 'has them go on', run: wanting(false) },
  { words: 'retry <name...>', about: 'has parked events tried again', run: retry },
  { words: 'prune <name...>', about: 'drops what is kept beside the live version', run: prune },
];

const ADD: Readonly<Record<Extra, (command: Command) => Command>> = {
  watch: (command) => command.option('--watch', 'shows it anew every second until interrupted'),
  beside: (command) =>
    command
      .option('--watch', 'where somebody else is at it, looks on until it is done (default)')
      .option('--no-watch', 'where somebody else is at it, ends with exit code 4'),
  speed: (command) => command.option('--events-per-second <n>', 'goes no faster', wholeNumber(1, 1_000_000_000)),
  sample: (command) => command.option('--sample <n>', 'only so many executions, by chance', wholeNumber(1, 100_000)),
};

async function carryOut(
  open: () => Promise<ProjectionClientParts>,
  run: Run,
  names: readonly string[],
  options: Options,
): Promise<Exit> {
  const interrupt = new Interrupt();
  const client = new ProjectionClient(await open());
  try {
    interrupt.throwIfCame();
    return await run(client, interrupt, names, options);
  } finally {
    await client.parts.close();
  }
}

/** The commands about projections; `open` is called when one of them is carried out. */
export function projectionsCommand(open: () => Promise<ProjectionClientParts>, end: (exit: Exit) => void): Command {
  const projections = new Command('projections')
    .description('sees, steers and repairs the read models')
    .addHelpText('after', HELP);
  for (const { words, about, run, options = [] } of COMMANDS) {
    const command = projections.command(words).description(about).option('--json', 'JSON, a line each');
    for (const option of options) ADD[option](command);
    command.action(async (...given: unknown[]) => {
      const names = Array.isArray(given[0]) ? (given[0] as string[]) : [];
      end(await carryOut(open, run, [...new Set(names)], command.opts<Options>()));
    });
  }
  return projections;
}
