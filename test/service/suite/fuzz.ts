import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { PROJECTIONS } from '../../../projections/index.js';
import { eventually } from '../../support/eventually.js';
import type { TestLedger } from '../../support/ledger/ledger.js';
import { ENDPOINTS, sample, type FuzzRequest } from './fuzz-requests.js';
import { hangUp, send, type Told } from './fuzz-send.js';

const LONGEST_MS = 1_000;
const AT_ONCE = 16;
/** How often what came late is asked again. */
const AGAIN = 3;
/** How often a neighbour reports, in ms: it is there to be harmed, not to be what the ledger is busy with. */
const NEIGHBOUR_MS = 50;
/** How often it says how far it is, in ms. */
const SAID_MS = 10_000;
/** How long the projections have to catch up when all is over, in ms. */
const CATCH_UP_MS = 60_000;
const FAILED_LINE = /"verdict":"(?:internal|unavailable)"/;

const EVENTS = ENDPOINTS.find(({ path }) => path.endsWith('/workflow/executions/events'))!;
/** A report about an execution that nobody else talks of. */
const healthy = (): FuzzRequest => ({
  endpoint: EVENTS,
  name: '',
  body: { execution_id: `healthy-${randomUUID()}`, status: 'running' },
  query: [],
  headers: {},
});

type Ledger = Pick<TestLedger, 'url' | 'call'>;
/** Whoever paused a projection, or had it rebuilt, is told by 503 that it is behind: by who waits for it, and by the probe. */
const isBehind = (answer: string, { path }: FuzzRequest['endpoint']): boolean =>
  answer.startsWith('{"type":"/problems/not_yet_projected"') || path === '/health/ready';
const isWrong = ({ status, answer }: Told, { endpoint }: FuzzRequest): boolean =>
  status === 503 ? !isBehind(answer, endpoint) : status >= 500 || FAILED_LINE.test(answer);

/** Sends whatever it is given, beside a neighbour that reports all the while, and keeps what should not have been. */
class Fuzzing {
  readonly wrong: unknown[] = [];
  /** What was under way when an answer came late: some of it, or of another program's work, made it so. */
  private readonly late: FuzzRequest[][] = [];
  /** Who is in one of them is not asked again for being late itself. */
  private readonly suspects = new Set<FuzzRequest>();
  private readonly underWay = new Set<FuzzRequest>();
  private going = true;
  /** How many reports of the neighbour were taken. */
  reports = 0;
  sent = 0;

  constructor(
    private readonly ledger: Ledger,
    private readonly atOnce: number,
  ) {}

  async all(queue: Iterator<FuzzRequest> & Iterable<FuzzRequest>): Promise<void> {
    const neighbour = this.neighbour();
    const said = setInterval(() => process.stderr.write(`${this.sent} requests, ${this.late.length} late\n`), SAID_MS);
    try {
      await Promise.all(Array.from({ length: this.atOnce }, () => this.worker(queue)));
    } finally {
      clearInterval(said);
      this.going = false;
      await neighbour;
    }
    for (const asked of this.late) await this.again(asked);
  }

  private async worker(queue: Iterable<FuzzRequest>): Promise<void> {
    for (const asked of queue) {
      await this.one(asked);
      this.sent++;
    }
  }

  private async neighbour(): Promise<void> {
    for (; this.going; await pause(NEIGHBOUR_MS)) {
      const asked = healthy();
      const told = await this.one(asked);
      if (told.status === 200) this.reports++;
      else this.note(told, asked);
    }
  }

  private async one(asked: FuzzRequest): Promise<Told> {
    this.underWay.add(asked);
    const told = await this.ask(asked);
    if (told.ms > LONGEST_MS && !this.suspects.has(asked)) {
      this.late.push([...this.underWay]);
      for (const one of this.underWay) this.suspects.add(one);
    }
    this.underWay.delete(asked);
    return told;
  }

  private async ask(asked: FuzzRequest): Promise<Told> {
    const told = await send(this.ledger.url, asked).catch((error: unknown) => ({
      status: 599, // no answer at all
      answer: String(error),
      ms: 0,
    }));
    if (isWrong(told, asked)) this.note(told, asked);
    return told;
  }

  private note(told: Told, asked: FuzzRequest): void {
    this.wrong.push({ ...told, answer: told.answer.slice(0, 300), asked: JSON.stringify(asked).slice(0, 500) });
  }

  /** The same at once, with a neighbour beside it. On a machine that others use any may be late now and then, but not each time. */
  private async again(asked: readonly FuzzRequest[]): Promise<void> {
    let told: (Told & { asked: FuzzRequest })[] = [];
    for (let n = 0; n < AGAIN; n++) {
      const all = [...asked, healthy()];
      told = await Promise.all(all.map(async (one) => ({ ...(await this.ask(one)), asked: one })));
      if (told.every(({ ms }) => ms <= LONGEST_MS)) return;
    }
    for (const one of told) if (one.ms > LONGEST_MS) this.note(one, one.asked);
  }
}

/** Once nobody holds them any more, all projections come to the end of the log, and had to pass over nothing. */
async function caughtUp({ call }: Ledger): Promise<void> {
  for (const { name } of PROJECTIONS) await call('POST', `/projections/${name}/resume`);
  const deadline = performance.now() + CATCH_UP_MS;
  const { body } = await eventually(
    () => call('GET', '/projections'),
    ({ body: { projections } }) =>
      performance.now() > deadline ||
      projections.every((one: { state: string; lag_events: number }) => one.state === 'live' && one.lag_events === 0),
  );
  expect(body.projections).toMatchObject(
    PROJECTIONS.map(() => ({ state: 'live', lag_events: 0, parked_count: 0, parked: [] })),
  );
}

/**
 * Whatever anybody sends: an answer within a second that blames nobody else, and neighbours that do not notice.
 * @param atOnce how many requests are under way at a time
 */
export function describeFuzz(ledger: Ledger, count: number, seed: number, limitMs: number, atOnce = AT_ONCE): void {
  it(
    'of whatever is sent nothing fails, waits or harms its neighbours',
    async () => {
      const fuzzing = new Fuzzing(ledger, atOnce);
      await fuzzing.all(sample(count, seed));
      hangUp();
      expect(fuzzing.wrong.slice(0, 5)).toEqual([]);
      expect(fuzzing.sent).toBeGreaterThanOrEqual(count);
      expect(fuzzing.reports).toBeGreaterThan(10);
      await caughtUp(ledger);
    },
    limitMs,
  );
}
