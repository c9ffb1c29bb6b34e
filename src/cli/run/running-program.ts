import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Connection } from '../../client/connection.js';
import { Delivery } from '../../client/delivery.js';
import {
  isOutcome,
  parted,
  reportOf,
  type Answer,
  type EventBody,
  type Loose,
  type Report,
} from '../../client/report.js';
import { startChild, statusOf, type Child, type Ending } from './child.js';
import { LastWords } from './last-words.js';
import { adopt } from './orphans.js';
import { outcomeOf } from './outcome.js';
import type { Signals } from './signals.js';
import { keep, type Spool } from './spool.js';
import type { TruePipe } from './true-pipe.js';
import { Stopper, stopReasonOf } from './stopper.js';
import { whoCancelled } from './who-cancelled.js';

/** How long the report of the end is waited for, in milliseconds; it is kept, whether or not it is answered. */
const PATIENCE_MS = 5_000;
/** How often it is sent, and how long is waited in between, in milliseconds. */
const TRIES = 3;
const BETWEEN_MS = 200;

/** What a report says, beside whom it is about. */
type ReportContent = Loose<Omit<EventBody, 'execution_id'>>;

/** What is run, and how. Times are in milliseconds. */
export interface ProgramOptions {
  readonly command: readonly [string, ...string[]];
  readonly environment: NodeJS.ProcessEnv;
  /** What each report says of who the execution is: it may be the first that the ledger hears of it. */
  readonly identity: ReportContent;
  readonly timeoutMs?: number | undefined;
  readonly graceMs: number;
  readonly heartbeatMs: number;
}

/** A program that somebody ended before it began. */
const endedBefore = (signal: NodeJS.Signals): Child => ({
  pid: undefined,
  lastWords: new LastWords(),
  ended: Promise.resolve<Ending>({ kind: 'killed', signal }),
  signal: () => undefined,
});

/** A program from its start to the report of its end. */
export class RunningProgram {
  private readonly id: string;
  private readonly recordId = randomUUID();
  private readonly delivery: Delivery;
  private readonly began = Date.now();
  private trouble = '';
  private earlier = 0;
  private child!: Child;
  private stopper!: Stopper;
  private worker = `${hostname()}:${process.pid}`;

  constructor(
    private readonly manner: ProgramOptions,
    private readonly connection: Connection,
    private readonly reportAs: string,
    private readonly spool: Spool,
    private readonly tell: (words: string) => void,
  ) {
    this.id = parted(reportAs).execution;
    this.delivery = new Delivery(connection, spool.outbox, {
      onAnswer: (report, answer) => this.heard(report, answer),
      onTrouble: (error) => (this.trouble = (error as Error).message),
    });
  }

  /** Runs it to its end. `untold`: what the ledger has to hear before anything else. @returns its exit status */
  async run(signals: Signals, pipe: TruePipe | undefined, untold: readonly Report[]): Promise<number> {
    this.start(signals, pipe);
    const ended = new AbortController();
    const { timeoutMs } = this.manner;
    const words = `it ran longer than ${(timeoutMs ?? 0) / 1_000} s`;
    const timer = timeoutMs && setTimeout(() => this.stopper.stop({ kind: 'timeout', words }), timeoutMs);
    void this.beat(ended.signal);
    for (const report of untold) await keep(this.spool, report);
    if (this.child.pid !== undefined) this.delivery.put(this.event({ status: 'running' }));
    await adopt(this.spool);
    const ending = await this.child.ended;
    ended.abort();
    clearTimeout(timer);
    await this.end(ending);
    return statusOf(ending);
  }

  private start(signals: Signals, pipe: TruePipe | undefined): void {
    const { command, environment, graceMs } = this.manner;
    // Written before the program begins: of one whose wrapper is killed in between something is known, too.
    this.spool.records?.keep(this.recordId, this.reportAs);
    this.child = signals.endedBy ? endedBefore(signals.endedBy) : startChild(command, environment, pipe);
    const { pid } = this.child;
    signals.passTo((signal) => this.child.signal(signal), pid);
    this.stopper = new Stopper(this.child, graceMs);
    if (pid === undefined) return;
    this.spool.records?.keep(this.recordId, this.reportAs, pid);
    this.worker = `${hostname()}:${pid}`;
  }

  private event(body: ReportContent): Report {
    const occurred_at = new Date().toISOString();
    const whole = { ...this.manner.identity, worker: this.worker, occurred_at, ...body };
    return reportOf('event', this.reportAs, { execution_id: this.reportAs, ...whole });
  }

  /** Tells that it is alive, and hears whether it is to go on. */
  private async beat(ended: AbortSignal): Promise<void> {
    const params = { path: { id: this.reportAs } };
    for (;;) {
      await pause(this.manner.heartbeatMs, undefined, { signal: ended }).catch(() => undefined);
      if (ended.aborted) return;
      const answer = await this.connection
        .POST('/api/v1/executions/{id}/heartbeat', { params, body: { worker: this.worker }, signal: ended })
        .catch(() => undefined); // the next one asks again
      if (answer?.data) this.heed(answer.data);
    }
  }

  private heed(answer: Pick<Answer, 'verdict' | 'current'>): void {
    const reason = stopReasonOf(answer);
    if (reason) this.stopper.stop(reason);
  }

  private heard(report: Report, answer: Answer): void {
    if (report.execution !== this.id) return void this.earlier++;
    if (report.kind !== 'event') return;
    this.heed(answer);
    const { status } = report.body;
    if (!isOutcome(status ?? '') || answer.applied || answer.verdict === 'duplicate') return;
    this.tell(`that it ${status} was refused: ${answer.detail ?? answer.verdict}`);
  }

  /** Reports how it ended, unless its attempt is closed; the last line is about who closed it. */
  private async end(ending: Ending): Promise<void> {
    const { reason } = this.stopper;
    if (ending.kind === 'not_started') this.tell(ending.why);
    if (reason === undefined || reason.kind === 'timeout') {
      const outcome = outcomeOf(ending, this.child.lastWords, reason?.words);
      const completed_at = new Date().toISOString();
      const duration_ms = Date.now() - this.began;
      await keep(this.spool, this.event({ ...outcome, completed_at, duration_ms }));
    }
    await Promise.race([this.deliver(), pause(PATIENCE_MS, undefined, { ref: false })]);
    this.spool.records?.forget(this.recordId);
    const waiting = this.spool.outbox.size;
    if (this.earlier > 0) this.tell(`reports of earlier runs that were delivered: ${this.earlier}`);
    if (waiting > 0)
      this.tell(
        `reports kept for the next run, or execution-ledger flush: ${waiting} (${this.trouble || 'no answer in time'})`,
      );
    const why = this.stopper.reason; // the answer to the report of the end may have been the first to say so
    if (why) this.tell(`${why.words}${await this.whoDid(why.revision)}`);
    await this.delivery.close();
  }

  /** Delivers what is kept, a few times: a connection that stood for long may turn out to be closed. */
  private async deliver(): Promise<void> {
    for (let left = TRIES; left > 0 && (await this.delivery.flush()) > 0; left--) await pause(BETWEEN_MS);
  }

  private async whoDid(revision: number | undefined): Promise<string> {
    if (revision === undefined) return '';
    return whoCancelled(this.connection, this.id, revision, AbortSignal.timeout(PATIENCE_MS));
  }
}
