import { v7 as uuid } from 'uuid';
import { letGo, type Delivery } from './delivery.js';
import type { Ending, ExecutionOptions, Outcome, Progress } from './execution-options.js';
import { parted, reportOf, type Answer, type Current, type EventBody, type Loose } from './report.js';

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

type ReportContent = Omit<Loose<EventBody>, 'execution_id'>;

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
  /** Aborts with the first word that ends it, its worker's or the ledger's: nothing is asked or learnt after it. */
  private readonly over = new AbortController();
  private readonly since = Date.now();
  private beat: ReturnType<typeof setInterval> | undefined;
  private isBeating = false;
  private wasOpen = false;

  constructor(
    readonly options: ExecutionOptions,
    private readonly delivery: Delivery,
    /** Delivers the registration and the dispatch; another one where they must not be kept. */
    claiming: Delivery = delivery,
  ) {
    const id = options.id ?? uuid();
    const { execution, attempt } = parted(id);
    this.id = execution;
    this.reportAs = attempt === undefined ? `${execution}~1` : id;
    this.signal = options.signal ? AbortSignal.any([options.signal, this.stopping.signal]) : this.stopping.signal;
    if (attempt === undefined) this.claimed = this.claim(claiming);
  }

  /** Whether the ledger has told to stop: an outcome that is told now would be refused. */
  get isStopped(): boolean {
    return this.stopping.signal.aborted;
  }

  /** Says that the work begins, and from then on that it goes on. */
  start(): void {
    const { input, worker, heartbeatMs = HEARTBEAT_MS } = this.options;
    const begun = { status: 'running', worker, input_data: input, ...this.identity() };
    this.tell(begun, (answer) => this.learn(answer));
    const signal = AbortSignal.any([this.delivery.stopped, this.over.signal]);
    this.beat = setInterval(() => void this.heartbeat(signal), heartbeatMs);
    letGo(this.beat);
  }

  /** Says how far the work is: percent, or more than that. */
  progress(said: number | Progress): void {
    this.tell(typeof said === 'number' ? { progress: said } : said);
  }

  /** Says that the work is done, or not; what the ledger made of it. */
  async end(outcome: Outcome): Promise<Ending> {
    this.endBeats();
    const told = { ...outcome, completed_at: now(), duration_ms: Date.now() - this.since };
    const answer = await this.told(told);
    return { status: outcome.status, won: answer?.applied, verdict: answer?.verdict, current: answer?.current };
  }

  /** Registers and dispatches. */
  private claim(delivery: Delivery): Promise<Answer> {
    const { input, timeoutMs, handle } = this.options;
    const body = { execution_id: this.id, input, timeout_ms: timeoutMs, ...this.identity() };
    delivery.put(reportOf('register', this.id, body));
    return new Promise((resolve) => delivery.put(reportOf('dispatch', this.id, { handle }), resolve));
  }

  private identity() {
    const { target, kind, labels, workflow, run, parent } = this.options;
    return { target, kind, labels, workflow_id: workflow, run_id: run, parent_execution_id: parent };
  }

  private tell(body: ReportContent, heard?: (answer: Answer) => void): void {
    this.delivery.put(
      reportOf('event', this.reportAs, { execution_id: this.reportAs, occurred_at: now(), ...body }),
      heard,
    );
  }

  /** The answer to a report, where it comes in time. */
  private told(body: ReportContent): Promise<Answer | undefined> {
    const answer = new Promise<Answer>((resolve) => this.tell(body, resolve));
    return within(this.options.patienceMs ?? PATIENCE_MS, answer);
  }

  /** Gives up a heartbeat that is under way as well: a program that is done would wait for its answer. */
  private endBeats(): void {
    clearInterval(this.beat);
    this.over.abort();
  }

  private async heartbeat(signal: AbortSignal): Promise<void> {
    if (this.isBeating) return; // a ledger that stands still is not asked once more
    this.isBeating = true;
    const path = { id: this.reportAs };
    const beaten = await this.delivery.connection
      .POST('/api/v1/executions/{id}/heartbeat', { params: { path }, body: {}, signal })
      .catch(() => undefined); // the next one asks again
    this.isBeating = false;
    if (beaten?.data) this.learn(beaten.data);
  }

  /** Stops the work where an answer says that it is no longer this worker's. */
  private learn({ verdict, applied, current }: Pick<Answer, 'verdict' | 'applied' | 'current'>): void {
    if (this.over.signal.aborted) return; // its own outcome is no reason to stop
    const isOpen = OPEN.includes(current?.status ?? '');
    const why =
      verdict === 'fenced'
        ? 'fenced'
        : current?.status === 'cancelled'
          ? 'cancelled'
          : this.wasOpen && !isOpen && 'over';
    this.wasOpen ||= isOpen && applied;
    if (!why) return;
    this.endBeats();
    this.stopping.abort(new ExecutionStopped(why, current));
  }
}
