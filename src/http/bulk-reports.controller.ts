import { isUtf8 } from 'node:buffer';
import { Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import * as z from 'zod';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { parseJson, stringifyJson } from '../contract/json.js';
import { Problem } from '../contract/problem.js';
import { bulkReceipt } from '../contract/answers.js';
import { eventReport, MAX_REPORTS } from '../contract/reports.js';
import type { Json } from '../domain/json.js';
import { Needs, type WithActor } from './access.js';
import { readUtf8 } from './body.js';
import { Bulk, windowsOf, type Line } from './bulk.js';
import { Answers, Takes } from './openapi.js';

/** The most bytes one report may have; see BODY_LIMIT. */
export const BODY_LIMIT = Symbol('BODY_LIMIT');

/** Many reports at once, each decided on its own (wire.md, `POST /reports`). */
@Controller('reports')
@Needs('report')
export class BulkReportsController {
  constructor(
    private readonly commands: CommandBus,
    @Inject(BODY_LIMIT) private readonly bodyLimit: number,
  ) {}

  @Post()
  @HttpCode(200)
  @Takes('application/x-ndjson', eventReport)
  @Takes('application/json', z.array(eventReport))
  @Answers(bulkReceipt, 400, 413, 415)
  async reports(@Req() request: WithActor, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const lines = this.linesOf(request.body);
    if (lines.length > MAX_REPORTS) {
      throw Problem.of('too_large', `${lines.length} reports at once; at most ${MAX_REPORTS} are taken`);
    }
    const receipts: string[] = [];
    const bulk = new Bulk(this.commands, request);
    for (const window of windowsOf(lines)) {
      for (const receipt of await bulk.settle(window)) receipts.push(stringifyJson(receipt));
    }
    void reply.header('content-type', 'application/x-ndjson; charset=utf-8').serializer((payload: string) => payload);
    return receipts.map((receipt) => receipt + '\n').join('');
  }

  private linesOf(body: unknown): Line[] {
    if (Buffer.isBuffer(body)) {
      return split(body)
        .map(({ text, read }, index) => this.line(index + 1, text, read))
        .filter((line) => line !== undefined);
    }
    if (!Array.isArray(body))
      throw Problem.of('validation', 'expected newline-delimited JSON or a JSON array of reports');
    return body.map((report: Json, index) => this.line(index + 1, stringifyJson(report ?? null), () => report)!);
  }

  private line(line: number, text: string, read: () => Json): Line | undefined {
    if (text.trim() === '') return undefined;
    const tooLong = text.length > this.bodyLimit || Buffer.byteLength(text) > this.bodyLimit;
    return { line, size: text.length, read, ...(tooLong ? { flaw: `is larger than ${this.bodyLimit} bytes` } : {}) };
  }
}

/** The lines of a body, each with the way to read it: one that is not UTF-8 spoils no other. */
function split(body: Buffer): { text: string; read(): Json }[] {
  if (isUtf8(body)) {
    const texts = body.toString('utf8').split('\n');
    return texts.map((text) => ({ text, read: () => parseJson(text) }));
  }
  const lines = body.toString('latin1').split('\n');
  return lines.map((line) => {
    const bytes = Buffer.from(line, 'latin1');
    return { text: bytes.toString('utf8'), read: () => parseJson(readUtf8(bytes)) };
  });
}
