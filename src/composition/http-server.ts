import type { Server } from 'node:http';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { INestApplication, LoggerService } from '@nestjs/common';
import { AppModule, type Parts } from './app.module.js';
import { ExecutionFeed } from '../application/reading/execution-feed.js';
import { StreamWaiters } from '../application/reading/stream-waiters.js';
import { READ_MODEL, type ReadModel } from '../read-model/read-model.js';
import { registerAccess } from '../http/access.js';
import { registerAnswers } from '../http/answers.js';
import { registerBodies } from '../http/body.js';
import { registerCompression } from '../http/compression.js';
import { registerSources } from '../http/deliveries.js';
import { refuseOnFullDisk } from '../http/disk.js';
import { registerConditions } from '../http/conditions.js';
import { refuseParameters } from '../http/no-parameters.js';
import { refuseArriving } from '../http/read-body.js';
import { registerLinger } from '../http/linger.js';
import { registerRedaction } from '../http/redacted-headers.js';
import { ProblemFilter, refuseUnrouted } from '../http/problem.filter.js';
import { answerClientError, refuseExpectations } from '../http/server-errors.js';
import { InFlight } from '../http/in-flight.js';
import { holdBodiesBack } from '../http/hold-back.js';
import { registerSecurityHeaders } from '../http/security-headers.js';
import { SchemaPipe } from '../http/schema.pipe.js';
import { serveDocument } from '../http/openapi.js';
import { servePages, showUnknownPages } from '../http/pages.js';
import { Quotas, registerQuotas } from '../http/quotas.js';
import { refuseWhileStopping } from '../http/stopping.js';
import { registerStarts } from '../http/starts.js';
import { registerVisibility } from '../http/visible-answer.js';
import { answerOtherVerbs } from '../http/verbs.js';

/** Longest id, percent-encoded, with its attempt. */
const MAX_PARAM = 255 * 12 + 16;
/** How addresses are read. */
const ROUTING = { maxParamLength: MAX_PARAM, ignoreTrailingSlash: true, ignoreDuplicateSlashes: true };
/** How long a request may take to arrive, and a connection to say something, in milliseconds. */
const REQUEST_TIMEOUT_MS = 60_000;
const KEEP_ALIVE_MS = 72_000;

/** Everything but what keeps the service running, and the path that OTLP prescribes, stands under the version of the API. */
export const prefixRoutes = (app: INestApplication): INestApplication =>
  app.setGlobalPrefix('api/v1', { exclude: ['/', 'health/live', 'health/ready', 'metrics', 'v1/traces'] });

/** The HTTP service, ready to listen. */
export async function createService(parts: Parts, logger: LoggerService | false): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    routerOptions: ROUTING,
    bodyLimit: parts.bodyLimit,
    ...(parts.trustedProxies.length > 0 && { trustProxy: [...parts.trustedProxies] }),
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    frameworkErrors: refuseUnrouted,
    return503OnClosing: false, // see stopping.ts
    clientErrorHandler: answerClientError,
    // Who asks for its health may know no name of the ledger; all others need one.
    ...(parts.certificate
      ? { https: { ...parts.certificate, requireHostHeader: false } }
      : { http: { requireHostHeader: false } }),
  });
  const fastify = adapter.getInstance();
  refuseExpectations(fastify.server);
  holdBodiesBack(fastify.server);
  registerLinger(fastify);
  registerSecurityHeaders(fastify, parts.certificate !== undefined);
  registerAnswers(fastify, new InFlight(parts.inFlightBytes));
  refuseWhileStopping(fastify);
  if (parts.pages !== undefined) showUnknownPages(fastify, parts.pages);
  registerAccess(fastify, parts, parts.metrics.denials);
  registerStarts(fastify);
  if (parts.quotas.size > 0) registerQuotas(fastify, new Quotas(parts.quotas), parts.metrics.denials);
  if (parts.disk) refuseOnFullDisk(fastify, parts.disk);
  answerOtherVerbs(fastify, ROUTING);
  registerBodies(fastify, parts, registerSources(fastify, parts.sources));
  registerRedaction(fastify, parts.redaction);
  refuseParameters(fastify);
  registerVisibility(fastify);
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
  app.useGlobalFilters(new ProblemFilter(parts.metrics.malformed));
  serveDocument(app);
  if (parts.pages !== undefined) await servePages(fastify, parts.pages);
  await app.init();
  return app;
}

/** How often connections are looked for that have become idle since the service closed, in milliseconds. */
const SWEEP_MS = 50;

/** How long a stop waits for bodies that are still arriving, and for connections of any kind, in milliseconds. */
const PATIENCE = { bodiesMs: 2_000, connectionsMs: 8_000 };

/** Answers what was accepted, turns the rest away, and lets go of the port. */
export async function closeService(app: NestFastifyApplication, patience = PATIENCE): Promise<void> {
  app.get(ExecutionFeed).close(); // followers are told, and come back to whoever serves next
  app.get(StreamWaiters).close(); // held reads are answered with what stands
  app.get<ReadModel>(READ_MODEL).releaseWaiters();
  // The connection of a request just answered is kept alive by its caller: it would hold the port for over a minute.
  const server: Server = app.getHttpServer();
  const timers = [
    setInterval(() => server.closeIdleConnections(), SWEEP_MS),
    setTimeout(() => refuseArriving(server), patience.bodiesMs),
    // Half a request line is neither idle nor a request: anybody who sent one would keep the process.
    setTimeout(() => server.closeAllConnections(), patience.connectionsMs),
  ];
  await app.close().finally(() => timers.forEach((timer) => clearTimeout(timer)));
}
