import type { Connection } from '../../client/connection.js';
import type { components } from '../../client/openapi.js';
import { isOutcome, reportOf, type Answer, type Loose, type Report } from '../../client/report.js';
import { NoAnswer, send } from '../../client/send.js';
import { EXIT, CommandError } from '../exit-codes.js';

/** What this program ends with where it does not start the command, as `env` and `timeout` do: no exit status of most programs. */
export const NOT_STARTED = 125;

/** What the ledger is told of an execution before it begins. */
export type Registration = Loose<components['schemas']['Register']> & { readonly execution_id: string };

/** What is asked of the ledger before a program is started. */
export interface Claim {
  readonly registration: Registration;
  /** Where it runs, as the dispatch tells it. */
  readonly handle: Record<string, unknown>;
  readonly once: boolean;
  readonly resume: boolean;
  readonly requireLedger: boolean;
}

/** Whether the program is started, and as whom it reports. */
export type ClaimResult =
  | {
      readonly start: true;
      readonly reportAs: string;
      /** What the ledger could not be told, and why. */
      readonly untold?: { readonly reports: readonly Report[]; readonly why: string };
      /** What somebody should know all the same. */
      readonly note?: string;
    }
  | {
      readonly start: false;
      readonly exit: number;
      readonly why: string;
      /** Nobody decided so: the ledger did not answer. */
      readonly unanswered?: true;
    };

type CurrentExecution = NonNullable<Answer['current']>;

/** Asks the ledger whether a program is to be started. Each question is one conditional append: of several askers one wins. */
export class Claimant {
  private readonly id: string;

  constructor(
    private readonly ledger: Connection,
    private readonly claim: Claim,
    private readonly patience: AbortSignal,
  ) {
    this.id = claim.registration.execution_id;
  }

  async ask(): Promise<ClaimResult> {
    const register = reportOf('register', this.id, this.claim.registration);
    try {
      const answer = await send(this.ledger, register, this.patience);
      return await this.registered(answer);
    } catch (error) {
      return this.unreached(error, `${this.id}~1`, [register]);
    }
  }

  private async registered({ status, verdict, applied, current, detail }: Answer): Promise<ClaimResult> {
    if (status === 400) throw new CommandError(EXIT.usage, detail ?? 'the ledger cannot read what it is told');
    // A key that may report need not be one that may register; the reports say who the execution is as well.
    if (!current) return this.unregistered(detail ?? `the ledger answered HTTP ${status}`);
    const { once, resume } = this.claim;
    const over = isOutcome(current.status);
    if (resume && (over || (current.status === 'running' && current.dispatched))) return this.resumed();
    // Somebody resumed it and nobody has begun: of those that would, the one whose dispatch wins does.
    const awaited = resume && current.attempt > 1 && !current.dispatched;
    if (over || (once && !applied && !awaited)) return this.notStarted(current, verdict);
    return this.dispatched(current.attempt);
  }

  private unregistered(why: string): ClaimResult {
    const { once, resume, requireLedger } = this.claim;
    if (once || resume || requireLedger) return { start: false, exit: NOT_STARTED, why };
    return { start: true, reportAs: `${this.id}~1`, note: why };
  }

  private async resumed(): Promise<ClaimResult> {
    const { timeout_ms } = this.claim.registration;
    const body = { command_id: reportOf('dispatch', this.id, {}).id, reason: 'started again', new_attempt: true };
    const { data, error, response } = await this.ledger
      .POST('/api/v1/executions/{id}/resume', {
        params: { path: { id: this.id } },
        body: { ...body, ...(timeout_ms && { timeout_ms }) },
        signal: this.patience,
      })
      .catch((cause: unknown) => {
        throw new NoAnswer('no ledger answers', { cause });
      });
    if (data?.applied && data.attempt !== undefined) return this.dispatched(data.attempt);
    if (response.status >= 500 || response.status === 429) throw new NoAnswer(error?.detail ?? 'the ledger is busy');
    if (response.status === 401) return this.unregistered(error?.detail ?? 'the ledger does not know the key');
    // Whoever answered, the start was not won: an address where nobody resumes must not have two start the same.
    const detail = error?.detail ?? `HTTP ${response.status} was answered to the resume`;
    return this.notStarted(error?.current ?? undefined, error?.verdict, detail);
  }

  private async dispatched(attempt: number): Promise<ClaimResult> {
    const { handle, once } = this.claim;
    const reportAs = `${this.id}~${attempt}`;
    const dispatch = reportOf('dispatch', this.id, { handle, attempt });
    const answer = await send(this.ledger, dispatch, this.patience).catch((error: unknown) =>
      this.unreached(error, reportAs, [dispatch]),
    );
    if ('start' in answer) return answer;
    if (answer.applied) return { start: true, reportAs };
    if (answer.verdict === 'already_dispatched' && !once)
      return { start: true, reportAs, note: `it was started before; this reports as the same attempt ${attempt}` };
    return this.notStarted(answer.current ?? undefined, answer.verdict, answer.detail);
  }

  /**
   * Nobody said that it may start, nor that it may not: a ledger that is away never stops work, unless it is asked to. One
   * that is there and does not know the key would have decided: without it the same could be started twice.
   */
  private unreached(error: unknown, reportAs: string, reports: readonly Report[]): ClaimResult {
    if (!(error instanceof NoAnswer)) throw error;
    const why = error.message;
    const { once, resume, requireLedger } = this.claim;
    if (requireLedger || ((once || resume) && error.status === 401))
      return { start: false, exit: NOT_STARTED, why, unanswered: true };
    return { start: true, reportAs, untold: { reports, why } };
  }

  private notStarted(current: CurrentExecution | undefined, verdict?: string, detail?: string): ClaimResult {
    // Without a word of the ledger nobody else is known to have it: a scheduler must not take that for done.
    const exit = this.claim.once && (current ?? verdict) !== undefined ? EXIT.done : NOT_STARTED;
    if (!current) return { start: false, exit, why: detail ?? `the ledger refused it as ${verdict}` };
    const { status, attempt } = current;
    const stands = `the ledger has it as ${status}, in attempt ${attempt}`;
    const again = /^(?:failed|timeout)$/.test(status) && !this.claim.resume ? '; --resume starts it again' : '';
    return { start: false, exit, why: `${stands}${again}` };
  }
}
