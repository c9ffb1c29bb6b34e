import { Readable } from 'node:stream';
import { Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import * as z from 'zod';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { STATUS_WORDS } from '../application/ports.js';
import { Problem } from '../contract/problem.js';
import { bulkReceipt } from '../contract/answers.js';
import { eventReport } from '../contract/reports.js';
import type { Vocabulary } from '../domain/words.js';
import { ownTurn } from '../event-loop.js';
import { Redaction } from '../redaction/redaction.js';
import { Needs, type WithActor } from './access.js';
import { shareOf } from './answers.js';
import { Bulk } from './bulk.js';
import { BulkBody } from './bulk-body.js';
import { BulkPace } from './bulk-pace.js';
import { Metrics } from './metrics.js';
import { Answers, Takes } from './openapi.js';
import { visibleLine } from './visible-answer.js';
import { isStrict, MayBeStrict } from './strict.js';

/** How many receipts are written in one turn of the event loop. */
const RECEIPTS_PER_PIECE = 500;

/** Many reports at once, each decided on its own (docs/http-api.md, Many at once). */
@Controller('reports')
@Needs('report', { reach: 'named' })
export class BulkReportsController {
  constructor(
    private readonly commands: CommandBus,
    @Inject(STATUS_WORDS) private readonly words: Vocabulary,
    private readonly metrics: Metrics,
    private readonly redaction: Redaction,
    private readonly pace: BulkPace,
  ) {}

  @Post()
  @HttpCode(200)
  @MayBeStrict()
  @Takes('application/x-ndjson', eventReport)
  @Takes('application/json', z.array(eventReport))
  @Answers(bulkReceipt, 400, 413, 415, 503)
  async reports(@Req() request: WithActor, @Res({ passthrough: true }) reply: FastifyReply): Promise<Readable> {
    const { body } = request;
    if (!(body instanceof BulkBody))
      throw Problem.of('validation', 'expected newline-delimited JSON or a JSON array of reports');
    isStrict(request); // a flag that cannot be read is wrong of the whole, not of each report
    const answer = await this.decide(body, request);
    shareOf(request).take(answer.reduce((sum, { length }) => sum + length, 0));
    void reply.header('content-type', 'application/x-ndjson; charset=utf-8');
    return Readable.from(answer);
  }

  /** The receipts, in pieces that are written one after the other. */
  private async decide({ reports }: BulkBody, request: WithActor): Promise<string[]> {
    const answer: string[] = [];
    const bulk = new Bulk(this.commands, request, this.words, this.metrics.malformed, this.redaction, this.pace);
    for await (const receipts of bulk.receipts(reports)) {
      for (let from = 0; from < receipts.length; from += RECEIPTS_PER_PIECE) {
        const piece = receipts.slice(from, from + RECEIPTS_PER_PIECE);
        answer.push(piece.map((receipt) => visibleLine(request, receipt)).join(''));
        await ownTurn();
      }
    }
    return answer;
  }
}
