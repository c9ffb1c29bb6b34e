import { setTimeout as pause } from 'node:timers/promises';
import { caller, type Answer } from '../support/ledger/caller.js';
import type { DatedReceipt } from './receipt.js';
import { SharedKnowledge } from './shared-knowledge.js';
import type { Request } from './requests.js';

/** How long an answer is waited for, in milliseconds: longer than a ledger waits for its database. */
const PATIENCE_MS = 20_000;
/** Between two deliveries of what nobody answers, in milliseconds. */
const AGAIN_MS = 200;

/** Verdicts that an endpoint tells with another status than 200 (docs/http-api.md, Problems). */
const TELLING = [200, 201, 400, 404, 409];

export interface Counts {
  /** Deliveries, and those that were answered with a verdict. */
  sent: number;
  acknowledged: number;
  /** Requests of which, at some time, nobody knew what had become. */
  unknown: number;
  /** What became of those: it had been written all along; it was now; it was refused or changed nothing. */
  readonly resolved: { written: number; now: number; refused: number };
  /** Receipts by verdict. */
  readonly verdicts: Record<string, number>;
}

/** Delivers requests, keeps every receipt, and remembers what nobody knows the outcome of. */
export class Client {
  readonly receipts: DatedReceipt[] = [];
  readonly counts: Counts = {
    sent: 0,
    acknowledged: 0,
    unknown: 0,
    resolved: { written: 0, now: 0, refused: 0 },
    verdicts: {},
  };
  /** Answers that no endpoint may give. */
  readonly strange: string[] = [];
  readonly known = new SharedKnowledge();
  private readonly unknown = new Set<Request>();

  /** Whether it was answered, in all its parts. */
  async deliver(request: Request, url: string): Promise<boolean> {
    const resolves = this.unknown.has(request);
    const sentAt = Date.now();
    this.counts.sent++;
    const answer = await caller(url, PATIENCE_MS)('POST', request.path, request.body, request.headers).catch(
      () => undefined, // the connection broke, or nobody answered in time
    );
    const told = answer && answer.status !== 503 ? this.read(request, answer, sentAt) : undefined;
    if (told === undefined) {
      if (!this.unknown.has(request)) this.counts.unknown++;
      this.unknown.add(request);
    } else if (resolves && this.unknown.delete(request)) this.counts.resolved[outcomeOf(told)]++;
    return told !== undefined;
  }

  /** Until it is answered. @throws Error when it is not within the time */
  async deliverUntilAnswered(request: Request, url: () => string, withinMs: number): Promise<void> {
    for (const until = Date.now() + withinMs; !(await this.deliver(request, url())); await pause(AGAIN_MS))
      if (Date.now() > until) throw new Error(`${request.path} was not answered within ${withinMs} ms`);
  }

  /** Sends some of what is unknown again, the oldest first. */
  async resolveSome(url: string, most: number): Promise<void> {
    for (const request of [...this.unknown].slice(0, most)) await this.deliver(request, url);
  }

  /** Sends everything again whose outcome is unknown, under its id. */
  async resolve(url: () => string, withinMs: number): Promise<void> {
    const left = this.unknown.values();
    const worker = async (): Promise<void> => {
      for (const request of left) await this.deliverUntilAnswered(request, url, withinMs);
    };
    await Promise.all(Array.from({ length: 8 }, worker));
  }

  /** The receipts; undefined where some are missing. */
  private read(request: Request, answer: Answer, sentAt: number): DatedReceipt[] | undefined {
    if (!TELLING.includes(answer.status)) {
      this.strange.push(`${answer.status} of ${request.path}: ${answer.text.slice(0, 300)}`);
      return [];
    }
    const { receipts, whole } = request.read(answer);
    const times = { sentAt, answeredAt: Date.now() };
    const told = receipts.map((receipt) => ({ ...receipt, ...times }));
    for (const one of told) this.keep(one, answer);
    if (whole) this.counts.acknowledged++;
    return whole ? told : undefined;
  }

  private keep(told: DatedReceipt, answer: Answer): void {
    const { verdict, current, request } = told;
    if (verdict === undefined || verdict === 'malformed' || verdict === 'validation')
      this.strange.push(`${answer.status} without a verdict: ${answer.text.slice(0, 300)}`);
    else this.receipts.push(told);
    this.counts.verdicts[verdict] = (this.counts.verdicts[verdict] ?? 0) + 1;
    if (current) this.known.attemptIs(request.executionId, current.attempt);
  }
}

function outcomeOf(told: readonly DatedReceipt[]): keyof Counts['resolved'] {
  if (told.some(({ replayed }) => replayed)) return 'written';
  return told.some(({ applied }) => applied) ? 'now' : 'refused';
}
