import { styleText } from 'node:util';
import Table from 'cli-table3';
import { stringifyJson } from '../../encoding/json.js';
import type { ExecutionSummary, ExecutionView } from '../../contract/execution.js';
import type { HistoryEvent } from '../../contract/history.js';
import type { Status } from '../../domain/status.js';
import { printable } from '../../printable.js';
import { duration } from '../projections/print.js';
import { COLOUR } from '../terminal.js';

/** The width of what is no terminal, and the least that a table is laid out for. */
const WIDTH = 80;
const LEAST_WIDTH = 40;
/** The least that is left for a column whose text is cut. */
const LEAST_COLUMN = 10;

const COLOURS: Partial<Record<Status, 'green' | 'red' | 'yellow' | 'cyan'>> = {
  succeeded: 'green',
  failed: 'red',
  timeout: 'red',
  cancelled: 'yellow',
  paused: 'yellow',
  running: 'cyan',
};

/** A text in the colour of a status, on a terminal of which nobody said NO_COLOR. */
export function coloured(status: Status | undefined, text: string = status ?? ''): string {
  const colour = status && COLOURS[status];
  return colour ? styleText(colour, text, { stream: process.stdout }) : text;
}

/** A value of the ledger as it stands in a line. */
export function said(value: unknown): string {
  if (value === undefined || value === null) return '–';
  return printable(typeof value === 'string' ? value : stringifyJson(value as never));
}

/** How long ago a moment was. */
export const ago = (moment: string, now: number): string => `${duration(Math.max(0, now - Date.parse(moment)))} ago`;

/** How wide the columns of a table are: where it is too wide the widest `free` ones are cut, the first of them last. */
function widthsOf(rows: readonly (readonly string[])[], free: readonly number[]): number[] {
  // A colour takes no room.
  const longest = (column: number): number =>
    Math.max(...rows.map((row) => row[column]!.replace(COLOUR, '').length)) + 2;
  const widths = rows[0]!.map((_, column) => longest(column));
  const [first, ...others] = free;
  const borders = widths.length + 1;
  const sum = widths.reduce((all, width) => all + width, borders);
  for (let over = sum - Math.max(process.stdout.columns ?? WIDTH, LEAST_WIDTH); over > 0; over--) {
    const cut = others.reduce((widest, one) => (widths[one]! > widths[widest]! ? one : widest), others[0] ?? first!);
    widths[widths[cut]! > LEAST_COLUMN ? cut : first!]!--;
    if (widths[first!]! <= LEAST_COLUMN && widths[cut]! <= LEAST_COLUMN) break;
  }
  return widths;
}

/** A table that is as wide as the terminal at most. `wrap`: what does not fit into a column goes on in its next line. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  free: readonly number[],
  wrap = false,
): string {
  const colWidths = widthsOf([head, ...rows], free);
  const wrapping = { wordWrap: wrap, wrapOnWordBoundary: false };
  const drawn = new Table({ head: [...head], style: { head: [], border: [] }, colWidths, ...wrapping });
  drawn.push(...rows.map((row) => [...row]));
  return drawn.toString();
}

/** The status of an execution, and what by the clock is amiss. */
function standing({ status, silent, stale }: ExecutionSummary): string {
  const flags = [...(silent ? ['silent'] : []), ...(stale ? ['stale'] : [])];
  return coloured(status, [status, ...flags].join(', '));
}

/** Executions, one per row. */
export function executionsTable(executions: readonly ExecutionSummary[], now: number): string {
  if (executions.length === 0) return 'no execution is like that';
  const rows = executions.map((one) => [
    said(one.execution_id),
    standing(one),
    String(one.attempt),
    ago(one.last_activity_at, now),
    said(one.target),
    said(one.error ?? one.message ?? one.status_reason),
  ]);
  return table(['execution', 'status', 'attempt', 'active', 'target', 'says'], rows, [0, 4, 5]);
}

/** All that is known of an execution, a row for each of its fields. */
export function executionTable(view: ExecutionView): string {
  const rows = Object.entries(view).map(([field, value]) => [field, field === 'status' ? standing(view) : said(value)]);
  return table(['field', 'value'], rows, [1], true);
}

/** Who said an event, and on whose behalf. */
export function sayer({ reporter, on_behalf_of, source }: HistoryEvent): string {
  if (!reporter) return 'whoever appended it directly';
  const who = on_behalf_of === undefined ? reporter.actor : `${reporter.actor} for ${on_behalf_of}`;
  return printable(`${who} (${reporter.authority}${source === undefined ? '' : `, by ${source}`})`);
}

/** What an event says beside its type, in a few words. */
export function gist({ data }: HistoryEvent): string {
  const { error, message, reason, status_reason, progress } = (data ?? {}) as Record<string, unknown>;
  const words = [
    progress === undefined ? undefined : `${said(progress)} %`,
    error ?? message ?? reason ?? status_reason,
  ];
  return words
    .filter((word) => word !== undefined)
    .map(said)
    .join(': ');
}

/** An event in one line, as it is told while somebody looks on. */
export function eventLine(event: HistoryEvent): string {
  const { recorded_at, type, attempt, status } = event;
  const words = gist(event);
  const where = status === undefined ? said(type) : `${coloured(status)}  ${said(type)}`;
  return `${recorded_at}  ${where}, attempt ${attempt ?? '–'}, said ${sayer(event)}${words && `: ${words}`}`;
}

/** Events, one per row. */
export function historyTable(events: readonly HistoryEvent[]): string {
  if (events.length === 0) return 'no event is there';
  const rows = events.map((event) => [
    String(event.revision),
    event.recorded_at,
    said(event.type.replace(/^Execution/, '')),
    coloured(event.status),
    sayer(event),
    gist(event),
  ]);
  return table(['rev', 'recorded at', 'event', 'status', 'said by', 'says'], rows, [2, 4, 5], true);
}
