import type { CommandBus } from '@nestjs/cqrs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ReportExecution } from '../application/commands/report.handler.js';
import { receiptOf } from '../application/reply.js';
import { parseWith, Problem } from '../contract/problem.js';
import { eventReport } from '../contract/reports.js';
import { fromEvent } from '../contract/to-input.js';
import type { Json, JsonObject } from '../domain/json.js';
import { isOutOfReach } from '../event-store/event-store.js';
import type { WithActor } from './access.js';
import { asking, type Door } from './asking.js';
import { failureOf } from './problem.filter.js';

const DOOR: Door = { source: 'reports', kind: 'report', report: true, oneOfMany: true };
/** How much text is read and under way at once. */
const WINDOW_LENGTH = 8 * 1024 * 1024;
/** How many executions are: what the store takes on without turning others away. */
const EXECUTIONS_AT_ONCE = 1024;
/** How many reports are read in one turn of the event loop, so that nobody else's answer waits for all of them. */
const READ_AT_ONCE = 256;

/** One report of many, where it stood in the body. */
export interface Line {
  readonly line: number;
  /** Of its text. */
  readonly size: number;
  /** What is wrong with it as it stands. */
  readonly flaw?: string;
  read(): Json;
}

/** The lines in parts that are held in memory together. */
export function* windowsOf(lines: readonly Line[]): Generator<Line[]> {
  let window: Line[] = [];
  let length = 0;
  for (const line of lines) {
    if (window.length > 0 && length + line.size > WINDOW_LENGTH) {
      yield window;
      window = [];
      length = 0;
    }
    window.push(line);
    length += line.size;
  }
  if (window.length > 0) yield window;
}

/** A report that could be read, and the line it stood in. */
interface Readable {
  readonly line: number;
  readonly command: ReportExecution;
}

/** The reports of one request: those of one execution are asked together and in order, executions side by side. */
export class Bulk {
  /** The store could not take one: the rest is not tried. */
  private failed = false;

  constructor(
    private readonly commands: CommandBus,
    private readonly request: WithActor,
  ) {}

  /** A receipt per line, in order. */
  async settle(window: readonly Line[]): Promise<JsonObject[]> {
    const receipts = new Map<number, JsonObject>();
    const groups = (await this.group(window, receipts)).values();
    const worker = async (): Promise<void> => {
      for (const group of groups) await this.settleGroup(group, receipts);
    };
    await Promise.all(Array.from({ length: EXECUTIONS_AT_ONCE }, worker));
    return window.map(({ line }) => receipts.get(line)!);
  }

  private async group(window: readonly Line[], receipts: Map<number, JsonObject>): Promise<Map<string, Readable[]>> {
    const groups = new Map<string, Readable[]>();
    for (const [index, line] of window.entries()) {
      if (index % READ_AT_ONCE === READ_AT_ONCE - 1) await nextTurn();
      try {
        const command = commandOf(line, this.request);
        const { executionId } = command.ask;
        const group = groups.get(executionId);
        if (group) group.push({ line: line.line, command });
        else groups.set(executionId, [{ line: line.line, command }]);
      } catch (error) {
        receipts.set(line.line, { line: line.line, ...failureOf(error) });
      }
    }
    return groups;
  }

  private async settleGroup(group: readonly Readable[], receipts: Map<number, JsonObject>): Promise<void> {
    await Promise.all(group.map(async (one) => receipts.set(one.line, await this.settleOne(one))));
  }

  private async settleOne({ line, command }: Readable): Promise<JsonObject> {
    if (this.failed) return unavailable(line, 'an earlier report could not be stored');
    try {
      return { line, ...receiptOf(await this.commands.execute(command)) };
    } catch (error) {
      // An event that cannot be read, or others who never rest from writing, are their own execution's trouble.
      this.failed ||= isOutOfReach(error);
      return { line, ...failureOf(error) };
    }
  }
}

const unavailable = (line: number, error: string): JsonObject => ({
  line,
  verdict: 'unavailable',
  applied: false,
  error,
});

/** @throws on a line that is no report: it spoils no other. */
function commandOf(line: Line, request: WithActor): ReportExecution {
  if (line.flaw !== undefined) throw Problem.of('validation', line.flaw);
  const raw = read(line);
  const body = parseWith(eventReport, raw);
  return new ReportExecution(asking(request, body.execution_id, body, DOOR, raw).ask, fromEvent(body));
}

function read(line: Line): Json {
  try {
    return line.read();
  } catch (error) {
    throw Problem.of('validation', (error as Error).message); // no JSON
  }
}
