import { Logger } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { FastifyInstance } from 'fastify';
import { overdueMs } from '../application/deciding/deadlines.js';
import type { Operation } from '../application/operating/operation-log.js';
import type { Runtime } from '../application/ports.js';
import { observe } from '../application/operating/projection-view.js';
import type { LedgerRequest } from '../application/request.js';
import type { Telemetry } from '../application/deciding/telemetry.js';
import type { DiskSpace } from '../disk-space.js';
import type { EventStore } from '../event-store/event-store.js';
import { loggable } from '../loggable.js';
import type { ReadModel } from '../read-model/read-model.js';
import type { ProjectionOperations } from '../rebuild/projection-operation.js';
import { isRefusal, type Verdict } from '../domain/verdict.js';
import { watchOperations } from './projection-operation-metrics.js';
import { Denials } from './denials.js';
import { watchDisk } from './disk.js';
import { LeftOutMembers } from './left-out.js';
import { watchLog } from './lost-log.js';
import { MalformedRequests } from './malformed.js';
import { watchClock, watchOverdue, watchProjections } from './projection-metrics.js';
import { UnknownWords } from './unknown-words.js';

/** What is looked at whenever somebody asks. */
interface MetricSources {
  readonly store: EventStore;
  readonly readModel: ReadModel;
  readonly operations: ProjectionOperations;
  readonly runtime: Pick<Runtime, 'clock'>;
  readonly disk?: DiskSpace;
}

