import Table from 'cli-table3';
import { Command } from 'commander';
import { EXIT } from '../src/cli/exit-codes.js';
import { Interrupt } from '../src/cli/projections/interrupt.js';
import { columnRows } from './column.js';
import { type Databases, startDatabases } from './database.js';
import { endpointRows } from './endpoints.js';
import { eventStoreDbRows } from './eventstoredb.js';
import type { Scale } from './load.js';
import { numberRows } from './numbers.js';
import { measureParts } from './parts.js';
import { readerRows } from './readers.js';
import type { Row } from './row.js';
import { rebuildRows } from './rebuilds.js';
import { redactionRows } from './redaction.js';
import { scalingRows } from './scaling.js';
import { sharedRows } from './shared.js';
import { shareRows } from './shares.js';
import { sizeRows } from './size.js';
import { appendRows, handleRows } from './store.js';

type Measure = (databases: Databases, scale: Scale) => Promise<Row[]>;

const PARTS: Readonly<Record<string, Measure>> = {
  append: appendRows,
  handle: handleRows,
  column: columnRows,
  endpoints: endpointRows,
  readers: readerRows,
  numbers: numberRows,
  shares: shareRows,
  shared: sharedRows,
  scaling: scalingRows,
  rebuild: rebuildRows,
  redaction: redactionRows,
  size: sizeRows,
};

const EVENTSTOREDB = 'eventstoredb';

interface Options {
  readonly eventstoredb?: string;
  readonly json?: true;
  readonly quick?: true;
  readonly only?: string[];
}

const { json, quick, only, eventstoredb } = new Command('bench')
  .description('Measures the ledger and its peers on one PostgreSQL with fsync on, in the same minutes.')
  .option('--json', 'print an array of rows instead of a table')
  .option('--quick', 'a second per measurement: shows that it runs, not how fast')
  .option('--only <parts...>', `measure only some of: ${[...Object.keys(PARTS), EVENTSTOREDB].join(', ')}`)
  .option('--eventstoredb <url>', 'measure the EventStoreDB there as well, against its own client: esdb://host:2113')
  .showHelpAfterError()
  .parse()
  .opts<Options>();

function table(rows: readonly Row[]): string {
  const head = ['', 'value', 'unit', 'peer', 'peer value', 'ratio', 'target', 'met'];
  const result = new Table({ head, style: { head: [], border: [] } });
  const met = (row: Row) => (row.met === undefined ? '' : row.met ? 'yes' : 'NO');
  for (const row of rows)
    result.push([
      row.name,
      row.value,
      row.unit,
      row.peer ?? '',
      row.peer_value ?? '',
      row.ratio ?? '',
      row.target ?? '',
      met(row),
    ]);
  return result.toString();
}

const scale: Scale = quick ? { seconds: 1, events: 50_000 } : { seconds: 5, events: 1_000_000 };
const known: typeof PARTS =
  eventstoredb === undefined ? PARTS : { ...PARTS, [EVENTSTOREDB]: () => eventStoreDbRows(eventstoredb, scale) };
const chosen = Object.entries(known).filter(([name]) => !only || only.includes(name));

async function measureAll(databases: Databases): Promise<boolean> {
  const parts = Object.fromEntries(chosen.map(([name, measure]) => [name, () => measure(databases, scale)]));
  const { rows, failed } = await measureParts(parts, (name) => console.error(`measuring: ${name}`));
  console.log(json ? JSON.stringify(rows, null, 2) : table(rows));
  for (const [name, error] of failed) console.error(`not measured: ${name}:`, error);
  return failed.length === 0;
}

const interrupt = new Interrupt();
const databases = await startDatabases();
let complete = false;
try {
  complete = await interrupt.unlessCame(measureAll(databases));
} catch (error) {
  if (!interrupt.came) throw error;
  process.on('uncaughtException', () => undefined); // of connections that are cut off now
  console.error('stopped: the databases of the benchmarks are deleted');
} finally {
  await databases.stop();
  if (interrupt.came) process.exit(EXIT.interrupted); // what is being measured is waited for no longer
}
process.exit(complete ? EXIT.done : EXIT.failed); // the embedded server's exit hook forgets a code that is only set
