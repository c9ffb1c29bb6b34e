import { v7 as uuid } from 'uuid';
import { letGo, type Delivery } from './delivery.js';
import { parted, reportOf, type Answer, type Current, type EventBody, type Loose, type Verdict } from './report.js';

/** What is known of an execution when it begins. */
export interface ExecutionOptions {
  /** What is run, such as `etl.load`. */
  readonly target: string;
  /** A new one where unset. `<id>~<n>`: the attempt that a resume opened for this worker; nothing is registered then. */
  readonly id?: string | undefined;
  readonly workflow?: string | undefined;
  readonly run?: string | undefined;
  /** The id of the execution that started this one. */
  readonly parent?: string | undefined;
  readonly kind?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly input?: unknown;
  /** After so long the ledger counts it as timed out, in milliseconds. */
  readonly timeoutMs?: number | undefined;
  /** Who does the work, such as the host's name. */
  readonly worker?: string | undefined;
  /** Where it is run, such as a process or a pod; shown beside the execution. */
  readonly handle?: unknown;
  /** How often a sign of life is sent, in milliseconds; 15,000 where unset. Each tells whether to go on. */
  readonly heartbeatMs?: number | undefined;
  /** How long the answer to the outcome is waited for, in milliseconds; 10,000 where unset. */
  readonly patienceMs?: number | undefined;
  /** Aborts `execution.signal` as well. */
  readonly signal?: AbortSignal | undefined;
}

/** How an execution ended, as its worker says. */
export interface Outcome {
  readonly status: 'succeeded' | 'failed' | 'timeout' | 'cancelled';
  readonly result?: unknown;
  readonly error?: string | undefined;
  readonly error_details?: unknown;
  readonly error_status_code?: number | undefined;
  readonly status_reason?: string | undefined;
}

/** What the ledger made of an outcome. */
export interface Ending {
  readonly status: Outcome['status'];
  /** Whether this outcome counts: `undefined` while the ledger has not answered; the outbox still delivers it. */
  readonly won: boolean | undefined;
  readonly verdict?: Verdict | undefined;
  /** What stands instead, where it was lost. */
  readonly current?: Current | undefined;
}

/** What somebody at work says of it. */
export type Progress = Pick<EventBody, 'progress' | 'message' | 'data' | 'status_reason'>;

/** Why an execution should stop: the reason of its signal. */
export class ExecutionStopped extends Error {
  override readonly name = 'ExecutionStopped';

  constructor(
    readonly why: 'cancelled' | 'fenced' | 'over',
    readonly current: Current | undefined,
  ) {
    super(`the execution is ${why === 'fenced' ? "another attempt's now" : why}`);
  }
}

const HEARTBEAT_MS = 15_000;
export const PATIENCE_MS = 10_000;
const OPEN = ['pending', 'queued', 'running', 'waiting', 'paused'];
const now = (): string => new Date().toISOString();

type Said = Omit<Loose<EventBody>, 'execution_id'>;

/** What is promised, or `undefined` where that takes longer; milliseconds. A program waits for one or the other. */
export function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), ms)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/**
 * One execution, as its worker tells of it. Nothing here throws because of the ledger: what cannot be delivered now is kept
 * in the outbox.
 */
export class Execution {
  /** The id without an attempt. */
  readonly id: string;
  /** The id that it reports under: it names the attempt, so that a worker that was replaced is turned away. */
  readonly reportAs: string;
  /** Aborts when the execution is cancelled, given to another attempt, or over; its reason is an `ExecutionStopped`. */
  readonly signal: AbortSignal;
  /**
   * What the ledger made of the dispatch, once it answers: of all that begin the same execution one is told `applied`.
   * The registration does not tell them apart, for the same one said twice is a repetition. Absent where the id names
   * an attempt: whoever resumed it has claimed it.
   */
  readonly claimed?: Promise<Answer>;
  private readonly stopping = new AbortController();
  private readonly since = Date.now();
  private beat: ReturnType<typeof setInterval> | undefined;
  private wasOpen = false;

