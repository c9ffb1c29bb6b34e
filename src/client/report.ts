import { v7 as uuid } from 'uuid';
import type { components } from './openapi.js';

type Schemas = components['schemas'];
/** Members that are there and `undefined` are as good as absent ones. */
export type Loose<T> = { [K in keyof T]: T[K] | undefined };
export type EventBody = Schemas['EventReport'];

/** What a ledger decided about a report or command. */
export type Verdict = Schemas['Receipt']['verdict'];
/** Where an execution stands. */
export type Current = Schemas['Receipt']['current'];

/** What can be told later as well as now, by its name: the body that its endpoint takes. */
interface Bodies {
  readonly register: Schemas['Register'] & { readonly execution_id: string };
  readonly dispatch: Schemas['Dispatch'];
  readonly event: EventBody;
}
export type Kind = keyof Bodies;

/** One thing that is told to the ledger. Its id is made once: however often it is sent, it counts once. */
export type Report = {
  [K in Kind]: {
    readonly id: string;
    /** The execution without its attempt: reports of one execution are sent in order. */
    readonly execution: string;
    readonly kind: K;
    readonly body: Bodies[K];
  };
}[Kind];

/** The ledger's answer to a report, whatever it decided. */
export interface Answer {
  /** The HTTP status. */
  readonly status: number;
  /** Absent where the report could not be read, or the key may not send it. */
  readonly verdict?: Verdict | undefined;
  readonly applied: boolean;
  readonly current?: Current | undefined;
  /** What the ledger says is wrong, if anything. */
  readonly detail?: string | undefined;
}

/** An execution id, parted from the attempt that it names. */
export function parted(id: string): { readonly execution: string; readonly attempt?: number } {
  const [, execution = id, attempt] = /^(.*)~([1-9]\d*)$/s.exec(id) ?? [];
  return { execution, ...(attempt !== undefined && { attempt: Number(attempt) }) };
}

/** The members as they are now: what is no JSON, such as a circle, is left out, and the rest is still told. */
function snapshot(body: object): object {
  const members = Object.entries(body).flatMap(([name, value]): [string, unknown][] => {
    try {
      const text = JSON.stringify(value) as string | undefined;
      return text === undefined ? [] : [[name, JSON.parse(text)]];
    } catch {
      return [];
    }
  });
  return Object.fromEntries(members);
}

/** A report with an id of its own, of what its body says now. */
export function reportOf<K extends Kind>(kind: K, id: string, body: Loose<Bodies[K]>): Report {
  return { id: uuid(), execution: parted(id).execution, kind, body: snapshot(body) } as Report;
}

const KINDS: readonly unknown[] = ['register', 'dispatch', 'event'] satisfies Kind[];

/** Whether that is a report, as far as it takes to send it. */
export function isReport(value: unknown): value is Report {
  const { id, execution, kind, body } = (value ?? {}) as Partial<Report>;
  return typeof id === 'string' && typeof execution === 'string' && KINDS.includes(kind) && typeof body === 'object';
}

/** What a worker hands over as it is, of any size: the ledger decides nothing by it. */
const PAYLOADS: readonly string[] = ['input', 'input_data', 'handle', 'data', 'result', 'error_details'];

/** The same report without what may be too large; `undefined` where there is nothing of it. */
export function withoutPayload(report: Report): Report | undefined {
  const members = Object.entries(report.body);
  const rest = members.filter(([name]) => !PAYLOADS.includes(name));
  return rest.length < members.length ? ({ ...report, body: Object.fromEntries(rest) } as Report) : undefined;
}

/** Whether a status is an outcome. */
export const isOutcome = (status: string): boolean => /^(?:succeeded|failed|timeout|cancelled)$/.test(status);

/** What is given up first where there is no room for all: progress, then what says that something began, an outcome last. */
export function rankOf({ kind, body }: Report): 0 | 1 | 2 {
  if (kind !== 'event') return 1;
  if (body.status === undefined || body.status === null) return 0;
  return isOutcome(body.status) ? 2 : 1;
}
