import { Controller, Headers, HttpCode, Options, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { sourceAnswer } from '../contract/answers.js';
import { invalid } from '../contract/problem.js';
import { readCloudEvents } from '../sources/cloudevents/cloudevents.js';
import { readGitHubDelivery } from '../sources/github/github.js';
import { readGitLabDelivery } from '../sources/gitlab/gitlab.js';
import { readOpenLineage } from '../sources/openlineage/openlineage.js';
import { readTraces } from '../sources/opentelemetry/opentelemetry.js';
import { readWebhook } from '../sources/webhooks/webhooks.js';
import { Needs, type WithActor } from './access.js';
import { header } from './header.js';
import { Answers } from './openapi.js';
import { SourceReports } from './source-reports.js';
import { PROTOBUF_TYPES } from './traces-body.js';

/** How many deliveries a minute a sender of CloudEvents is told that he may make: as many as he likes. */
const ANY_RATE = '*';

/** Foreign dialects (docs/sources.md). Who may deliver where it is signed is asked before: see `registerSources`. */
@Controller()
export class SourcesController {
  constructor(private readonly reports: SourceReports) {}

  @Post('sources/github')
  @Needs('public', { source: 'github' })
  @HttpCode(202)
  @Answers(sourceAnswer, 400, 401, 404, 503)
  github(
    @Req() request: WithActor,
    @Headers('x-github-event') event: string | undefined,
    @Headers('x-github-delivery') delivery: string | undefined,
  ) {
    if (event === undefined) throw invalid('X-GitHub-Event', 'expected the name of the event');
    return this.reports.decide(request, 'github', readGitHubDelivery(event, delivery, request.body));
  }

  @Post('sources/gitlab')
  @Needs('public', { source: 'gitlab' })
  @HttpCode(202)
  @Answers(sourceAnswer, 400, 401, 404, 503)
  gitlab(
    @Req() request: WithActor,
    @Headers('x-gitlab-event') event: string | undefined,
    @Headers('idempotency-key') delivery: string | undefined,
  ) {
    if (event === undefined) throw invalid('X-Gitlab-Event', 'expected the name of the event');
    return this.reports.decide(request, 'gitlab', readGitLabDelivery(event, delivery, request.body));
  }

  /** The name says by whose secrets a delivery is proved, which was asked before. */
  @Post('sources/webhooks/:name')
  @Needs('public', { source: 'webhooks' })
  @HttpCode(202)
  @Answers(sourceAnswer, 400, 401, 404, 503)
  webhook(@Req() request: WithActor, @Param('name') _name: string, @Headers('webhook-id') id: string | undefined) {
    if (!id) throw invalid('webhook-id', 'expected the id of the delivery');
    return this.reports.decide(request, 'webhooks', readWebhook(id, request.body));
  }

  /** The path that OpenLineage's HTTP transport has by default. */
  @Post('lineage')
  @Needs('report', { reach: 'named' })
  @HttpCode(202)
  @Answers(sourceAnswer, 400, 503)
  lineage(@Req() request: WithActor) {
    return this.reports.decide(request, 'openlineage', readOpenLineage(request.body));
  }

  @Post('sources/cloudevents')
  @Needs('report', { reach: 'named' })
  @HttpCode(202)
  @Answers(sourceAnswer, 400, 503)
  cloudEvents(@Req() request: WithActor) {
    return this.reports.decide(request, 'cloudevents', readCloudEvents(request.headers, request.body));
  }

  /**
   * The path that OTLP's exporters have by default. What is answered is an ExportTraceServiceResponse, in the form of the request
   * (docs/sources.md): in JSON with the receipts beside it, which exporters pass over.
   */
  @Post('/v1/traces')
  @Needs('report', { reach: 'named', traces: true })
  @HttpCode(200)
  @Answers(sourceAnswer, 400, 413, 503)
  async traces(@Req() request: WithActor, @Res({ passthrough: true }) reply: FastifyReply) {
    const answer = await this.reports.decide(request, 'opentelemetry', await readTraces(request.body));
    const type = request.headers['content-type'] ?? '';
    if (!PROTOBUF_TYPES.test(type)) return answer;
    void reply.header('content-type', 'application/x-protobuf');
    return Buffer.alloc(0); // a message of which nothing is set
  }

  /** Says that it is here to be delivered to (CloudEvents, "HTTP 1.1 Web Hooks for Event Delivery", §4): nothing else. */
  @Options('sources/cloudevents')
  @Needs('public', { reach: 'nothing' })
  @HttpCode(200)
  mayBeDeliveredTo(@Req() request: WithActor, @Res({ passthrough: true }) reply: FastifyReply) {
    const origin = header(request, 'webhook-request-origin');
    if (origin === undefined) throw invalid('WebHook-Request-Origin', 'expected who asks to deliver');
    void reply.headers({ 'webhook-allowed-origin': origin, 'webhook-allowed-rate': ANY_RATE, allow: 'POST, OPTIONS' });
  }
}
