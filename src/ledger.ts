import { randomUUID } from 'node:crypto';
import type { Server } from 'node:https';
import type pg from 'pg';
import { v7 } from 'uuid';
import type { LoggerService } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { executionStatus } from '../projections/execution-status.js';
import { PROJECTIONS } from '../projections/index.js';
import type { Projection } from '../projections/projection.js';
import { KeyRing } from './api-keys/key-ring.js';
import type { Config } from './config.js';
import { watchDiskSpace } from './watch-disk-space.js';
import { startKeys } from './start-keys.js';
import { isLoopback } from './loopback.js';
import { closeInOrder, type Phase } from './closing.js';
import { migrate } from './postgres/migrate.js';
import { requireAppendOnly, roleOf } from './postgres/rights.js';
import { MIGRATIONS } from './migrations.js';
import { Deadlines } from './application/deadlines.js';
import { HandleExecution } from './application/handle-execution.js';
import { OperationLog } from './application/operation-log.js';
import { vocabularyOf } from './domain/words.js';
import type { StoreClock } from './event-store/store-clock.js';
import { openEventStore, type Tuning } from './open-event-store.js';
import { connectSession } from './postgres/session.js';
import { Metrics } from './http/metrics.js';
import { Folds } from './projector/folds.js';
import { Follower } from './projector/follower.js';
import { Leader } from './projector/leader.js';
import type { ProjectionStore } from './projector/projection-store.js';
import { Projector } from './projector/projector.js';
import { PostgresChores } from './projector/rebuild/postgres-chores.js';
import { isOfThisProgram, prepareProjection, whileOfThisProgram } from './projector/versions.js';
import { purposeOf } from './read-model/purpose.js';
import { PostgresReadModel } from './read-model/postgres-read-model.js';
import { Redaction } from './redaction/redaction.js';
import { closeService, createService } from './service.js';
import { readCertificate, watchCertificate, type CertificateWatch, type TlsFiles } from './tls.js';
import { startUpkeep } from './upkeep.js';
import type { Parts } from './app.module.js';
import { loggable } from './loggable.js';

/** A ledger that serves. */
export interface Ledger {
  readonly app: NestFastifyApplication;
  readonly parts: Parts;
  /** Where it listens. */
  readonly url: string;
  /** Answers what was accepted, then lets go of everything, within 18 s; answers the names of what did not end. */
  close(): Promise<readonly string[]>;
}

/** The database that the ledger works on. */
export interface Database {
  /** As the role that serves. */
  readonly url: string;
  /** As the role that the log belongs to, where that is another: for what is done before the ledger serves. */
  readonly ownerUrl?: string | undefined;
  /** Where its files lie, if it is the embedded one. */
  readonly dataDir?: string;
}

/** How often the lead at the deadlines is asked for, in milliseconds: who gives it up leaves no deadline a second late. */
const DEADLINES_RETRY_MS = 250;

/** The rows that lists and deadlines are read from, as this program makes them. */
const statusOf = (projections: readonly Projection[]): typeof executionStatus =>
  projections.find(({ name }) => name === executionStatus.name) as typeof executionStatus;

/** What the followers' connections wait for at most. */
const FOLLOWER_LIMITS = { connectMs: 2_000, statementMs: 60_000, lockMs: 10_000 };

/**
 * Summaries may be this much older than lists, in milliseconds: many small pages would cost what lists are seen with, and
 * a large one keeps everybody waiting while it is folded.
 */
const SUMMARY_GATHER_MS = 50;

/** Makes the tables of the database what this program expects. @throws StoreError when they are newer than it. */
export async function prepareDatabase({ url, ownerUrl }: Database, projections = PROJECTIONS): Promise<void> {
  const client = await connectSession(url, FOLLOWER_LIMITS, 'start');
  try {
    const role = ownerUrl === undefined ? undefined : await roleOf(client);
    await migrate({ connectionString: ownerUrl ?? url, role }, MIGRATIONS);
    if (ownerUrl !== undefined) await requireAppendOnly(client);
    for (const projection of projections) await prepareProjection(client, projection);
  } finally {
    await client.end();
  }
}

