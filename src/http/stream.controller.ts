import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { KeyRing } from '../api-keys/key-ring.js';
import { Sessions } from '../api-keys/sessions.js';
import { ExecutionFeed } from '../application/reading/execution-feed.js';
import { Freshness } from '../application/reading/freshness.js';
import { position } from '../contract/primitives.js';
import { invalid, Problem } from '../contract/problem.js';
import { streamQuery } from '../contract/queries.js';
import { Needs, type WithActor } from './access.js';
import { header } from './header.js';
import { EventStream } from './event-stream.js';
import { Metrics } from './metrics.js';
import { Refuses } from './openapi.js';

/** How many callers a process keeps up with. */
const MOST_STREAMS = 5_000;

const FRAMES = {
  status: 200,
  description:
    'Server-sent events: `execution`, its id a position to come back with, its data an ExecutionSummary; `closed`, its data why the ledger ends the stream',
  content: { 'text/event-stream': { schema: { type: 'string' } } },
} as const;

/** What changes, as it changes (docs/http-api.md, Following). */
@Controller('stream')
@Needs('read', { reach: 'shown' })
export class StreamController {
  private streams = 0;

  constructor(
    private readonly feed: ExecutionFeed,
    private readonly freshness: Freshness,
    private readonly metrics: Metrics,
    private readonly keys: KeyRing,
    private readonly sessions: Sessions,
  ) {}

  @Get()
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'The last id that was received; goes before `after`',
  })
  @ApiResponse(FRAMES)
  @Refuses(400, 409, 503)
  async stream(
    @Query({ schema: streamQuery }) query: { after?: bigint },
    @Req() request: WithActor,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const after = lastSeen(request) ?? query.after;
    if (after !== undefined) await this.freshness.expectReached(after);
    if (this.streams >= MOST_STREAMS) throw Problem.of('overloaded', `${MOST_STREAMS} streams are open already`);
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) reply.raw.setHeader(name, value);
    reply.hijack();
    this.open(request, reply, after);
  }

  private open(request: WithActor, reply: FastifyReply, after: bigint | undefined): void {
    this.streams++;
    this.metrics.following(1);
    const { apiKey, session } = request;
    const mayGoOn = (): boolean =>
      (apiKey === undefined || this.keys.isTaken(apiKey)) && (session === undefined || !this.sessions.isOver(session));
    const stream = new EventStream(reply.raw, { mayGoOn, within: apiKey?.ids }, (reason) => {
      this.streams--;
      this.metrics.following(-1);
      if (reason !== undefined) this.metrics.ended(reason);
      this.feed.leave(stream);
    });
    if (request.method === 'HEAD') return void reply.raw.end();
    void this.feed.subscribe(stream, after, (at) => stream.begin(at));
  }
}

/** What a caller that comes back has seen. @throws Problem 400 */
function lastSeen(request: WithActor): bigint | undefined {
  const id = header(request, 'last-event-id');
  if (id === undefined || id === '') return undefined;
  const read = position.safeParse(id);
  if (!read.success) throw invalid('Last-Event-ID', 'expected a position: a decimal string');
  return read.data;
}
