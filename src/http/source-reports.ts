import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ReportExecution } from '../application/deciding/command-handlers.js';
import { refuseRequestOutside } from '../application/confinement.js';
import { derivedId } from '../application/deciding/digest.js';
import { FreshExecutions } from '../application/reading/fresh-executions.js';
import { inOrder } from '../application/in-order.js';
import { STATUS_WORDS } from '../application/ports.js';
import { receiptOf, type Receipt } from '../application/deciding/receipt.js';
import { Problem } from '../contract/problem.js';
import { readReport } from '../contract/read-report.js';
import { eventReport } from '../contract/reports.js';
import { fromEvent } from '../contract/to-input.js';
import { withUnplaced } from '../contract/unplaced.js';
import type { TerminalExecution } from '../domain/execution.js';
import { compact, type JsonObject } from '../domain/json.js';
import type { Vocabulary } from '../domain/words.js';
import { Stint } from '../event-loop.js';
import { Redaction } from '../redaction/redaction.js';
import type { OwnReport, DeliveryContent, SourceReport } from '../sources/source-report.js';
import type { Dialect } from '../sources/sources.js';
import type { WithActor } from './access.js';
import { toRequest, type Endpoint } from './incoming-request.js';

/** How many reports of one delivery are decided at once: one after the other, hundreds would each wait for the disk. */
const AT_ONCE = 64;

/** What a delivery is answered with. */
export interface DeliveryAnswer {
  readonly receipts: readonly Receipt[];
  /** The name of what the ledger has no use for. */
  readonly ignored?: string;
}

/** Decides what foreign deliveries say, whatever their dialect: as fire-and-forget reports (docs/sources.md). */
@Injectable()
export class SourceReports {
  constructor(
    private readonly commands: CommandBus,
    private readonly executions: FreshExecutions,
    @Inject(STATUS_WORDS) private readonly words: Vocabulary,
    private readonly redaction: Redaction,
  ) {}

  /** @throws Problem 400 where the delivery, or one report of it, cannot be read: then nothing of it is decided */
  async decide(
    request: WithActor,
    source: Dialect,
    reading: DeliveryContent<SourceReport | OwnReport>,
  ): Promise<DeliveryAnswer> {
    if ('malformed' in reading) throw Problem.of('validation', `not a delivery of ${source}: ${reading.malformed}`);
    if ('ignored' in reading) return { receipts: [], ignored: reading.ignored };
    const endpoint: Endpoint = { source, kind: 'report', keepsReport: true, oneOfMany: true };
    const asked: ReportExecution[] = [];
    const stint = new Stint();
    for (const report of reading.reports) {
      asked.push(await this.read(request, endpoint, report));
      if (stint.isOver) await stint.next();
    }
    request.reports = asked.length;
    return { receipts: await this.settle(asked) };
  }

  /**
   * The receipts, in order. Reports of one execution are decided in the order in which they are begun.
   * @throws the first failure, when nothing is under way any more: then nothing more was begun after it
   */
  private async settle(asked: readonly ReportExecution[]): Promise<Receipt[]> {
    const failures: unknown[] = [];
    const settled = inOrder(asked, AT_ONCE, async (command) => {
      if (failures.length > 0) return undefined;
      try {
        return receiptOf(await this.commands.execute(command));
      } catch (error) {
        failures.push(error);
        return undefined;
      }
    });
    const receipts: Receipt[] = [];
    for await (const receipt of settled) if (receipt) receipts.push(receipt);
    if (failures.length > 0) throw failures[0];
    return receipts;
  }

  private async read(
    request: WithActor,
    endpoint: Endpoint,
    report: SourceReport | OwnReport,
  ): Promise<ReportExecution> {
    const raw = await this.redaction.body(await this.bodyOf(report));
    const body = readReport(eventReport, raw);
    const said = fromEvent(body, this.words);
    const { envelope } = toRequest(request, body.execution_id, withUnplaced(body, said, this.words), endpoint, raw);
    const asked = { ...envelope, input: said };
    refuseRequestOutside(asked);
    return new ReportExecution(asked);
  }

  /** The body of the fire-and-forget endpoint that says the same. */
  private async bodyOf(report: SourceReport | OwnReport): Promise<JsonObject> {
    const { same_by: parts, event_id = parts && derivedId(...parts) } = report;
    // A report that brings an id of its own is the same report by whatever way it comes.
    if ('own' in report) return compact({ event_id, ...report.own });
    const { again: _again, same_by: _same, ...body } = report;
    return compact({ ...body, event_id, execution_id: await this.addressed(report) }) as JsonObject;
  }

  /** Whom it is about: an execution of its own where it was started again under the id of one that had ended. */
  private async addressed({ execution_id, again }: SourceReport): Promise<string> {
    if (again === undefined) return execution_id;
    const first = (await this.executions.one(execution_id))?.state as Partial<TerminalExecution> | undefined;
    const ended = first?.completed_at;
    return ended !== undefined && ended < again.started_at ? again.execution_id : execution_id;
  }
}
