import { belonging, executionOf, named, news, OFF_HAND, report, type Body } from './bodies.js';
import { Random } from './random.js';
import type { SharedKnowledge } from './shared-knowledge.js';
import * as to from './requests.js';
import type { Request } from './requests.js';

/** How many executions are talked about at a time, so that several producers meet at each. */
const WINDOW = 24;
/** After how many requests of each producer the oldest of them is left alone. */
const STEPS_PER_EXECUTION = 2;
/** How many of its last requests a producer delivers again. */
const REMEMBERED = 30;

/** What is sent at the same moment; one that comes twice is delivered twice. */
export type Volley = readonly Request[];

/** What a producer says, one volley after the other, for ever: which follows from the seed, and from attempts it heard of. */
export class Workload {
  private readonly random: Random;
  private readonly past: Request[] = [];
  private readonly reported: { readonly id: string; readonly executionId: string }[] = [];
  private said = 0;

  constructor(
    seed: number,
    private readonly name: string,
    private readonly known: SharedKnowledge,
  ) {
    this.random = new Random(seed);
  }

  next(): Volley {
    this.said++;
    const say = this.random.weighed<() => Volley>([
      [10, () => [this.register()]],
      [30, () => [this.event()]],
      [24, () => [this.status()]],
      [8, () => [this.progress()]],
      [6, () => [this.heartbeat()]],
      [4, () => [this.ask('dispatch', { handle: { slot: this.random.whole(9) } })]],
      [3, () => [this.ask('abort', { phase: this.random.pick(['staging', 'dispatch']), error: this.words() })]],
      [4, () => [this.ask('pause', { reason: this.words() })]],
      [14, () => this.resumes()],
      [2, () => [this.ask('cancel', { reason: this.words() })]],
      [1, () => [this.cascade()]],
      [3, () => [this.many()]],
      [1, () => [to.bulk(this.random.pick(['resume', 'cancel']), this.id(), this.some(), this.words())]],
      [8, () => this.again()],
      [2, () => [this.otherBody()]],
    ]);
    const volley = say();
    this.past.push(...volley);
    this.past.splice(0, this.past.length - REMEMBERED);
    // A delivery that is repeated before the first is answered.
    return this.random.chance(0.06) ? [...volley, ...volley] : volley;
  }

  private id(): string {
    return `${this.name}-${this.said}-${this.random.whole(1e9).toString(36)}`;
  }

  private words(): string {
    return `said by ${this.name} as its ${this.said}.`;
  }

  private number(): number {
    const oldest = Math.floor(this.said / STEPS_PER_EXECUTION);
    // Now and then somebody comes back to what was over long ago.
    return this.random.chance(0.03) ? this.random.whole(oldest + 1) : oldest + this.random.whole(WINDOW);
  }

  private some(): string[] {
    return [...new Set(Array.from({ length: 6 }, () => executionOf(this.number())))];
  }

  /** The attempt a worker speaks for: mostly the one that it was told of, sometimes none, rarely one that nobody opened. */
  private attempt(executionId: string): number | undefined {
    if (this.random.chance(0.02)) return 9;
    return this.random.chance(0.8) ? this.known.attempt(executionId) : undefined;
  }

  /** Equal bodies of one execution: of those who register it at once all but one get another's receipt. */
  private register(): Request {
    const n = this.number();
    const timed = {
      ...(n % 3 === 0 ? { timeout_ms: 500 + 100 * (n % 20) } : {}),
      ...(n % 7 === 0 ? { deadline: this.known.deadline(executionOf(n)) } : {}),
    };
    const said = {
      ...belonging(n),
      target: `target-${n % 5}`,
      input: { n },
      labels: { side: n % 2 ? 'odd' : 'even' },
    };
    return to.register(this.id(), executionOf(n), { ...said, ...timed });
  }

  private eventBody(n = this.number()): Body {
    const executionId = executionOf(n);
    const attempt = this.attempt(executionId);
    const told = this.random.chance(0.15) ? { message: this.words() } : report(this.random, this.words(), OFF_HAND);
    return { ...named(this.random, executionId, attempt), ...belonging(n), type: `target-${n % 5}`, ...told };
  }

  private event(): Request {
    const [id, n] = [this.id(), this.number()];
    this.reported.push({ id, executionId: executionOf(n) });
    this.reported.splice(0, this.reported.length - REMEMBERED);
    return to.event(id, this.eventBody(n));
  }

  private status(): Request {
    const executionId = executionOf(this.number());
    const body = report(this.random, this.words());
    return to.status(this.id(), executionId, body, this.attempt(executionId));
  }

  private progress(): Request {
    const executionId = executionOf(this.number());
    return to.progress(
      this.id(),
      executionId,
      { message: this.words(), ...news(this.random, this.words()) },
      this.attempt(executionId),
    );
  }

  private heartbeat(): Request {
    const executionId = executionOf(this.number());
    return to.heartbeat(
      this.id(),
      executionId,
      { worker: `worker-${this.random.whole(4)}` },
      this.attempt(executionId),
    );
  }

  private ask(kind: Parameters<typeof to.command>[0], body: Body, n = this.number()): Request {
    const executionId = executionOf(n);
    const attempt = this.random.chance(0.2) ? this.attempt(executionId) : undefined;
    return to.command(kind, this.id(), executionId, body, attempt);
  }

  /** Several that want the same attempt: one of them may win. */
  private resumes(): Volley {
    const { random: random } = this;
    const n = this.number();
    return Array.from({ length: 1 + random.whole(3) }, (_, k) => {
      const terms = {
        ...(random.chance(0.2) ? { timeout_ms: 300 + random.whole(2_000) } : {}),
        ...(random.chance(0.2) ? { new_attempt: true } : {}),
        ...(random.chance(0.1) ? { unnumbered: true } : {}),
      };
      return this.ask('resume', { reason: `${this.words()} ${k}`, ...terms }, n);
    });
  }

  private cascade(): Request {
    const n = this.number();
    return this.ask('cancel', { reason: this.words(), cascade: true }, n - (n % 6));
  }

  private many(): Request {
    const count = 5 + this.random.whole(15);
    return to.reports(
      Array.from({ length: count }, (_, line) => ({ ...this.eventBody(), event_id: `${this.id()}-${line}` })),
    );
  }

  /** What was delivered once already, and answered or not. */
  private again(): Volley {
    return this.past.length === 0 ? [this.event()] : [this.random.pick(this.past)];
  }

  /** An id that was used for something else. */
  private otherBody(): Request {
    const used = this.reported.length === 0 ? undefined : this.random.pick(this.reported);
    if (used === undefined) return this.event();
    return to.event(used.id, { execution_id: used.executionId, status: 'running', message: this.words() });
  }
}
