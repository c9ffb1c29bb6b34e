import { Command, InvalidArgumentError, Option } from 'commander';
import { readOperations } from '../application/operating/operation-log.js';
import { OPERATION_KINDS, type OperationKind, type OperationView } from '../contract/operations.js';
import type { LogReads } from '../event-store/event-store.js';
import { printable } from '../printable.js';
import { Interrupt } from './projections/interrupt.js';
import { tell } from './terminal.js';

const HELP = `
Reads the configuration of the server, and the log that it keeps, whether or not a server runs. Oldest first, a line each.

Examples:
  execution-ledger operations
  execution-ledger operations --kind bulk_cancel --json
  execution-ledger operations --actor ops --after 120`;

/** Where operations are read; its user closes it. */
export interface OperationSource {
  readonly store: Pick<LogReads, 'readStream'>;
  readonly close: () => Promise<void>;
}

interface Options {
  readonly actor?: string;
  readonly kind?: OperationKind;
  readonly after: number;
  readonly json?: boolean;
}

const number = (text: string): number => {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected the number of an operation');
};

const line = ({ number: n, recorded_at, actor, on_behalf_of, kind, about }: OperationView): string =>
  [n, recorded_at, on_behalf_of === undefined ? actor : `${actor} (${on_behalf_of})`, kind, JSON.stringify(about)].join(
    '  ',
  );

/** All of them, page after page: what is held is one page, however many there are. */
async function show(
  { store }: OperationSource,
  { json, after, ...wanted }: Options,
  interrupt: Interrupt,
): Promise<void> {
  for (let at = after, before = -1; at !== before;) {
    interrupt.throwIfCame();
    const { operations, next_after } = await readOperations(store, { ...wanted, after: at, limit: 500 });
    for (const one of operations) tell(process.stdout, json ? JSON.stringify(one) : printable(line(one)));
    [before, at] = [at, next_after];
  }
}

/** The command that tells what was done to the ledger, and by whom; `open` is called when it is carried out. */
export function operationsCommand(open: () => Promise<OperationSource>): Command {
  return new Command('operations')
    .description('what was done to the ledger, when and by whom: projections, bulk commands, API keys')
    .addHelpText('after', HELP)
    .option('--actor <name>', 'only what was done with the API keys of this name')
    .addOption(new Option('--kind <kind>', 'only of this kind').choices(OPERATION_KINDS))
    .option('--after <number>', 'only those behind this one', number, 0)
    .option('--json', 'JSON, a line each')
    .action(async (options: Options) => {
      const interrupt = new Interrupt(); // a database that was started for this has to be stopped
      const source = await open();
      await show(source, options, interrupt).finally(() => source.close());
    });
}
