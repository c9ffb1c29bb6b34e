import { isUtf8 } from 'node:buffer';
import { Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import * as z from 'zod';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { ReportExecution } from '../application/commands/report.handler.js';
import { receiptOf } from '../application/reply.js';
import { parseJson, stringifyJson } from '../contract/json.js';
import { parseWith, Problem } from '../contract/problem.js';
import { bulkReceipt } from '../contract/answers.js';
import { eventReport, MAX_REPORTS } from '../contract/reports.js';
import { fromEvent } from '../contract/to-input.js';
import type { Json, JsonObject } from '../domain/json.js';
import { Needs, type WithActor } from './access.js';
import { asking, type Door } from './asking.js';
import { readUtf8 } from './body.js';
import { Answers, Takes } from './openapi.js';
import { toProblem } from './problem.filter.js';

/** The most bytes one report may have; see BODY_LIMIT. */
export const BODY_LIMIT = Symbol('BODY_LIMIT');

const DOOR: Door = { source: 'reports', kind: 'report', report: true, oneOfMany: true };
/** How many reports are under way at once: what the store takes on without turning others away. */
const WINDOW = 2048;

/** One report of many, where it stood in the body. */
interface Line {
  readonly line: number;
  /** What is wrong with it as it stands. */
  readonly flaw?: string;
  read(): Json;
}

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
    let failed = false;
    for (let start = 0; start < lines.length; start += WINDOW) {
      const window = lines.slice(start, start + WINDOW);
      const settled = await Promise.all(
        window.map((line) =>
          failed ? unavailable(line, 'an earlier report could not be stored') : this.settle(line, request),
        ),
      );
      failed ||= settled.some((receipt) => receipt['verdict'] === 'unavailable');
      for (const receipt of settled) receipts.push(stringifyJson(receipt));
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
    return { line, read, ...(tooLong ? { flaw: `is larger than ${this.bodyLimit} bytes` } : {}) };
  }

  private async settle(line: Line, request: WithActor): Promise<JsonObject> {
    let command: ReportExecution;
    try {
      command = commandOf(line, request);
    } catch (error) {
      return { line: line.line, verdict: 'malformed', applied: false, error: (error as Error).message };
    }
    try {
      return { line: line.line, ...receiptOf(await this.commands.execute(command)) };
    } catch (error) {
      const { details } = toProblem(error);
      if (details.status === 503) return unavailable(line, details.detail);
      return { line: line.line, verdict: 'malformed', applied: false, error: details.detail };
    }
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

const unavailable = ({ line }: Line, error: string): JsonObject => ({
  line,
  verdict: 'unavailable',
  applied: false,
  error,
});

/** @throws on a line that is no report: it spoils no other. */
function commandOf(line: Line, request: WithActor): ReportExecution {
  if (line.flaw !== undefined) throw new Error(line.flaw);
  const raw = line.read();
  const body = parseWith(eventReport, raw);
  return new ReportExecution(asking(request, body.execution_id, body, DOOR, raw).ask, fromEvent(body));
}
