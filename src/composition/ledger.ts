import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { LoggerService } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Server } from 'node:https';
import { PROJECTIONS } from '../../projections/index.js';
import type { Parts } from './app.module.js';
import { HandleExecution } from '../application/deciding/handle-execution.js';
import { OperationLog } from '../application/operating/operation-log.js';
import { closeInOrder, type Phase } from '../closing.js';
import type { Config } from '../config.js';
import { connectFollower } from './follower-session.js';
import type { Tuning } from './open-event-store.js';
import { openParts } from './open-parts.js';
import { openTls } from './open-tls.js';
import type { Database } from './prepare-database.js';
import { ControlListener } from '../projector/control-listener.js';
import { closeService, createService } from './http-server.js';
import { startDeadlines } from './start-deadlines.js';
import { startKeys } from './start-keys.js';
import { startProjectors, statusOf } from './start-projectors.js';
import { startUpkeep } from './upkeep.js';

/** A ledger that serves. */
export interface Ledger {
  readonly app: NestFastifyApplication;
  readonly parts: Parts;
  /** Where it listens. */
  readonly url: string;
  /** Answers what was accepted, then lets go of everything, within 18 s; answers the names of what did not end. */
  close(): Promise<readonly string[]>;
}

/** Where a build has the pages for people; what runs from its sources has none. */
const PAGES = fileURLToPath(new URL('../../pages', import.meta.url));

type Stoppable = { stop(): Promise<void> } | undefined;
const stopAll = (all: readonly Stoppable[]) => () => Promise.all(all.map((one) => one?.stop()));

/** Starts the ledger on a database: migrates, projects, serves. */
export async function startLedger(
  config: Config,
  database: Database,
  logger: LoggerService,
  tuning: Tuning = {},
  projections = PROJECTIONS,
): Promise<Ledger> {
  const { url } = database;
  const tls = openTls(config, logger);
  const opened = await openParts(config, database, logger, tuning, projections);
  const { store, readModel, operations, disk } = opened;
  const parts: Parts = {
    ...opened,
    ...(tls && { certificate: tls.certificate }),
    ...(existsSync(PAGES) && { pages: PAGES }),
  };
  const inline = config.projector === 'inline';
  const control = new ControlListener(() => connectFollower(url, 'control'));
  const projectors = inline ? startProjectors(url, parts, projections, control, logger) : [];
  const upkeep = inline ? startUpkeep(url, parts, operations, projections, control, logger) : [];
  const app = await createService(parts, logger);
  const keys = startKeys(config, parts.keys, readModel.keepers.query, app.get(OperationLog), logger);
  const certificate = tls?.watch(app.getHttpServer() as Server);
  const deadlines = inline
    ? startDeadlines(url, parts, app.get(HandleExecution), statusOf(projections), logger)
    : undefined;
  const phases: Phase[] = [
    {
      parts: {
        service: () => closeService(app),
        deadlines: stopAll([deadlines]),
        keys: stopAll([...keys, certificate]),
      },
      limitMs: 9_000,
    },
    { parts: { upkeep: stopAll([...upkeep, disk]), projectors: stopAll([...projectors, control]) }, limitMs: 5_000 },
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
