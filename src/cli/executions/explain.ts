import type { ExecutionView } from '../../contract/execution.js';
import type { RefusedEvent, HistoryEvent } from '../../contract/history.js';
import { VERDICT_MEANINGS } from '../../contract/verdict-meanings.js';
import type { Status } from '../../domain/status.js';
import { tellColoured } from '../terminal.js';
import type { LedgerCaller } from './ledger-caller.js';
import { ago, coloured, gist, said, sayer } from './print.js';
import { MOST, readOne, readRefused, readHistory, tellJson } from './read.js';

/** How many of the last changes, and of the last refused reports, are told. */
const TOLD = 20;

/** The outcomes that events tell: one that is told again by who knows better changes who stands behind it. */
const OUTCOMES: Readonly<Record<string, Status>> = {
  ExecutionSucceeded: 'succeeded',
  ExecutionFailed: 'failed',
  ExecutionTimedOut: 'timeout',
  ExecutionCancelled: 'cancelled',
};

/** The events by which the execution came to stand otherwise: those after which its status, attempt or authority is another. */
function changes(history: readonly HistoryEvent[]): HistoryEvent[] {
  return history.filter((event, at) => {
    const { type, status, attempt } = event;
    const before = history[at - 1];
    return status !== before?.status || attempt !== before?.attempt || OUTCOMES[type] === status;
  });
}

/** When an event was, and by whose clock. */
function clocks({ recorded_at, occurred_at, data }: HistoryEvent): string {
  const { completed_at } = (data ?? {}) as { readonly completed_at?: string };
  const own = completed_at ?? occurred_at;
  const theirs = own === undefined ? '' : `; ${said(own)} by the clock of who said it`;
  return `${recorded_at} by the ledger's clock${theirs}`;
}

const quoted = (text: string): string => (text === '' ? '' : `: ${text}`);

/** Where it stands, and whether that can change. */
function standing(view: ExecutionView, now: number): string[] {
  const { execution_id, status, attempt, authority, sealed, resumable, last_activity_at } = view;
  const by = authority === null ? '' : `, on the word of ${authority === 'operator' ? 'an' : 'a'} ${authority}`;
  const rest = sealed
    ? 'It is sealed: no report and no command changes it any more.'
    : resumable
      ? `It can be resumed, which opens or continues an attempt: execution-ledger resume ${said(execution_id)}`
      : 'Its worker can still change it by reports, and anybody by commands.';
  return [
    `${said(execution_id)} is ${coloured(status)}, in attempt ${attempt}${by}; last heard of ${ago(last_activity_at, now)}.`,
    rest,
  ];
}

/** What by the clock is amiss, or awaited. */
function awaited(view: ExecutionView): string[] {
  const { silent, stale, deadline, awaiting_worker, report_as, unreadable } = view;
  const notes: readonly (readonly [boolean, string])[] = [
    [awaiting_worker, `A resume opened this attempt, and no worker has reported as ${said(report_as)} yet.`],
    [silent, 'It should have been heard of by now and was not: its worker may be gone.'],
    [stale, 'It has been silent for so long that another worker may take over.'],
    [deadline !== undefined, `Its deadline is ${said(deadline)}, by the clock of the ledger's store.`],
    [unreadable !== undefined, `It is shown as before revision ${unreadable?.revision}: ${said(unreadable?.error)}`],
  ];
  return notes.filter(([holds]) => holds).map(([, note]) => note);
}

/** One change, as somebody would tell it. */
const changed = (event: HistoryEvent): string =>
  `  revision ${event.revision}: ${coloured(event.status)}, attempt ${event.attempt ?? '–'}, said ${sayer(event)}` +
  `${quoted(gist(event))}\n    ${clocks(event)}`;

/** One refused report: what it said, why it was refused, and against what. */
function refusal(event: RefusedEvent): string {
  const { verdict, against, data } = event;
  const { report } = (data ?? {}) as { readonly report?: Readonly<Record<string, unknown>> };
  if (verdict === undefined) return `  ${said(event.type)}: further ones were counted, and not kept`;
  const what = report?.['status'] === undefined ? said(report) : said(report['status']);
  const stood = against ? `${against.status}, attempt ${against.attempt}, at revision ${against.revision}` : 'nothing';
  return (
    `  ${what}, said ${sayer(event)}: refused as ${said(verdict)} against ${stood}` +
    `${quoted(VERDICT_MEANINGS[verdict] ?? '')}\n    ${clocks(event)}`
  );
}

/** The last of many under a heading that says how many there are. */
function section<T>(heading: string, all: readonly T[], tell: (one: T) => string): string[] {
  if (all.length === 0) return [];
  const earlier = all.length > TOLD ? [`  (${all.length - TOLD} earlier ones are left out)`] : [];
  return ['', heading, ...earlier, ...all.slice(-TOLD).map(tell)];
}

/** Why an execution stands where it stands, in plain words. */
export function explanation(
  view: ExecutionView,
  history: readonly HistoryEvent[],
  refused: readonly RefusedEvent[],
  now: number,
): string {
  const steps = changes(history);
  const decisive = steps.at(-1);
  return [
    ...standing(view, now),
    ...awaited(view),
    ...section('It stands so because of this:', decisive ? [decisive] : [], changed),
    ...section('Before that, oldest first:', steps.slice(0, -1), changed),
    ...section('What was said and refused, oldest first:', refused, refusal),
  ].join('\n');
}

/** `explain` */
export async function explain(ledger: LedgerCaller, id: string, { json }: { readonly json?: boolean }): Promise<void> {
  const view = await readOne(ledger, id);
  const history = await readHistory(ledger, id, Math.max(0, view.revision + 1 - MOST), MOST);
  const refused = await readRefused(ledger, id);
  if (json) return tellJson({ execution: view, changes: changes(history.rows), refused: refused.rows });
  tellColoured(process.stdout, explanation(view, history.rows, refused.rows, Date.now()));
}
