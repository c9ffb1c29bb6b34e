import { Readable } from 'node:stream';
import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { refuseOutside } from '../application/confinement.js';
import { FreshExecutions } from '../application/reading/fresh-executions.js';
import { inOrder } from '../application/in-order.js';
import { OperationLog } from '../application/operating/operation-log.js';
import { nowOf, RUNTIME, type Runtime } from '../application/ports.js';
import { selectExecutions, type ListInterrupted } from '../application/reading/select-executions.js';
import { bulkCommand, bulkCommandReceipt, type BulkBody } from '../contract/bulk.js';
import type { NamedExecution } from '../contract/primitives.js';
import { invalid } from '../contract/problem.js';
import { READ_MODEL, type ReadModel } from '../read-model/read-model.js';
import { mayRead, Needs, withinOf, type WithActor } from './access.js';
import { header } from './header.js';
import { BulkCommands, type BulkKind } from './bulk-commands.js';
import { Metrics } from './metrics.js';
import { Answers } from './openapi.js';
import { visibleLine } from './visible-answer.js';

/** How many executions are asked at once for one caller. */
const AT_ONCE = 8;

type BulkItem = NamedExecution | ListInterrupted;

/** One command for many executions (docs/http-api.md, Bulk). */
@Controller('bulk')
@Needs('command', { reach: 'named' })
export class BulkCommandsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    private readonly executions: FreshExecutions,
    private readonly metrics: Metrics,
    private readonly operationLog: OperationLog,
  ) {}

  @Post('resume')
  @HttpCode(200)
  @Answers(bulkCommandReceipt, 400, 503)
  resume(@Body({ schema: bulkCommand }) body: BulkBody, @Req() request: WithActor, @Res() reply: FastifyReply) {
    return this.stream('resume', body, request, reply);
  }

  @Post('cancel')
  @HttpCode(200)
  @Answers(bulkCommandReceipt, 400, 503)
  cancel(@Body({ schema: bulkCommand }) body: BulkBody, @Req() request: WithActor, @Res() reply: FastifyReply) {
    return this.stream('cancel', body, request, reply);
  }

  private async stream(kind: BulkKind, body: BulkBody, request: WithActor, reply: FastifyReply): Promise<void> {
    for (const [index, { executionId }] of (body.execution_ids ?? []).entries())
      refuseOutside(withinOf(request), executionId, `execution_ids.${index}`);
    if (header(request, 'if-match') !== undefined) throw invalid('If-Match', 'names a revision of one execution');
    // It shows who would be met, and leaves no trace.
    if (body.dry_run && !mayRead(request))
      throw this.metrics.denials.of(
        request,
        'scope',
        `the API key ${request.actor} lacks the scope read, which a dry run wants too`,
      );
    const bulk = new BulkCommands(kind, body, request, this.commands, this.queries);
    const executions = this.executionsOf(body, withinOf(request), () => !request.server.server.listening);
    // Before anything is done a store that is away is still a problem with a status.
    const first = await executions.next();
    if (!first.done && 'lost' in first.value) throw first.value.lost;
    const all = first.done ? [] : beginning(first.value, executions);
    const receipts = inOrder(all, AT_ONCE, async (one) => visibleLine(request, await bulk.receipt(one)));
    const recorded = body.dry_run
      ? receipts
      : ending(receipts, async () => this.operationLog.record(await bulk.operation()));
    // A stream is read as its caller takes it, and let go of when that has gone: what was not begun is never done.
    void reply.header('content-type', 'application/x-ndjson; charset=utf-8').send(Readable.from(recorded));
  }

  private async *executionsOf(
    { execution_ids, filter }: BulkBody,
    within: string | undefined,
    stopping: () => boolean,
  ): AsyncGenerator<BulkItem> {
    if (filter === undefined) return yield* once(execution_ids!);
    const { readModel, executions } = this;
    const found = selectExecutions(
      { readModel, executions, now: () => nowOf(this.runtime), stopping },
      { ...filter, within },
    );
    for await (const one of found) yield typeof one === 'string' ? { executionId: one } : one;
  }
}

/** Each once, however often it is named: a second resume of the same would be told that it lost to its own caller. */
function once(ids: readonly NamedExecution[]): NamedExecution[] {
  return [...new Map(ids.map((one) => [`${one.executionId}~${one.attempt ?? ''}`, one])).values()];
}

/** All of them, and then this, in whatever way it comes to an end: its caller may have gone in the middle. */
async function* ending<T>(all: AsyncIterable<T>, end: () => Promise<void>): AsyncGenerator<T> {
  try {
    yield* all;
  } finally {
    await end();
  }
}

async function* beginning<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield first;
  yield* rest;
}
