import type { Connection } from './connection.js';
import type { Outbox } from './outbox.js';
import { withoutPayload, type Answer, type Report } from './report.js';
import { isFinal, isRefusedWhole, send } from './send.js';

/** How reports are delivered, and who is told what becomes of them. */
export interface DeliveryOptions {
  /** Is told of each report that was answered, those that an earlier process left behind included. */
  readonly onAnswer?: ((report: Report, answer: Answer) => void) | undefined;
  /** Is told why reports are not delivered, or not kept; nothing of it is thrown. */
  readonly onTrouble?: ((error: unknown) => void) | undefined;
  /** How long is rested between two deliveries that nobody answered: between half and all of it, in milliseconds; 5,000 where unset. */
  readonly restMs?: number | undefined;
}

const REST_MS = 5_000;

/** Has a program that is done otherwise not wait for this timer; in a browser it is a number, and nothing waits. */
export function letGo(timer: unknown): void {
  if (typeof timer === 'object') (timer as { unref?: () => void }).unref?.();
}

/** Waits so long, or until the signal. It leaves nothing at the signal, which lives on: each rest would leave one more. */
function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    letGo(timer);
    signal.addEventListener('abort', wake);
    if (signal.aborted) wake();
  });
}

/** Puts reports into an outbox, and delivers from it as long as anything is there. */
export class Delivery {
  private readonly heard = new Map<string, (answer: Answer) => void>();
  private readonly stop = new AbortController();
  /** Aborts when nothing is delivered any more. */
  readonly stopped: AbortSignal = this.stop.signal;
  private delivering = false;

  constructor(
    readonly connection: Connection,
    private readonly outbox: Outbox,
    private readonly options: DeliveryOptions,
  ) {}

  /** Keeps a report and has it delivered; `heard` is called with its answer, whenever that comes. */
  put(report: Report, heard?: (answer: Answer) => void): void {
    if (heard) this.heard.set(report.id, heard);
    void this.outbox
      .put(report)
      .catch(this.trouble)
      .then(() => this.keepDelivering());
  }

  /** Delivers what is there, once; how much is left. */
  async flush(): Promise<number> {
    await this.outbox.deliver(this.sendOne).catch(this.trouble);
    return this.outbox.size;
  }

  async close(): Promise<void> {
    this.stop.abort();
    await this.outbox.close().catch(this.trouble);
  }

  private async keepDelivering(): Promise<void> {
    if (this.delivering) return;
    this.delivering = true;
    while (!this.stop.signal.aborted && (await this.flush()) > 0)
      await rest((this.options.restMs ?? REST_MS) * (0.5 + Math.random() / 2), this.stop.signal);
    this.delivering = false;
  }

  private readonly sendOne = async (report: Report): Promise<boolean> => {
    const answer = await this.answerTo(report);
    this.options.onAnswer?.(report, answer);
    if (!isFinal(report, answer)) return false;
    this.heard.get(report.id)?.(answer);
    this.heard.delete(report.id);
    return true;
  };

  /** The answer to a report; what it says must not be lost because of a payload that came with it. */
  private async answerTo(report: Report): Promise<Answer> {
    const answer = await send(this.connection, report, this.stop.signal);
    const rest = isRefusedWhole(answer) ? withoutPayload(report) : undefined;
    if (!rest) return answer;
    this.trouble(new Error(`${report.execution}: HTTP ${answer.status}: a report is told without its payload`));
    return send(this.connection, rest, this.stop.signal);
  }

  private readonly trouble = (error: unknown): void => this.options.onTrouble?.(error);
}
