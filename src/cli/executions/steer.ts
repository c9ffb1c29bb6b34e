import type { ExecutionView } from '../../contract/execution.js';
import { parseJson } from '../../encoding/json.js';
import type { Status } from '../../domain/status.js';
import { EXIT, CommandError, type Exit } from '../exit-codes.js';
import { tellColoured } from '../terminal.js';
import type { LedgerCaller } from './ledger-caller.js';
import { coloured, said } from './print.js';
import { pathOf, tellJson } from './read.js';

/** What the ledger answers to a report or a command. */
interface Receipt extends Partial<ExecutionView> {
  readonly execution_id: string;
  readonly verdict: string;
  readonly applied: boolean;
  readonly current: { readonly status: Status; readonly attempt: number } | null;
  readonly created?: boolean;
  readonly already_terminal?: boolean;
  readonly note?: string;
  readonly refused_while_paused?: readonly unknown[];
  readonly children?: readonly { readonly cancelled?: boolean }[];
  readonly ignored?: readonly { readonly path: string; readonly message: string }[];
}

/** What is told beside the verdict, where it applies: the first of it is what somebody has to do. */
function notes(asked: string, receipt: Receipt): string[] {
  const { report_as, note, refused_while_paused: refused = [], children, ignored = [] } = receipt;
  return [
    ...(asked === 'resume' ? [`its worker reports as ${said(report_as)}`, said(note)] : []),
    ...(refused.length > 0 ? [`reports refused while it was paused: ${refused.length}`] : []),
    ...(children
      ? [`of ${children.length} below it cancelled: ${children.filter((one) => one.cancelled).length}`]
      : []),
    ...ignored.map(({ path, message }) => `left out: ${said(path)}, ${said(message)}`),
  ].filter((line) => line !== '–');
}

/** What became of it, in lines for a person. */
function lines(asked: string, receipt: Receipt): string {
  const { execution_id, verdict, current, created, already_terminal } = receipt;
  const at = current ? `${coloured(current.status)}, attempt ${current.attempt}` : 'not known to the ledger';
  const over = already_terminal ? ', it was over already' : '';
  const news = created ? ', registered by this report' : '';
  const head = `${said(execution_id)}: ${asked} ${verdict}${over}${news}; it is ${at}`;
  return [head, ...notes(asked, receipt).map((line) => `  ${line}`)].join('\n');
}

/** Sends it, and tells what became of it. What was refused fails, unless what was wanted stands already. */
async function send(
  ledger: LedgerCaller,
  asked: string,
  path: string,
  body: object,
  json: boolean | undefined,
): Promise<Exit> {
  const receipt = await ledger.post<Receipt>(path, body);
  if (json) tellJson(receipt);
  else tellColoured(process.stdout, lines(asked, receipt));
  const stands = receipt.applied || receipt.verdict === 'duplicate' || receipt.already_terminal;
  return stands ? EXIT.done : EXIT.failed;
}

/** What a report may say beside its status. */
export interface ReportOptions {
  readonly message?: string;
  readonly error?: string;
  readonly result?: string;
  readonly create?: boolean;
  readonly json?: boolean;
}

function readResult(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    throw new CommandError(EXIT.usage, `--result: expected JSON, such as '{"rows":7}' or '"a text"'`);
  }
}

/** `report`: strictly, so that a mistyped id is found out; with `create` as producers do who send and go on. */
export function report(ledger: LedgerCaller, id: string, status: string, options: ReportOptions): Promise<Exit> {
  const { message, error, result, create, json } = options;
  const told = { status, message, error, ...(result !== undefined && { result: readResult(result) }) };
  const path = pathOf(id, '/status');
  if (create) return send(ledger, 'report', '/workflow/executions/events', { execution_id: id, ...told }, json);
  return send(ledger, 'report', path, told, json);
}

/** What a command may say, as the API reads it; `json` is for this program alone. */
export interface CommandOptions {
  readonly reason?: string;
  readonly cascade?: boolean;
  readonly newAttempt?: boolean;
  readonly json?: boolean;
}

/** `cancel`, `resume` and `pause` */
export function command(
  ledger: LedgerCaller,
  asked: 'cancel' | 'resume' | 'pause',
  id: string,
  { reason, cascade, newAttempt, json }: CommandOptions,
): Promise<Exit> {
  return send(ledger, asked, pathOf(id, `/${asked}`), { reason, cascade, new_attempt: newAttempt }, json);
}
