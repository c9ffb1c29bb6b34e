import { randomBytes } from 'node:crypto';
import Table from 'cli-table3';
import { Command } from 'commander';
import { apiKeyLines, digestOf, fingerprintOf, SCOPES, type ApiKey } from '../api-keys/api-key.js';
import { EXIT, CommandError } from './exit-codes.js';
import { Interrupt } from './projections/interrupt.js';
import { tell } from './terminal.js';

const HELP = `
A key is shown once, when it is made: its line for the file of API_KEYS_FILE holds its SHA-256 alone. A server that runs
takes the line within a second of its being in the file.

Examples:
  execution-ledger keys new ci --scopes report --ids 'ci/*' >> api-keys
  execution-ledger keys new dashboard --scopes read --until 2027-06-30 --json
  execution-ledger keys list`;

/** Bytes of a new key: as many as its digest has. */
const KEY_BYTES = 32;

interface NewOptions {
  readonly scopes?: string;
  readonly ids?: string;
  readonly until?: string;
  readonly json?: boolean;
}

/** A key and its line. @throws CommandError where the line would not be taken */
function makeKey(name: string, { scopes, ids, until }: NewOptions): { key: string; line: string } {
  const key = `ledger_${randomBytes(KEY_BYTES).toString('base64url')}`;
  const options = [
    ...(scopes === undefined ? [] : [scopes]),
    ...(ids ? [`ids=${ids}`] : []),
    ...(until ? [`until=${until}`] : []),
  ];
  const line = [name, `sha256:${digestOf(key).toString('hex')}`, ...options].join(' ');
  const { success, error } = apiKeyLines.safeParse(line);
  // What is read as another part than the one that was meant would give the key more than was asked for.
  const asMeant = !/[\s=]/.test(scopes ?? '') && [name, ...options].every((part) => /^\S+$/.test(part));
  if (success && asMeant) return { key, line };
  const wrong =
    error?.issues[0]?.message.replace('line 1 has', 'the line would have') ??
    'a value is empty, or has a blank or "=" in it';
  throw new CommandError(EXIT.usage, `${wrong}; see execution-ledger keys new --help`);
}

function showNew(name: string, options: NewOptions): void {
  const made = makeKey(name, options);
  if (options.json) return tell(process.stdout, JSON.stringify(made));
  // The line alone is on standard output, so that it can be sent to the file; the key is for whoever looks on.
  tell(
    process.stderr,
    `The key of ${name}, shown this once:\n\n  ${made.key}\n\nIts line for the file of API_KEYS_FILE:\n`,
  );
  tell(process.stdout, made.line);
}

/** What is known of the keys of the configuration. */
export interface KnownKeys {
  readonly keys: readonly ApiKey[];
  /** When each was last used, by its fingerprint, in milliseconds since the epoch; unset where that cannot be asked. */
  readonly uses?: ReadonlyMap<string, number>;
}

const moment = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : new Date(ms).toISOString();

function showList({ keys, uses }: KnownKeys, json = false): void {
  const rows = keys.map((key) => ({
    name: key.name,
    key: fingerprintOf(key),
    scopes: key.scopes,
    ...(key.ids !== undefined && { ids: `${key.ids}*` }),
    ...(key.until !== undefined && { until: moment(key.until) }),
    ...(key.until !== undefined && key.until <= Date.now() && { ended: true }),
    ...(uses && { last_used_at: moment(uses.get(fingerprintOf(key))) ?? null }),
  }));
  if (json) return tell(process.stdout, JSON.stringify({ keys: rows }));
  const table = new Table({
    head: ['name', 'key', 'scopes', 'ids', 'until', 'last use'],
    style: { head: [], border: [] },
  });
  for (const { name, key, scopes, ids = 'all', until = '–', ended, last_used_at } of rows)
    table.push([
      name,
      key,
      scopes.length === SCOPES.length ? 'all' : scopes.join('+'),
      ids,
      ended ? `${until} (ended)` : until,
      last_used_at === undefined ? 'not known' : (last_used_at ?? 'never'),
    ]);
  tell(process.stdout, table.toString());
}

/** The commands about API keys; `open` is called when they are to be listed. */
export function keysCommand(open: () => Promise<KnownKeys>): Command {
  const keys = new Command('keys').description('makes API keys, and lists them').addHelpText('after', HELP);
  keys
    .command('new <name>')
    .description('makes a key, and prints it once, with the line for the file of keys')
    .option('--scopes <scopes>', `what it may do: ${SCOPES.join(', ')}, joined by + (default: all)`)
    .option('--ids <prefix*>', 'only executions whose ids begin so, as ci/*')
    .option('--until <date>', 'until when it is taken, as 2027-01-31 (that day included, UTC)')
    .option('--json', 'JSON: key and line')
    .action((name: string, options: NewOptions) => showNew(name, options));
  keys
    .command('list')
    .description(
      'names, what they may do, until when, and when they were last used; a key by the beginning of its SHA-256',
    )
    .option('--json', 'JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const interrupt = new Interrupt(); // a database that was started for this has to be stopped
      const known = await open();
      interrupt.throwIfCame();
      showList(known, json);
    });
  return keys;
}
