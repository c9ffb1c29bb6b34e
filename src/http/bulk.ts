import type { CommandBus } from '@nestjs/cqrs';
import { ReportExecution } from '../application/deciding/command-handlers.js';
import { inOrder } from '../application/in-order.js';
import { receiptOf } from '../application/deciding/receipt.js';
import { parseJson } from '../encoding/json.js';
import { Problem } from '../contract/problem.js';
import { readReport } from '../contract/read-report.js';
import { eventReport } from '../contract/reports.js';
import { fromEvent } from '../contract/to-input.js';
import { withUnplaced } from '../contract/unplaced.js';
import type { Json, JsonObject } from '../domain/json.js';
import type { Vocabulary } from '../domain/words.js';
import { isOutOfReach } from '../errors.js';
import { ownTurn } from '../event-loop.js';
import type { WithActor } from './access.js';
import { toRequest, type Endpoint } from './incoming-request.js';
import type { Redaction } from '../redaction/redaction.js';
import { readUtf8 } from './body.js';
import type { BulkPace } from './bulk-pace.js';
import { slicesOf, weightOf } from './bulk-slices.js';
import type { MalformedRequests } from './malformed.js';
import { failureOf } from './problem.filter.js';
import type { RawReport } from './report-splitter.js';

const ENDPOINT: Endpoint = {
  source: 'reports',
  kind: 'report',
  keepsReport: true,
  oneOfMany: true,
  schema: eventReport,
};
/** How many executions are: what the store takes on without turning others away. */
const EXECUTIONS_AT_ONCE = 1024;
/** How much is read, or handed on to be decided, in one turn of the event loop, so that nobody's answer waits for all of it. */
const WEIGHT_PER_TURN = 256 * 1024;

/** The items, with a turn of the event loop for others after so much weight of them. */
async function* paced<T>(items: Iterable<T>, weigh: (item: T) => number): AsyncGenerator<T> {
  let weight = 0;
  for (const item of items) {
    yield item;
    weight += weigh(item);
    if (weight < WEIGHT_PER_TURN) continue;
    weight = 0;
    await ownTurn();
  }
}

/** A report that could be read, and the line it stood in. */
interface ReadableReport {
  readonly line: number;
  readonly weight: number;
  readonly command: ReportExecution;
}

/** The reports of one request: those of one execution are asked together and in order, executions side by side. */
export class Bulk {
  /** The store could not take one: the rest is not tried. */
  private failed = false;
  /** Its time is over: counted from the first that was not there before. */
  private until = Infinity;

  constructor(
    private readonly commands: CommandBus,
    private readonly request: WithActor,
    private readonly words: Vocabulary,
    private readonly malformed: MalformedRequests,
    private readonly redaction: Redaction,
    private readonly pace: BulkPace,
  ) {}

  /**
   * A receipt per report, in order. After a slice that failed, or when the time is over, nothing more is begun: what is begun is
   * a beginning of the body, so that who sends the rest goes on where this ended. The time of replays does not count, or
   * a body that is sent again whole could end where it ended before.
   */
  async *receipts(reports: readonly RawReport[]): AsyncGenerator<JsonObject[]> {
    const stopped = (): string | undefined =>
      this.failed ? FAILED : this.pace.now() > this.until ? OUT_OF_TIME : undefined;
    let nextLine: number | undefined;
    for (const slice of slicesOf(reports, () => (stopped() === undefined ? this.pace.next : Infinity))) {
      const why = stopped();
      if (why === undefined) yield await this.settle(slice);
      else {
        nextLine ??= slice[0]!.line;
        yield slice.map(({ line }) => ({ ...unavailableLine(line, why), next_line: nextLine }));
      }
    }
  }

  private async settle(slice: readonly RawReport[]): Promise<JsonObject[]> {
    const receipts = new Map<number, JsonObject>();
    const groups = await this.group(slice, receipts);
    const began = this.pace.now();
    const together = (group: readonly ReadableReport[]): number => group.reduce((sum, { weight }) => sum + weight, 0);
    const settled = inOrder(paced(groups.values(), together), EXECUTIONS_AT_ONCE, (group) =>
      this.settleGroup(group, receipts),
    );
    while (!(await settled.next()).done);
    const all = slice.map(({ line }) => receipts.get(line)!);
    const written = all.filter(hasWritten).length;
    if (written > 0) this.until = Math.min(this.until, began + this.pace.limitMs);
    if (this.failed) this.pace.beginAnew();
    else this.pace.took(this.pace.now() - began, written);
    return all;
  }

  private async group(
    window: readonly RawReport[],
    receipts: Map<number, JsonObject>,
  ): Promise<Map<string, ReadableReport[]>> {
    const groups = new Map<string, ReadableReport[]>();
    for await (const report of paced(window, weightOf)) {
      const { line } = report;
      try {
        const command = await this.commandOf(report);
        const { executionId } = command.request;
        const one = { line, weight: weightOf(report), command };
        const group = groups.get(executionId);
        if (group) group.push(one);
        else groups.set(executionId, [one]);
      } catch (error) {
        const bytes = report.bytes.length;
        this.malformed.note(error, { source: ENDPOINT.source, bytes, body: () => tried(report) });
        receipts.set(line, { line, ...failureOf(error) });
      }
    }
    return groups;
  }

  /** @throws on what is no report: it spoils no other. */
  private async commandOf(report: RawReport): Promise<ReportExecution> {
    if (report.flaw !== undefined) throw Problem.of('validation', report.flaw);
    const { request, words, redaction } = this;
    const raw = await redaction.body(read(report));
    const body = readReport(eventReport, raw);
    const said = fromEvent(body, words);
    const { envelope } = toRequest(request, body.execution_id, withUnplaced(body, said, words), ENDPOINT, raw);
    return new ReportExecution({ ...envelope, input: said });
  }

  private async settleGroup(group: readonly ReadableReport[], receipts: Map<number, JsonObject>): Promise<void> {
    await Promise.all(group.map(async (one) => receipts.set(one.line, await this.settleOne(one))));
  }

  private async settleOne({ line, command }: ReadableReport): Promise<JsonObject> {
    if (this.failed) return unavailableLine(line, FAILED);
    try {
      return { line, ...receiptOf(await this.commands.execute(command)) };
    } catch (error) {
      // An event that cannot be read, or others who never rest from writing, are their own execution's trouble.
      this.failed ||= isOutOfReach(error);
      return { line, ...failureOf(error) };
    }
  }
}

const OUT_OF_TIME = 'not begun: the time that a body has was over; go on from next_line';
const FAILED = 'an earlier report could not be stored';

/** Whether it was decided, and the store wrote something for it as far as the receipt tells. */
const hasWritten = ({ error, replayed, verdict }: JsonObject): boolean =>
  error === undefined && replayed === undefined && verdict !== 'duplicate';

const unavailableLine = (line: number, error: string): JsonObject => ({
  line,
  verdict: 'unavailable',
  applied: false,
  error,
});

function read({ bytes }: RawReport): Json {
  try {
    return parseJson(readUtf8(bytes));
  } catch (error) {
    throw Problem.of('validation', (error as Error).message); // no JSON
  }
}

/** What can be read of it, for whoever tells what it is like. */
function tried(report: RawReport): Json {
  try {
    return read(report);
  } catch {
    return undefined;
  }
}