  constructor(
    readonly options: ExecutionOptions,
    private readonly delivery: Delivery,
  ) {
    const id = options.id ?? uuid();
    const { execution, attempt } = parted(id);
    this.id = execution;
    this.reportAs = attempt === undefined ? `${execution}~1` : id;
    this.signal = options.signal ? AbortSignal.any([options.signal, this.stopping.signal]) : this.stopping.signal;
    if (attempt === undefined) this.claimed = this.claim();
  }

  /** Whether the ledger has told to stop: an outcome that is told now would be refused. */
  get isStopped(): boolean {
    return this.stopping.signal.aborted;
  }

  /** Says that the work begins, and from then on that it goes on. */
  start(): void {
    const { input, worker, heartbeatMs = HEARTBEAT_MS } = this.options;
    this.tell({ status: 'running', worker, input_data: input, ...this.identity() }, (answer) => this.learn(answer));
    this.beat = setInterval(() => void this.heartbeat(), heartbeatMs);
    letGo(this.beat);
  }

  /** Says how far the work is: percent, or more than that. */
  progress(said: number | Progress): void {
    this.tell(typeof said === 'number' ? { progress: said } : said);
  }

  /** Says that the work is done, or not; what the ledger made of it. */
  async end(outcome: Outcome): Promise<Ending> {
    clearInterval(this.beat);
    const told = { ...outcome, completed_at: now(), duration_ms: Date.now() - this.since };
    let answer = await this.told(told);
    const isRefusedWhole = answer?.verdict === undefined && [400, 413].includes(answer?.status ?? 0);
    // The outcome must not be lost because what came with it is too large, or nests too deep.
    if (isRefusedWhole) answer = await this.told({ ...told, result: undefined, error_details: undefined });
    return { status: outcome.status, won: answer?.applied, verdict: answer?.verdict, current: answer?.current };
  }

  /** Registers and dispatches. */
  private claim(): Promise<Answer> {
    const { input, timeoutMs, handle } = this.options;
    const body = { execution_id: this.id, input, timeout_ms: timeoutMs, ...this.identity() };
    this.delivery.put(reportOf('register', this.id, body));
    return new Promise((resolve) => this.delivery.put(reportOf('dispatch', this.id, { handle }), resolve));
  }

  private identity() {
    const { target, kind, labels, workflow, run, parent } = this.options;
    return { target, kind, labels, workflow_id: workflow, run_id: run, parent_execution_id: parent };
  }

  private tell(body: Said, heard?: (answer: Answer) => void): void {
    this.delivery.put(
      reportOf('event', this.reportAs, { execution_id: this.reportAs, occurred_at: now(), ...body }),
      heard,
    );
  }

  /** The answer to a report, where it comes in time. */
  private told(body: Said): Promise<Answer | undefined> {
    const answer = new Promise<Answer>((resolve) => this.tell(body, resolve));
    return within(this.options.patienceMs ?? PATIENCE_MS, answer);
  }

  private async heartbeat(): Promise<void> {
    const path = { id: this.reportAs };
    const beaten = await this.delivery.connection
      .POST('/api/v1/executions/{id}/heartbeat', { params: { path }, body: {} })
      .catch(() => undefined); // the next one asks again
    if (beaten?.data) this.learn(beaten.data);
  }

  /** Stops the work where an answer says that it is no longer this worker's. */
  private learn({ verdict, applied, current }: Pick<Answer, 'verdict' | 'applied' | 'current'>): void {
    const isOpen = OPEN.includes(current?.status ?? '');
    const why =
      verdict === 'fenced'
        ? 'fenced'
        : current?.status === 'cancelled'
          ? 'cancelled'
          : this.wasOpen && !isOpen && 'over';
    this.wasOpen ||= isOpen && applied;
    if (!why) return;
    clearInterval(this.beat);
    this.stopping.abort(new ExecutionStopped(why, current));
  }
}
