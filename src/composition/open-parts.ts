import { randomUUID } from 'node:crypto';
import type { LoggerService } from '@nestjs/common';
import { v7 } from 'uuid';
import type { Projection } from '../../projections/projection.js';
import { KeyRing } from '../api-keys/key-ring.js';
import { readSessionSecret, Sessions } from '../api-keys/sessions.js';
import type { Config } from '../config.js';
import { vocabularyOf } from '../domain/words.js';
import type { EventStore } from '../event-store/event-store.js';
import { Metrics } from '../http/metrics.js';
import { isLoopback } from '../loopback.js';
import { PostgresProjectionOperations } from '../rebuild/postgres-projection-operations.js';
import { PostgresReadModel } from '../read-model/postgres-read-model.js';
import { Redaction } from '../redaction/redaction.js';
import type { SourceSecrets } from '../sources/sources.js';
import type { Parts } from './app.module.js';
import { knowLog } from './known-log.js';
import { openEventStore, type Tuning } from './open-event-store.js';
import { prepareDatabase, type Database } from './prepare-database.js';
import { watchClocks } from './watch-clocks.js';
import { watchDiskSpace } from './watch-disk-space.js';

/** What a ledger is made of where its tables are in PostgreSQL. */
export interface OpenParts extends Parts {
  readonly readModel: PostgresReadModel;
  readonly operations: PostgresProjectionOperations;
}

/** The store of the events; the tables of the database are as this program expects them. */
async function openStore(
  config: Config,
  database: Database,
  logger: LoggerService,
  tuning: Tuning,
  projections: readonly Projection[],
): Promise<EventStore> {
  // Refuses an unfit server before anything is made.
  const store = await openEventStore(config, database, tuning);
  try {
    await prepareDatabase(database, projections);
    await knowLog(config, database, store, (detail) => logger.warn({ event: 'log.shared', detail }));
    return store;
  } catch (error) {
    await store.close().catch(() => undefined);
    throw error;
  }
}

function sourcesOf(config: Config): SourceSecrets {
  const open = isLoopback(config.host) && config.apiKeys.length === 0;
  const kept = (...secrets: (string | undefined)[]) => ({
    secrets: secrets.flatMap((secret) => (secret === undefined ? [] : [{ secret }])),
    open,
  });
  return {
    github: kept(config.githubWebhookSecret, config.githubWebhookSecretPrevious),
    gitlab: kept(config.gitlabWebhookToken, config.gitlabWebhookTokenPrevious),
    webhooks: { secrets: config.webhookSecrets, open },
  };
}

/** Opens what a ledger is made of, as it is configured. */
export async function openParts(
  config: Config,
  database: Database,
  logger: LoggerService,
  tuning: Tuning,
  projections: readonly Projection[],
): Promise<OpenParts> {
  const { url, dataDir } = database;
  const store = await openStore(config, database, logger, tuning, projections);
  const readModel = new PostgresReadModel(url, projections);
  const disk = dataDir === undefined ? undefined : await watchDiskSpace(dataDir, config, logger);
  const { quotas, trustedProxies, bodyLimit, inFlightBytes } = config;
  const keys = new KeyRing(config.apiKeys);
  const parts = {
    store,
    readModel,
    operations: new PostgresProjectionOperations(projections, readModel.keepers),
    runtime: {
      clock: () => store.clock.now(),
      newExecutionId: () => v7(),
      newEventId: randomUUID,
      staleAfterMs: config.resumeStaleAfterMs,
      silentAfter: config.silentAfter,
    },
    metrics: new Metrics(),
    sources: sourcesOf(config),
    words: vocabularyOf(config.statusWords),
    keys,
    sessions: new Sessions(keys, await readSessionSecret(readModel.keepers.query)),
    redaction: new Redaction(config.redact),
    quotas,
    trustedProxies,
    bodyLimit,
    inFlightBytes,
    ...(disk && { disk }),
  };
  watchClocks(store.clock, parts.metrics, logger);
  parts.metrics.watch(parts);
  return parts;
}
