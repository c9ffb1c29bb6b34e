import { Module, type DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { KeyRing } from '../api-keys/key-ring.js';
import { Sessions } from '../api-keys/sessions.js';
import { HANDLERS } from '../application/handlers.js';
import { ExecutionFeed } from '../application/reading/execution-feed.js';
import { Freshness } from '../application/reading/freshness.js';
import { FreshExecutions } from '../application/reading/fresh-executions.js';
import { HandleExecution } from '../application/deciding/handle-execution.js';
import { OperationLog } from '../application/operating/operation-log.js';
import { RUNTIME, STATUS_WORDS, type Runtime } from '../application/ports.js';
import { StreamWaiters } from '../application/reading/stream-waiters.js';
import { DiskSpace } from '../disk-space.js';
import type { Vocabulary } from '../domain/words.js';
import { EVENT_STORE, LOG_READS, type EventStore } from '../event-store/event-store.js';
import { BulkCommandsController } from '../http/bulk-commands.controller.js';
import { BulkPace } from '../http/bulk-pace.js';
import { BulkReportsController } from '../http/bulk-reports.controller.js';
import { CommandsController } from '../http/commands.controller.js';
import { ExecutionsController } from '../http/executions.controller.js';
import { LogController } from '../http/log.controller.js';
import { Metrics } from '../http/metrics.js';
import { OperationLogController } from '../http/operation-log.controller.js';
import { OperationsController } from '../http/operations.controller.js';
import { ProjectionRowsController } from '../http/projection-rows.controller.js';
import { ProjectionsController } from '../http/projections.controller.js';
import { ReportsController } from '../http/reports.controller.js';
import { RootController } from '../http/root.controller.js';
import { SessionController } from '../http/session.controller.js';
import { SourceReports } from '../http/source-reports.js';
import { SourcesController } from '../http/sources.controller.js';
import { StreamController } from '../http/stream.controller.js';
import { SummariesController } from '../http/summaries.controller.js';
import { PROJECTION_OPERATIONS, type ProjectionOperations } from '../rebuild/projection-operation.js';
import { READ_MODEL, type ReadModel } from '../read-model/read-model.js';
import { Redaction } from '../redaction/redaction.js';
import type { SourceSecrets } from '../sources/sources.js';
import type { Certificate } from './tls.js';

/** What the ledger is made of: the roof chooses, everything below takes what it is given. */
export interface Parts {
  readonly store: EventStore;
  readonly readModel: ReadModel;
  readonly operations: ProjectionOperations;
  readonly runtime: Runtime;
  readonly metrics: Metrics;
  readonly sources: SourceSecrets;
  readonly words: Vocabulary;
  readonly keys: KeyRing;
  readonly sessions: Sessions;
  readonly redaction: Redaction;
  /** Reports per second, by the names of those who send them. */
  readonly quotas: ReadonlyMap<string, number>;
  /** Whose word about the address of a caller is taken. */
  readonly trustedProxies: readonly string[];
  /** The ledger speaks TLS itself. */
  readonly certificate?: Certificate;
  /** The folder of the pages for people, where they are built. */
  readonly pages?: string;
  /** The room for the embedded database. */
  readonly disk?: DiskSpace;
  /** Bytes. */
  readonly bodyLimit: number;
  /** Of bodies and answers together, in bytes. */
  readonly inFlightBytes: number;
}

/** The ledger's HTTP service over the given parts. */
@Module({})
export class AppModule {
  static over({
    store,
    readModel,
    operations,
    runtime,
    metrics,
    words,
    keys,
    sessions,
    redaction,
    disk,
  }: Parts): DynamicModule {
    const fresh = new FreshExecutions(store.reads, readModel);
    return {
      module: AppModule,
      imports: [CqrsModule.forRoot()],
      controllers: [
        ReportsController,
        BulkReportsController,
        SourcesController,
        CommandsController,
        BulkCommandsController,
        ExecutionsController,
        LogController,
        StreamController,
        SummariesController,
        ProjectionsController,
        ProjectionRowsController,
        OperationLogController,
        OperationsController,
        RootController,
        SessionController,
      ],
      providers: [
        { provide: EVENT_STORE, useValue: store },
        { provide: LOG_READS, useValue: store.reads },
        { provide: READ_MODEL, useValue: readModel },
        { provide: PROJECTION_OPERATIONS, useValue: operations },
        { provide: RUNTIME, useValue: runtime },
        { provide: Metrics, useValue: metrics },
        { provide: KeyRing, useValue: keys },
        { provide: Sessions, useValue: sessions },
        { provide: Redaction, useValue: redaction },
        { provide: DiskSpace, useValue: disk },
        { provide: STATUS_WORDS, useValue: words },
        { provide: FreshExecutions, useValue: fresh },
        { provide: Freshness, useFactory: () => new Freshness(store.reads, readModel, runtime.clock) },
        SourceReports,
        { provide: BulkPace, useValue: new BulkPace() },
        { provide: StreamWaiters, useFactory: () => new StreamWaiters(store.reads) },
        { provide: ExecutionFeed, useFactory: () => new ExecutionFeed(store.reads, readModel, runtime) },
        { provide: HandleExecution, useFactory: () => new HandleExecution(store, runtime, metrics) },
        {
          provide: OperationLog,
          useFactory: () => new OperationLog(store, runtime.newEventId, (...lost) => metrics.operationLost(...lost)),
        },
        ...HANDLERS,
      ],
    };
  }
}
