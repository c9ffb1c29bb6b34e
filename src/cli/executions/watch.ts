import { setTimeout as pause } from 'node:timers/promises';
import type { ExecutionView } from '../../contract/execution.js';
import type { HistoryPage } from '../../contract/history.js';
import { isTerminal, type TerminalStatus } from '../../domain/status.js';
import { EXIT, type Exit } from '../exit-codes.js';
import { tell, tellColoured } from '../terminal.js';
import { NoAnswer, type LedgerCaller } from './ledger-caller.js';
import { coloured, eventLine, said } from './print.js';
import { pathOf, readOne, tellJson } from './read.js';

/** How long the ledger holds an answer while nothing happens, in milliseconds. */
const HOLD_MS = 25_000;
/** How often a ledger that went away while somebody watched is looked for again, and how long in between. */
const LOOKS = 60;
const LOOK_MS = 1_000;

/** What a watch ends with. */
const OUTCOMES: Readonly<Record<TerminalStatus, Exit>> = {
  succeeded: EXIT.done,
  failed: EXIT.executionFailed,
  timeout: EXIT.executionTimedOut,
  cancelled: EXIT.executionCancelled,
};

/** Asks until it is answered: a ledger that is started anew has lost nothing. @throws NoAnswer when it stays away */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let left = LOOKS; ; left--) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof NoAnswer) || left === 0) throw error;
      if (left === LOOKS) tell(process.stderr, `execution-ledger: ${error.message}; looking for it for a minute`);
      await pause(LOOK_MS);
    }
  }
}

/** Where it stands, in a line. */
function line({ execution_id, status, attempt, authority, error, message, last_activity_at }: ExecutionView): string {
  const by = authority === null ? '' : `, as the ${authority} says`;
  const words = error ?? message;
  const what = words === undefined ? '' : `: ${said(words)}`;
  return `${last_activity_at}  ${said(execution_id)} is ${coloured(status)}, attempt ${attempt}${by}${what}`;
}

/** Tells each event from a revision on as it comes, until the attempt is over; answers where it read to. */
async function follow(ledger: LedgerCaller, id: string, from: number, json: boolean | undefined): Promise<number> {
  for (let at = from; ;) {
    const query = { from_revision: at, wait_ms: HOLD_MS };
    const page = await patiently(() => ledger.get<HistoryPage>(pathOf(id, '/events'), query));
    for (const event of page.events)
      if (json) tellJson(event);
      else tellColoured(process.stdout, eventLine(event));
    at = page.next_revision;
    if (page.final && at > page.head_revision) return at;
  }
}

/**
 * `watch`: where it stands, then each event, until it is over and nobody resumed it meanwhile. What it ends with is the outcome.
 * Programs get the events, and in the end the execution.
 */
export async function watch(ledger: LedgerCaller, id: string, { json }: { readonly json?: boolean }): Promise<Exit> {
  let view = await readOne(ledger, id);
  if (!json) tellColoured(process.stdout, line(view));
  for (let at = view.revision + 1; !isTerminal(view.status);) {
    at = await follow(ledger, id, at, json);
    view = await patiently(() => readOne(ledger, id));
    if (!json && isTerminal(view.status)) tellColoured(process.stdout, line(view));
  }
  if (json) tellJson(view);
  return OUTCOMES[view.status as TerminalStatus];
}
