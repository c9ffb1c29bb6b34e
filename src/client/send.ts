import type { Connection } from './connection.js';
import type { components } from './openapi.js';
import type { Answer, Kind, Report } from './report.js';

/** Nobody answered for the ledger, or it cannot decide now: the same report is sent again later. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  /** The HTTP status, where there was an answer, by whomever. */
  readonly status: number | undefined;

  constructor(message: string, { status, ...options }: ErrorOptions & { readonly status?: number } = {}) {
    super(message, options);
    this.status = status;
  }
}

type Problem = Partial<components['schemas']['Problem']>;
interface Response {
  readonly data?: Omit<Answer, 'status'> | undefined;
  readonly error?: Problem | undefined;
  readonly response: { readonly status: number };
}

/** One request per kind of report, each under the report's id. */
const REQUESTS: {
  readonly [K in Kind]: (
    to: Connection,
    report: Extract<Report, { kind: K }>,
    signal: AbortSignal | null,
  ) => Promise<Response>;
} = {
  register: (to, { id, body }, signal) => to.POST('/api/v1/executions', { body: { ...body, command_id: id }, signal }),
  dispatch: (to, { id, execution, body }, signal) =>
    to.POST('/api/v1/executions/{id}/dispatch', {
      params: { path: { id: execution } },
      body: { ...body, command_id: id },
      signal,
    }),
  event: (to, { id, body }, signal) =>
    to.POST('/api/v1/workflow/executions/events', { body: { ...body, event_id: id }, signal }),
};

/** What any report would be answered now, and otherwise another time: with a key that is put right, by a ledger that is up. */
const isPassing = (status: number): boolean => status === 401 || status === 408 || status === 429 || status > 500;

/** What the ledger says of one execution alone: it holds up no other one, and the report stays. */
const UNREADABLE = '/problems/unreadable_event';

/** The ledger's own word that the address is wrong, not the report: with the right one it is taken. */
const WRONG_ADDRESS = ['/problems/no_such_endpoint', '/problems/method_not_allowed'];

/**
 * Whether the ledger itself says so. An ingress or another server at the same address answers 404 or 405 as well, and that
 * must not cost a report. 413 is taken from anybody: what is too large for who stands before the ledger never reaches it.
 */
const isLedgers = (
  status: number,
  { verdict, type }: Pick<Answer, 'verdict'> & { type?: string | undefined },
): boolean =>
  verdict !== undefined ||
  (String(type).startsWith('/problems/') && !WRONG_ADDRESS.includes(String(type))) ||
  status === 413;

/**
 * Sends a report once, with the retries of its connection.
 * @throws NoAnswer where nothing was decided
 */
export async function send(to: Connection, report: Report, signal?: AbortSignal): Promise<Answer> {
  const request = REQUESTS[report.kind] as (
    to: Connection,
    report: Report,
    signal: AbortSignal | null,
  ) => Promise<Response>;
  const { data, error, response } = await request(to, report, signal ?? null).catch((cause: unknown) => {
    throw new NoAnswer('no ledger answers', { cause });
  });
  const { status } = response;
  if (isPassing(status) && error?.type !== UNREADABLE)
    throw new NoAnswer(error?.detail ?? `the ledger answered HTTP ${status}`, { status });
  if (!isLedgers(status, data ?? error ?? {}))
    throw new NoAnswer(`HTTP ${status} was answered, and not by a ledger`, { status });
  if (data) return { status, verdict: data.verdict, applied: data.applied, current: data.current };
  return { status, verdict: error?.verdict, applied: false, current: error?.current, detail: error?.detail };
}

/**
 * Whether an answer is the last word. A key that may report need not be one that may register: the reports say who the
 * execution is as well. A report that the key may not send is kept, for whoever puts the key right, and so is one
 * that the ledger fails for, or whose execution it cannot read: none holds up what is said of other executions.
 */
export const isFinal = ({ kind }: Report, { status }: Answer): boolean =>
  status < 500 && (status !== 403 || kind !== 'event');

/** Whether a report was not even looked at, for it is too large or nests too deep. */
export const isRefusedWhole = ({ status, verdict }: Answer): boolean =>
  verdict === undefined && (status === 400 || status === 413);
