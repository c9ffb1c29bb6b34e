import type { Connection } from './connection.js';
import { Delivery, type DeliveryOptions } from './delivery.js';
import { Execution, PATIENCE_MS, within } from './execution.js';
import type { Ending, ExecutionOptions, Progress } from './execution-options.js';
import { MemoryOutbox, type Outbox } from './outbox.js';

/** How a ledger is reported to. */
export interface LedgerOptions extends DeliveryOptions {
  /** Where reports are kept until they are answered; in memory where unset. */
  readonly outbox?: Outbox | undefined;
}

/** How a function is run as an execution. */
export interface RunOptions extends ExecutionOptions {
  /**
   * Nothing is done without the ledger's word: the work begins only where the ledger answered that it may, so that of several
   * that begin the same execution one does, and an outcome that the ledger did not take throws.
   */
  readonly required?: boolean | undefined;
}

/** What a function came to, and what the ledger made of it. */
export interface Ran<T> {
  readonly value: T;
  readonly ending: Ending;
}

/** The ledger's word was required, and it was another one or did not come. */
export class LedgerRequired extends Error {
  override readonly name = 'LedgerRequired';
}

/** What a function that runs as an execution can say and ask. */
export interface Running {
  readonly id: string;
  readonly reportAs: string;
  readonly signal: AbortSignal;
  progress(said: number | Progress): void;
  /** Runs a part of the work as an execution of its own, in the same run; it is aborted with this one. */
  child<T>(options: RunOptions, work: Work<T>): Promise<Ran<T>>;
}
export type Work<T> = (execution: Running) => T | Promise<T>;

/** Reports to a ledger. The work goes on whatever becomes of the reports. */
export class Ledger {
  private readonly outbox: Outbox;
  private readonly delivery: Delivery;

  constructor(
    readonly connection: Connection,
    private readonly options: LedgerOptions = {},
  ) {
    this.outbox = options.outbox ?? new MemoryOutbox();
    this.delivery = new Delivery(connection, this.outbox, options);
  }

  /** Registers and dispatches an execution; `start()` and `end()` are the caller's to say. */
  open(options: ExecutionOptions): Execution {
    return new Execution(options, this.delivery);
  }

  /**
   * Runs a function as an execution: registers it, dispatches it, gives signs of life, and ends as the function ends.
   * What the function throws is reported and thrown on; where its execution was cancelled, or taken over, it is thrown on alone.
   */
  async run<T>(options: RunOptions, work: Work<T>): Promise<Ran<T>> {
    const execution = options.required ? await this.claim(options) : this.open(options);
    execution.start();
    let value: T;
    try {
      value = await work(this.running(execution));
    } catch (error) {
      const status = execution.signal.aborted ? 'cancelled' : 'failed';
      // Where the ledger told to stop another outcome stands already: what was thrown is how the work obeyed.
      if (!execution.isStopped) await execution.end({ status, ...wordsOf(error) });
      throw error;
    }
    const ending = await execution.end({ status: 'succeeded', result: value });
    if (options.required && !ending.won)
      throw new LedgerRequired(`succeeded was answered: ${ending.verdict ?? 'nothing'}`);
    return { value, ending };
  }

  /** Delivers what is kept, once; how many reports are left. */
  flush(): Promise<number> {
    return this.delivery.flush();
  }

  /** Stops delivering; what a file outbox keeps is there for the next process. */
  close(): Promise<void> {
    return this.delivery.close();
  }

  /** Has the ledger's word that the work may begin. Without it nothing is kept: later it would begin what nobody does. */
  private async claim(options: RunOptions): Promise<Execution> {
    const claiming = new Delivery(this.connection, new MemoryOutbox(), this.options);
    const execution = new Execution(options, this.delivery, claiming);
    try {
      await mustClaim(execution);
      return execution;
    } finally {
      await claiming.close();
    }
  }

  private running(execution: Execution): Running {
    const { id, reportAs, signal, options } = execution;
    const inherited = {
      workflow: options.workflow,
      run: options.run ?? options.workflow ?? id,
      worker: options.worker,
    };
    return {
      id,
      reportAs,
      signal,
      progress: (said) => execution.progress(said),
      child: (its, work) => this.run({ ...inherited, ...its, parent: id, signal }, work),
    };
  }
}

async function mustClaim({ claimed, options: { patienceMs = PATIENCE_MS } }: Execution): Promise<void> {
  if (!claimed) return;
  const answer = await within(patienceMs, claimed);
  if (!answer?.applied)
    throw new LedgerRequired(`the dispatch was answered: ${answer?.verdict ?? answer?.detail ?? 'nothing'}`);
}

/** How much is told of an error, in characters: a report that is too large would be refused whole. */
const TOLD = 16 * 1024;

function wordsOf(error: unknown): { readonly error: string; readonly error_details?: unknown } {
  if (!(error instanceof Error)) return { error: String(error).slice(0, TOLD) };
  const [name, message, stack] = [error.name, error.message, error.stack].map((said) => said?.slice(0, TOLD));
  return { error: message || name!, error_details: { name, message, stack } };
}
