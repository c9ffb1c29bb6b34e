import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { INestApplication, LoggerService } from '@nestjs/common';
import { AppModule, type Parts } from './app.module.js';
import { ExecutionFeed } from './application/execution-feed.js';
import { StreamWaiters } from './application/stream-waiters.js';
import { READ_MODEL, type ReadModel } from './read-model/read-model.js';
import { registerAccess, type Access } from './http/access.js';
import { registerBodies } from './http/body.js';
import { registerCompression } from './http/compression.js';
import { registerConditions } from './http/conditions.js';
import { refuseParameters } from './http/no-parameters.js';
import { registerLinger } from './http/linger.js';
import { ProblemFilter, refuseUnrouted } from './http/problem.filter.js';
import { answerClientError, refuseExpectations } from './http/server-errors.js';
import { SchemaPipe } from './http/schema.pipe.js';
import { serveDocument } from './http/openapi.js';
import { answerOtherVerbs } from './http/verbs.js';

/** Longest id, percent-encoded, with its attempt. */
const MAX_PARAM = 255 * 12 + 16;
/** How addresses are read. */
const ROUTING = { maxParamLength: MAX_PARAM, ignoreTrailingSlash: true, ignoreDuplicateSlashes: true };
/** How long a request may take to arrive, and a connection to say something, in milliseconds. */
const REQUEST_TIMEOUT_MS = 60_000;
const KEEP_ALIVE_MS = 72_000;

/** Everything but what keeps the service running stands under the version of the API. */
export const prefixRoutes = (app: INestApplication): INestApplication =>
  app.setGlobalPrefix('api/v1', { exclude: ['health/live', 'health/ready', 'metrics'] });

/** The HTTP service, ready to listen. */
export async function createService(
  parts: Parts,
  access: Access,
  logger: LoggerService | false,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    routerOptions: ROUTING,
    bodyLimit: parts.bodyLimit,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    frameworkErrors: refuseUnrouted,
    clientErrorHandler: answerClientError,
    http: { requireHostHeader: false }, // who asks for its health may know no name of the ledger; all others need one
  });
  const fastify = adapter.getInstance();
  refuseExpectations(fastify.server);
  registerLinger(fastify);
  registerAccess(fastify, access);
  answerOtherVerbs(fastify, ROUTING);
  registerBodies(fastify, parts.bodyLimit);
  refuseParameters(fastify);
  registerConditions(fastify);
  parts.metrics.observe(fastify);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.over(parts), adapter, {
    logger,
    bodyParser: false,
    abortOnError: false,
  });
  await registerCompression(fastify);
  prefixRoutes(app);
  app.useGlobalPipes(new SchemaPipe());
  app.useGlobalFilters(new ProblemFilter());
  serveDocument(app);
  await app.init();
  return app;
}

/** How often connections are looked for that have become idle since the service closed, in milliseconds. */
const SWEEP_MS = 50;

/** Answers what was accepted, turns the rest away, and lets go of the port. */
export async function closeService(app: NestFastifyApplication): Promise<void> {
  app.get(ExecutionFeed).close(); // followers are told, and come back to whoever serves next
  app.get(StreamWaiters).close(); // held reads are answered with what stands
  app.get<ReadModel>(READ_MODEL).releaseWaiters();
  // The connection of a request just answered is kept alive by its caller: it would hold the port for over a minute.
  const sweep = setInterval(() => app.getHttpServer().closeIdleConnections(), SWEEP_MS);
  await app.close().finally(() => clearInterval(sweep));
}
