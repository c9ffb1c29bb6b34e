import { setTimeout as pause } from 'node:timers/promises';
import { printable } from '../../printable.js';
import type { ProjectionView, RebuildView, VerifyView } from '../../contract/projections.js';
import type { OperationResponse } from '../../rebuild/projection-operation.js';
import { LockedByOther } from '../../rebuild/rebuild-lock.js';
import { OperationInterrupted } from '../../rebuild/operations-table.js';
import { tell } from '../terminal.js';
import { EXIT, type Exit } from '../exit-codes.js';
import type { ProjectionClient, LongOperationKind } from './projection-client.js';
import type { Interrupt } from './interrupt.js';
import { driftLine, number } from './print.js';
import { showProgress } from './progress.js';

export interface OperationRunOptions {
  readonly eventsPerSecond?: number;
  readonly sample?: number;
  readonly json?: boolean;
  /** Whether to look on where somebody else is at it. */
  readonly watch?: boolean;
}

/** How often it is looked whether somebody else's work is over, in milliseconds. */
const LOOK_MS = 250;

/** How it ended, for people and for programs. */
interface RunOutcome {
  readonly exit: Exit;
  readonly line: string;
}

const OPEN: readonly string[] = ['running', 'verifying'];

/** One rebuild, verification or rollback: done here, or watched where somebody else is at it. */
export class OperationRun {
  constructor(
    private readonly client: ProjectionClient,
    private readonly interrupt: Interrupt,
    private readonly name: string,
    private readonly kind: LongOperationKind,
    private readonly options: OperationRunOptions,
  ) {}

  async run(): Promise<Exit> {
    const { client, name, kind, options } = this;
    const view = await client.view(name);
    const { eventsPerSecond, sample } = options;
    const asked = await client.parts.operations.request(name, kind, { eventsPerSecond, sample, runsHere: true });
    if (asked.accepted) await client.record(`projection_${kind}`, view, { eventsPerSecond, sample });
    const ended = asked.accepted ? await this.runHere() : await this.beside(asked);
    if (options.json) {
      const view = await client.view(name);
      const { line: message, exit } = ended;
      tell(process.stdout, JSON.stringify({ projection: name, kind, exit, message, [kind]: view[kind] }));
    } else tell(ended.exit === EXIT.done ? process.stdout : process.stderr, printable(ended.line));
    return ended.exit;
  }

  private async runHere(): Promise<RunOutcome> {
    const { client, name, kind } = this;
    const shown = showProgress(`${kind} of ${name}`, () => this.look(), process.stderr);
    try {
      const heed = () => client.parts.operations.pause(name, kind);
      await this.interrupt.whileRunning(heed, (signal) => client.runOperation(name, kind, this.options.sample, signal));
    } catch (error) {
      await shown.stop();
      return this.stopped(error);
    }
    await shown.stop();
    return this.finished();
  }

  private async look(): Promise<{ view: ProjectionView; long: RebuildView | VerifyView | undefined }> {
    const view = await this.client.view(this.name);
    return { view, long: this.kind === 'rollback' ? undefined : view[this.kind] };
  }

  private async stopped(error: unknown): Promise<RunOutcome> {
    const { name, kind, interrupt } = this;
    if (interrupt.came) return { exit: EXIT.interrupted, line: await this.paused() };
    if (error instanceof LockedByOther) {
      // The server heard of it, too, and was faster: asked for once more, a rollback would be taken back.
      if (!OPEN.includes((await this.client.view(name))[kind]?.state ?? '')) return this.finished();
      return this.beside(await this.client.parts.operations.request(name, kind, { runsHere: true }));
    }
    if (error instanceof OperationInterrupted)
      return { exit: EXIT.failed, line: `${error.message}; ${this.howToContinue()}` };
    return { exit: EXIT.failed, line: `the ${kind} of ${name} failed: ${(error as Error).message}` };
  }

  private howToContinue = (): string => `go on with: execution-ledger projections ${this.kind} ${this.name}`;

  private async paused(): Promise<string> {
    const long = await this.look().then(
      ({ long }) => long,
      () => undefined,
    );
    const at = long ? ` at ${number(long.events)} events` : '';
    return `paused the ${this.kind} of ${this.name}${at}; ${this.howToContinue()}`;
  }

  /** Somebody else is at it, or it cannot be done. */
  private async beside(asked: OperationResponse): Promise<RunOutcome> {
    if (asked.accepted) return this.runHere();
    const { exit, line } = { exit: asked.by ? EXIT.busy : EXIT.failed, line: asked.why };
    const view = await this.client.view(this.name);
    const same = OPEN.includes(view[this.kind]?.state ?? '');
    if (!asked.by || !same || this.options.watch === false) return { exit, line };
    tell(process.stderr, printable(`${asked.why}; watching it`));
    return this.watch();
  }

  private async watch(): Promise<RunOutcome> {
    const { name, kind, interrupt } = this;
    const shown = showProgress(`${kind} of ${name}`, () => this.look(), process.stderr);
    try {
      while (OPEN.includes((await this.client.view(name))[kind]?.state ?? ''))
        await pause(LOOK_MS, undefined, { signal: interrupt.signal });
    } catch (error) {
      if (!interrupt.came) throw error;
      return { exit: EXIT.interrupted, line: `the ${kind} of ${name} goes on without being watched` };
    } finally {
      await shown.stop();
    }
    return this.finished();
  }

  private async finished(): Promise<RunOutcome> {
    const { name, kind } = this;
    const view = await this.client.view(name);
    const ended = view[kind];
    if (ended?.state === 'failed' || ended?.state === 'paused')
      return {
        exit: EXIT.failed,
        line: `the ${kind} of ${name} ${ended.state === 'failed' ? `failed: ${ended.error}` : 'is paused'}`,
      };
    const still = view.state === 'paused' ? ', and still paused' : '';
    if (kind === 'rollback') return { exit: EXIT.done, line: `${name} is back at version ${view.version}${still}` };
    const { rows = 0, drift } = view[kind]!;
    const found = `${number(rows)} rows compared, ${driftLine({ drift })}`;
    if (kind === 'rebuild')
      return { exit: EXIT.done, line: `${name} is rebuilt${still}: version ${view.version}, ${found}` };
    return { exit: drift!.rows > 0 ? EXIT.drift : EXIT.done, line: `${name} is verified: ${found}` };
  }
}
