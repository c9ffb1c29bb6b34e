import { setTimeout as pause } from 'node:timers/promises';
import { printable } from '../../printable.js';
import type { ProjectionView, RebuildView, VerifyView } from '../../contract/projections.js';
import type { Asked } from '../../projector/rebuild/chore.js';
import { Busy } from '../../projector/rebuild/turn.js';
import { Interrupted } from '../../projector/rebuild/record.js';
import { tell } from '../terminal.js';
import type { Desk, LongKind } from './desk.js';
import { EXIT, type Exit } from '../exit-codes.js';
import type { Interrupt } from './interrupt.js';
import { driftLine, number } from './print.js';
import { showProgress } from './progress.js';

export interface LongOptions {
  readonly eventsPerSecond?: number;
  readonly sample?: number;
  readonly json?: boolean;
  /** Whether to look on where somebody else is at it. */
  readonly watch?: boolean;
}

/** How often it is looked whether somebody else's work is over, in milliseconds. */
const LOOK_MS = 250;

/** How it ended, for people and for programs. */
interface Ended {
  readonly exit: Exit;
  readonly line: string;
}

const OPEN: readonly string[] = ['running', 'verifying'];

/** One rebuild, verification or rollback: done here, or watched where somebody else is at it. */
export class LongWork {
  constructor(
    private readonly desk: Desk,
    private readonly interrupt: Interrupt,
    private readonly name: string,
    private readonly kind: LongKind,
    private readonly options: LongOptions,
  ) {}

  async run(): Promise<Exit> {
    const { desk, name, kind, options } = this;
    const view = await desk.view(name);
    const { eventsPerSecond, sample } = options;
    const asked = await desk.parts.chores.ask(name, kind, { eventsPerSecond, sample, quietly: true });
    if (asked.accepted) await desk.record(`projection_${kind}`, view, { eventsPerSecond, sample });
    const ended = asked.accepted ? await this.perform() : await this.beside(asked);
    if (options.json) {
      const view = await desk.view(name);
      const { line: message, exit } = ended;
      tell(process.stdout, JSON.stringify({ projection: name, kind, exit, message, [kind]: view[kind] }));
    } else tell(ended.exit === EXIT.done ? process.stdout : process.stderr, printable(ended.line));
    return ended.exit;
  }

  private async perform(): Promise<Ended> {
    const { desk, name, kind } = this;
    const shown = showProgress(`${kind} of ${name}`, () => this.look(), process.stderr);
    try {
      const heed = () => desk.parts.chores.pause(name, kind);
      await this.interrupt.during(heed, (signal) => desk.perform(name, kind, this.options.sample, signal));
    } catch (error) {
      await shown.stop();
      return this.stopped(error);
    }
    await shown.stop();
    return this.finished();
  }

  private async look(): Promise<{ view: ProjectionView; long: RebuildView | VerifyView | undefined }> {
    const view = await this.desk.view(this.name);
    return { view, long: this.kind === 'rollback' ? undefined : view[this.kind] };
  }

  private async stopped(error: unknown): Promise<Ended> {
    const { name, kind, interrupt } = this;
    if (interrupt.came) return { exit: EXIT.interrupted, line: await this.paused() };
    if (error instanceof Busy) {
      // The server heard of it, too, and was faster: asked for once more, a rollback would be taken back.
      if (!OPEN.includes((await this.desk.view(name))[kind]?.state ?? '')) return this.finished();
      return this.beside(await this.desk.parts.chores.ask(name, kind, { quietly: true }));
    }
    if (error instanceof Interrupted) return { exit: EXIT.failed, line: `${error.message}; ${this.goOn()}` };
    return { exit: EXIT.failed, line: `the ${kind} of ${name} failed: ${(error as Error).message}` };
  }

  private goOn = (): string => `go on with: execution-ledger projections ${this.kind} ${this.name}`;

  private async paused(): Promise<string> {
    const long = await this.look().then(
      ({ long }) => long,
      () => undefined,
    );
    const at = long ? ` at ${number(long.events)} events` : '';
    return `paused the ${this.kind} of ${this.name}${at}; ${this.goOn()}`;
  }

  /** Somebody else is at it, or it cannot be done. */
  private async beside(asked: Asked): Promise<Ended> {
    if (asked.accepted) return this.perform();
    const { exit, line } = { exit: asked.by ? EXIT.busy : EXIT.failed, line: asked.why };
    const view = await this.desk.view(this.name);
    const same = OPEN.includes(view[this.kind]?.state ?? '');
    if (!asked.by || !same || this.options.watch === false) return { exit, line };
    tell(process.stderr, printable(`${asked.why}; watching it`));
    return this.watch();
  }

  private async watch(): Promise<Ended> {
    const { name, kind, interrupt } = this;
    const shown = showProgress(`${kind} of ${name}`, () => this.look(), process.stderr);
    try {
      while (OPEN.includes((await this.desk.view(name))[kind]?.state ?? ''))
        await pause(LOOK_MS, undefined, { signal: interrupt.signal });
    } catch (error) {
      if (!interrupt.came) throw error;
      return { exit: EXIT.interrupted, line: `the ${kind} of ${name} goes on without being watched` };
    } finally {
      await shown.stop();
    }
    return this.finished();
  }

  private async finished(): Promise<Ended> {
    const { name, kind } = this;
    const view = await this.desk.view(name);
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