/** The loops that fold the log into the read models. */
function startProjectors(
  connectionString: string,
  parts: Parts,
  projections: readonly Projection[],
  logger: LoggerService,
): Follower[] {
  // Rows and checkpoint are lost together or not at all, and are folded again: no page waits for the disk.
  const connect = () => connectSession(connectionString, FOLLOWER_LIMITS, 'projector', { synchronous_commit: 'off' });
  const folds = new Folds(parts.store, statusOf(projections));
  return projections.map((projection, index) => {
    const onParked = (event: object): void =>
      logger.error({ event: 'projection.event_rejected', projection: projection.name, ...event });
    const onLost = (position: bigint): void =>
      logger.error({
        event: 'projection.log_rejected',
        projection: projection.name,
        position: String(position),
        detail: 'the log is not the one that was projected up to here, and was restored: rebuild the projection',
      });
    const onError = (error: unknown): void =>
      logger.warn({ event: 'projection.page_failed', projection: projection.name, error: loggable(error) });
    const grown = (tables: ProjectionStore): void =>
      void connectSession(connectionString, FOLLOWER_LIMITS, 'analyze')
        .then((client) => tables.analyze(client).finally(() => client.end()))
        .catch(onError);
    // Each projection meets them; they are counted once.
    const skipped = (events: number): void => (index === 0 ? parts.metrics.foreign(events) : undefined);
    const unread = (members: number): void => (index === 0 ? parts.metrics.leftOut.ofEvents(members) : undefined);
    const projector = new Projector(projection, parts.store, folds, {
      parked: onParked,
      lost: onLost,
      skipped,
      unread,
      grown,
    });
    const gatherMs = projection.name === executionStatus.name ? {} : { gatherMs: SUMMARY_GATHER_MS };
    const follower = new Follower(parts.store, projector, { connect, onError, ...gatherMs });
    follower.start();
    return follower;
  });
}

/** The loop that times out what is due, in one process at a time. */
function startDeadlines(
  connectionString: string,
  { readModel, runtime, metrics, disk }: Parts,
  executions: HandleExecution,
  status: Projection,
  logger: LoggerService,
): Leader {
  const warn = (error: unknown, more = {}): void =>
    logger.warn({ event: 'execution.time_out_failed', ...more, error: loggable(error) });
  const deadlines = new Deadlines(
    executions,
    readModel,
    runtime,
    {
      timedOut: () => metrics.timedOut(),
      failed: (execution_id, error) => warn(error, { execution_id }),
    },
    () => disk?.isFull === true,
  );
  const purpose = purposeOf('deadlines');
  const able = (client: pg.Client): Promise<boolean> => isOfThisProgram(client, status);
  const term = (client: pg.Client, signal: AbortSignal): Promise<void> =>
    whileOfThisProgram(client, status, signal, (until) => deadlines.run(until));
  const connect = () => connectSession(connectionString, FOLLOWER_LIMITS, 'deadlines');
  const leader = new Leader({ purpose, able, term }, { connect, onError: warn, retryMs: DEADLINES_RETRY_MS });
  leader.start();
  return leader;
}

/** From how far apart the clocks of this machine and of the store are worth a word, in milliseconds. */
const CLOCKS_APART_MS = 1_000;

/** Says that clocks differ, or that one jumped: the ledger puts itself right, but other programs on this machine do not. */
function tellOfClocks(clock: StoreClock, metrics: Metrics, logger: LoggerService): void {
  const { offsetMs } = clock;
  if (Math.abs(offsetMs) > CLOCKS_APART_MS) {
    const detail = "this machine's clock differs from the store's, which the ledger goes by: check how both are kept";
    logger.warn({ event: 'clock.comparison_failed', offset_ms: offsetMs, detail });
  }
  clock.onStampAhead(({ aheadMs }) => {
    metrics.stampAhead();
    const detail = "the last event was stamped far ahead of the store's clock, and is not followed: the clock jumped";
    logger.error({ event: 'clock.stamp_rejected', ahead_ms: aheadMs, detail });
  });
}