/** Prometheus metrics, and the log lines of verdicts: the one place that turns what happens into both. */
export class Metrics implements Telemetry {
  private readonly logger = new Logger('ledger');
  private readonly registry = new Registry();
  private readonly verdicts = new Counter({
    name: 'ledger_verdicts_total',
    help: 'Verdicts given, by the door and the verdict',
    labelNames: ['source', 'verdict', 'replayed'] as const,
    registers: [this.registry],
  });
  readonly unknownWords = new UnknownWords(this.registry);
  readonly leftOut = new LeftOutMembers(this.registry);
  readonly malformed = new MalformedRequests(this.registry);
  readonly denials = new Denials(this.registry);
  private readonly retries = new Counter({
    name: 'ledger_decision_retries_total',
    help: 'Decisions made again because another writer came first',
    registers: [this.registry],
  });
  private readonly omissions = new Counter({
    name: 'ledger_refused_reports_omitted_total',
    help: 'Refused reports beyond the bound of their execution: counted, not kept',
    registers: [this.registry],
  });
  private readonly foreigners = new Counter({
    name: 'ledger_foreign_events_total',
    help: 'Events in streams of executions whose type is not of the ledger: skipped by the projection',
    registers: [this.registry],
  });
  private readonly subscribers = new Gauge({
    name: 'ledger_stream_subscribers',
    help: 'Callers that follow GET /stream',
    registers: [this.registry],
  });
  private readonly streamsEnded = new Counter({
    name: 'ledger_streams_ended_total',
    help: 'Streams that the ledger ended, by the reason it gave',
    labelNames: ['reason'] as const,
    registers: [this.registry],
  });
  private readonly timeOuts = new Counter({
    name: 'ledger_timed_out_total',
    help: 'Executions that this process timed out because their deadline had passed',
    registers: [this.registry],
  });
  private readonly stampsAhead = new Counter({
    name: 'ledger_stamps_ahead_total',
    help: 'Times that the stamp of the last event was too far ahead of the clock of the store to be followed',
    registers: [this.registry],
  });
  private readonly patrolledRows = new Counter({
    name: 'ledger_patrol_rows_total',
    help: 'Rows that the patrol held against the log',
    labelNames: ['projection'] as const,
    registers: [this.registry],
  });
  private readonly driftedRows = new Counter({
    name: 'ledger_patrol_drift_total',
    help: 'Rows of those that are not the fold of their stream',
    labelNames: ['projection'] as const,
    registers: [this.registry],
  });
  private readonly heldPages = new Counter({
    name: 'ledger_patrol_log_pages_total',
    help: 'Pages of the log that the patrol held against what they were',
    registers: [this.registry],
  });
  private readonly wrongPages = new Gauge({
    name: 'ledger_log_pages_wrong',
    help: 'Pages of the log with an event that is missing, was changed or forged',
    registers: [this.registry],
  });
  private readonly durations = new Histogram({
    name: 'ledger_http_request_duration_seconds',
    help: 'Time to answer, by route and status',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    watchLog(this.registry);
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  decided({ origin, input, executionId, ignored }: LedgerRequest, verdict: string, replayed: boolean): void {
    this.verdicts.inc({ source: origin.source, verdict, replayed: String(replayed) });
    this.leftOut.ofReport(origin.source, ignored);
    if (verdict === 'unsupported_status') this.unknownWords.count(origin.source, wordOf(input));
    const refused = verdict === 'precondition_failed' || isRefusal(verdict as Verdict);
    const domain = input.kind === 'report' || input.kind === 'heartbeat' ? 'report' : 'execution';
    const event = `${domain}.${origin.source}_${refused ? 'rejected' : 'completed'}`;
    const line = { event, execution_id: executionId, verdict, correlation_id: origin.correlation_id };
    if (!refused) return this.logger.debug(line);
    if (input.kind === 'resume' || input.kind === 'cancel') return this.logger.log(line);
    if (input.kind === 'report' && input.mode === 'strict') return this.logger.warn(line);
    this.logger.debug(line);
  }

  retried(): void {
    this.retries.inc();
  }

  omitted(): void {
    this.omissions.inc();
  }

  /** Something was done to the ledger, and could not be recorded: here it is told, by whom and what. */
  operationLost({ kind, origin, about }: Operation, error: unknown): void {
    const { actor, on_behalf_of, correlation_id } = origin;
    const lost = { kind, actor, on_behalf_of, correlation_id, about };
    this.logger.error({ event: 'operation.record_failed', ...lost, error: loggable(error) });
  }

  /** A deadline had passed, and its execution was ended for it. */
  timedOut(): void {
    this.timeOuts.inc();
  }

  /** The last event's stamp was so far ahead that it was not followed. */
  stampAhead(): void {
    this.stampsAhead.inc();
  }

  /** Events were skipped because their type is not the ledger's (docs/semantics.md §6). */
  foreign(events: number): void {
    this.foreigners.inc(events);
  }

  /** So many follow the stream, more (1) or fewer (-1) than before. */
  following(by: 1 | -1): void {
    this.subscribers.inc(by);
  }

  /** A stream was ended for a reason of ours. */
  ended(reason: string): void {
    this.streamsEnded.inc({ reason });
  }

  /** The patrol looked at so many rows. */
  rowsChecked(projection: string, rows: number): void {
    this.patrolledRows.inc({ projection }, rows);
    this.driftedRows.inc({ projection }, 0); // an alert on a series that is not there never comes
  }

  /** The patrol found a row that is not the fold of its stream. */
  drifted(projection: string): void {
    this.driftedRows.inc({ projection });
  }

  /** The patrol looked at so many pages of the log, and knows of so many that are wrong. */
  logHeld(pages: number, wrong: number): void {
    this.heldPages.inc(pages);
    this.wrongPages.set(wrong);
  }

  /** Times every request of the server. */
  observe(fastify: FastifyInstance): void {
    this.denials.observe(fastify);
    fastify.addHook('onResponse', async (request, reply) => {
      const labels = {
        method: request.method,
        route: request.routeOptions.url ?? 'none',
        status: String(reply.statusCode),
      };
      this.durations.observe(labels, reply.elapsedTime / 1000);
    });
  }

  /** Looks where the projections are, and how long deadlines are overdue, whenever somebody asks. */
  watch({ store, readModel, operations, runtime: { clock }, disk }: MetricSources): void {
    if (disk) watchDisk(this.registry, disk);
    watchOperations(this.registry, () => operations.statuses());
    watchClock(this.registry, store.clock);
    watchOverdue(this.registry, () => overdueMs(readModel, clock()));
    watchProjections(this.registry, async () => observe(store, await readModel.projections.statuses(), clock()));
  }
}

/** The status word of a report that nobody knows. */
const wordOf = (input: LedgerRequest['input']): string =>
  input.kind === 'report' && typeof input.status === 'object' ? input.status.unsupported : '';
