import type { ExecutionSummary, ExecutionView } from '../../contract/execution.js';
import { stringifyJson } from '../../encoding/json.js';
import type { RefusedEvent, HistoryEvent } from '../../contract/history.js';
import { EXIT, CommandError } from '../exit-codes.js';
import { plainExecutionId } from '../../contract/primitives.js';
import { tell, tellColoured } from '../terminal.js';
import type { LedgerCaller, Query } from './ledger-caller.js';
import { executionsTable, executionTable, historyTable } from './print.js';

/** The most that one command reads, however much there is: what it shows is held until it is laid out. */
export const MOST = 10_000;
/** The largest pages that the API gives. */
const PAGE = 500;

/** The address of an execution. @throws CommandError where it is none: `..` would lead elsewhere */
export function pathOf(id: string, below = ''): string {
  const { success, error } = plainExecutionId.safeParse(id);
  if (!success) throw new CommandError(EXIT.usage, `${id === '' ? 'the id' : id}: ${error.issues[0]?.message}`);
  return `/executions/${encodeURIComponent(id)}${below}`;
}

/** One execution, as it stands. */
export const readOne = (ledger: LedgerCaller, id: string): Promise<ExecutionView> => ledger.get(pathOf(id));

/** What was read of something longer. */
export interface Part<T> {
  readonly rows: readonly T[];
  /** Whether there is more of it. */
  readonly more: boolean;
}

interface ListPage {
  readonly executions: readonly ExecutionSummary[];
  readonly next_cursor?: string;
}

/** Executions, page after page: a page may be short of what was asked for. */
export async function readList(ledger: LedgerCaller, wanted: Query, limit: number): Promise<Part<ExecutionSummary>> {
  const rows: ExecutionSummary[] = [];
  for (let cursor: string | undefined; ;) {
    const size = Math.min(PAGE, limit - rows.length);
    const page: ListPage = await ledger.get('/executions', { ...wanted, limit: size, cursor });
    rows.push(...page.executions);
    cursor = page.next_cursor;
    if (cursor === undefined || rows.length >= limit) return { rows, more: cursor !== undefined };
  }
}

interface EventPage<E> {
  readonly events: readonly E[];
  readonly next_revision: number;
  readonly head_revision: number;
}

/** Events from a revision on, of the history or of what was refused. */
async function readEvents<E>(ledger: LedgerCaller, path: string, from: number, limit: number): Promise<Part<E>> {
  const rows: E[] = [];
  for (let at = from; ;) {
    const size = Math.min(PAGE, limit - rows.length);
    const page: EventPage<E> = await ledger.get(path, { from_revision: at, limit: size });
    rows.push(...page.events);
    const more = page.next_revision <= page.head_revision;
    if (!more || page.next_revision === at || rows.length >= limit) return { rows, more };
    at = page.next_revision;
  }
}

/** The history of an execution. */
export const readHistory = (
  ledger: LedgerCaller,
  id: string,
  from: number,
  limit: number,
): Promise<Part<HistoryEvent>> => readEvents(ledger, pathOf(id, '/events'), from, limit);

/** The reports that it refused. */
export const readRefused = (ledger: LedgerCaller, id: string): Promise<Part<RefusedEvent>> =>
  readEvents(ledger, pathOf(id, '/refused'), 0, MOST);

/** Tells a value to a program, in a line of its own. */
export const tellJson = (value: unknown): void => tell(process.stdout, stringifyJson(value));

/** What every command that reads is asked for. */
export interface ReadOptions {
  readonly json?: boolean;
  readonly limit: number;
  readonly all?: boolean;
}

/** Shows rows to whoever asked, and says on standard error that there are more: a program's lines stay lines. */
function showPart<T>({ rows, more }: Part<T>, json: boolean | undefined, draw: (rows: readonly T[]) => string): void {
  if (json) rows.forEach(tellJson);
  else tellColoured(process.stdout, draw(rows));
  if (more) tell(process.stderr, `there are more than these ${rows.length}: see --limit and --all`);
}

const limitOf = ({ limit, all }: ReadOptions): number => (all ? MOST : limit);

/** `list` */
export async function list(ledger: LedgerCaller, wanted: Query, options: ReadOptions): Promise<void> {
  const part = await readList(ledger, wanted, limitOf(options));
  showPart(part, options.json, (rows) => executionsTable(rows, Date.now()));
}

/** `show` */
export async function show(ledger: LedgerCaller, id: string, { json }: { readonly json?: boolean }): Promise<void> {
  const view = await readOne(ledger, id);
  if (json) tellJson(view);
  else tellColoured(process.stdout, executionTable(view));
}

/** `history` */
export async function history(
  ledger: LedgerCaller,
  id: string,
  options: ReadOptions & { readonly from: number },
): Promise<void> {
  showPart(await readHistory(ledger, id, options.from, limitOf(options)), options.json, historyTable);
}