const tlsFilesOf = ({ tlsCertFile: cert, tlsKeyFile: key }: Config): TlsFiles | undefined =>
  cert === undefined || key === undefined ? undefined : { cert, key };

const tellOfCertificate = (logger: LoggerService): CertificateWatch => ({
  changed: () => logger.log({ event: 'tls.certificate_changed' }),
  refused: (error) => logger.error({ event: 'tls.certificate_rejected', error: loggable(error) }),
});

/** Starts the ledger on a database: migrates, projects, serves. */
export async function startLedger(
  config: Config,
  database: Database,
  logger: LoggerService,
  tuning: Tuning = {},
  projections = PROJECTIONS,
): Promise<Ledger> {
  const { url: connectionString, dataDir } = database;
  // Refuses an unfit server before anything is made.
  const store = await openEventStore(config, database, tuning);
  await prepareDatabase(database, projections).catch(async (error: unknown) => {
    await store.close().catch(() => undefined);
    throw error;
  });
  const readModel = await PostgresReadModel.open(connectionString, projections);
  const session = () => connectSession(connectionString, FOLLOWER_LIMITS, 'upkeep');
  const chores = new PostgresChores(projections, readModel.ask, session);
  const metrics = new Metrics();
  const runtime = {
    clock: () => store.clock.now(),
    newExecutionId: () => v7(),
    newEventId: randomUUID,
    staleAfterMs: config.resumeStaleAfterMs,
  };
  const disk = dataDir === undefined ? undefined : await watchDiskSpace(dataDir, config, logger);
  tellOfClocks(store.clock, metrics, logger);
  const tlsFiles = tlsFilesOf(config);
  const certificate = tlsFiles && readCertificate(tlsFiles);
  const { githubWebhookSecret, githubWebhookSecretPrevious, bodyLimit, inFlightBytes } = config;
  const secrets = [githubWebhookSecret, githubWebhookSecretPrevious].filter((secret) => secret !== undefined);
  const sources = { github: { secrets, open: isLoopback(config.host) && config.apiKeys.length === 0 } };
  const parts: Parts = {
    store,
    readModel,
    chores,
    runtime,
    metrics,
    sources,
    words: vocabularyOf(config.statusWords),
    keys: new KeyRing(config.apiKeys),
    redaction: new Redaction(config.redact),
    quotas: config.quotas,
    trustedProxies: config.trustedProxies,
    bodyLimit,
    ...(disk && { disk }),
    ...(certificate && { certificate }),
    inFlightBytes,
  };
  metrics.watch(parts);
  const inline = config.projector === 'inline';
  const followers = inline ? startProjectors(connectionString, parts, projections, logger) : [];
  const keepers = inline ? startUpkeep(connectionString, parts, chores, projections, logger) : [];
  const app = await createService(parts, logger);
  const keys = startKeys(config, parts.keys, readModel.ask, app.get(OperationLog), logger);
  const tls =
    tlsFiles && certificate
      ? [watchCertificate(app.getHttpServer() as Server, tlsFiles, certificate, tellOfCertificate(logger))]
      : [];
  const deadlines = inline
    ? [startDeadlines(connectionString, parts, app.get(HandleExecution), statusOf(projections), logger)]
    : [];
  const stopAll = (all: readonly { stop(): Promise<void> }[]) => () => Promise.all(all.map((one) => one.stop()));
  const phases: Phase[] = [
    {
      parts: { service: () => closeService(app), deadlines: stopAll(deadlines), keys: stopAll([...keys, ...tls]) },
      limitMs: 9_000,
    },
    {
      parts: { upkeep: stopAll([...keepers, ...(disk ? [disk] : [])]), projectors: stopAll(followers) },
      limitMs: 5_500,
    },
    { parts: { 'event store': () => store.close(), 'read model': () => readModel.close() }, limitMs: 3_000 },
  ];
  let closing: Promise<readonly string[]> | undefined;
  const close = (): Promise<readonly string[]> => (closing ??= closeInOrder(phases));
  try {
    await app.listen(config.port, config.host);
  } catch (error) {
    await close();
    throw error;
  }
  return { app, parts, url: await app.getUrl(), close };
}
