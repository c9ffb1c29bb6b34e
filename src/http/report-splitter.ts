import { JsonMeasure } from '../encoding/json-measure.js';
import { Problem } from '../contract/problem.js';
import { MAX_REPORT_LINES, MAX_REPORTS } from '../contract/reports.js';
import { GrowingBuffer } from './growing-buffer.js';

/** One report of many as it arrived. */
export interface RawReport {
  /** Its line, or its element's number, from 1. */
  readonly line: number;
  /** Its text; nothing where it has a flaw. */
  readonly bytes: Buffer;
  /** How many values it has at most. */
  readonly values: number;
  /** What is wrong with it as it stands. */
  readonly flaw?: string;
}

/** Takes a body apart while it arrives. @throws Problem 400 or 413 at the first byte that passes a limit of the whole */
export interface ReportSplitter {
  /** What was found so far. */
  readonly reports: readonly RawReport[];
  /** How many bytes are kept. */
  readonly held: number;
  add(chunk: Buffer): void;
  /** The body has arrived. */
  end(): void;
}

const NEWLINE = 0x0a;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const NOTHING = Buffer.alloc(0);
/** In UTF-8; files of some systems begin with it. */
const BYTE_ORDER_MARK: readonly number[] = [0xef, 0xbb, 0xbf];
const isBlank = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);

/** The first byte from `from` on that is no blank; `to` where there is none. */
function skipBlanks(chunk: Buffer, from: number, to: number): number {
  let at = from;
  while (at < to && isBlank(chunk[at]!)) at++;
  return at;
}

/** Gathers the bytes of one report after the other. Of one that is too large, too deep or too wide nothing is kept. */
class ReportBuffer {
  readonly reports: RawReport[] = [];
  readonly measure = new JsonMeasure();
  /** Of the report that is being gathered, without the blanks before it. */
  size = 0;
  private kept = 0;
  private readonly gathered = new GrowingBuffer();

  constructor(private readonly bodyLimit: number) {}

  get held(): number {
    return this.kept + this.gathered.held;
  }

  private get flaw(): string | undefined {
    return this.size > this.bodyLimit ? `is larger than ${this.bodyLimit} bytes` : this.measure.flaw;
  }

  /** More of the report, measured already. */
  add(chunk: Buffer, from: number, to: number): void {
    const start = this.size > 0 ? from : skipBlanks(chunk, from, to);
    this.size += to - start;
    if (this.flaw === undefined) this.gathered.add(chunk, start, to);
  }

  /** The report has ended. @throws Problem 413 where it is one too many */
  finish(line: number): void {
    if (this.reports.length >= MAX_REPORTS)
      throw Problem.of('too_large', `more than ${MAX_REPORTS} reports at once; send the rest in another request`);
    const { flaw } = this;
    if (flaw !== undefined) this.reports.push({ line, bytes: NOTHING, values: 0, flaw });
    else {
      this.reports.push({ line, bytes: Buffer.from(this.gathered.bytes), values: this.measure.values });
      this.kept += this.size;
    }
    this.reset();
  }

  reset(): void {
    if (this.size === 0) return;
    this.size = 0;
    this.gathered.clear();
    this.measure.reset();
  }
}

/** What gathers one report after the other, whatever parts them. */
abstract class BufferedSplitter {
  protected readonly gathering: ReportBuffer;

  constructor(bodyLimit: number) {
    this.gathering = new ReportBuffer(bodyLimit);
  }

  get reports(): readonly RawReport[] {
    return this.gathering.reports;
  }
  get held(): number {
    return this.gathering.held;
  }
}

/** A report per line; blank lines count, and give none. */
export class LineSplitter extends BufferedSplitter implements ReportSplitter {
  private line = 1;

  add(chunk: Buffer): void {
    for (let from = 0; from < chunk.length;) {
      if (this.gathering.size === 0) from = this.skipBlankLines(chunk, from);
      const newline = chunk.indexOf(NEWLINE, from);
      const to = newline === -1 ? chunk.length : newline;
      this.gathering.measure.scan(chunk, from, to);
      this.gathering.add(chunk, from, to);
      if (newline !== -1) this.end();
      from = to; // the newline itself is counted with the blanks before the next report
    }
  }

  /** One byte after the other: a body of newlines alone must cost next to nothing for each. */
  private skipBlankLines(chunk: Buffer, from: number): number {
    let at = from;
    for (; at < chunk.length && isBlank(chunk[at]!); at++) if (chunk[at] === NEWLINE) this.line++;
    if (this.line > MAX_REPORT_LINES)
      throw Problem.of('too_large', `more than ${MAX_REPORT_LINES} lines at once, blank ones included`);
    return at;
  }

  end(): void {
    if (this.gathering.size > 0) this.gathering.finish(this.line);
  }
}

/** A report per element of a JSON array. */
export class ElementSplitter extends BufferedSplitter implements ReportSplitter {
  private place: 'before' | 'first' | 'within' | 'after' = 'before';

  add(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length)
      at = this.place === 'first' || this.place === 'within' ? this.element(chunk, at) : this.around(chunk, at);
  }

  /** Before the array, or behind it. */
  private around(chunk: Buffer, from: number): number {
    const at = skipBlanks(chunk, from, chunk.length);
    if (at === chunk.length) return at;
    if (this.place === 'before' && BYTE_ORDER_MARK.includes(chunk[at]!)) return at + 1;
    if (this.place === 'after') throw notJson('something follows the array');
    if (chunk[at] !== OPEN_ARRAY)
      throw Problem.of('validation', 'expected newline-delimited JSON or a JSON array of reports');
    this.place = 'first';
    return at + 1;
  }

  private element(chunk: Buffer, from: number): number {
    const to = this.gathering.measure.scan(chunk, from, chunk.length, true);
    this.gathering.add(chunk, from, to);
    if (to === chunk.length) return to;
    const more = chunk[to] === COMMA;
    if (this.gathering.size > 0) this.gathering.finish(this.reports.length + 1);
    else if (more || this.place === 'within') throw notJson(`element ${this.reports.length + 1} is missing`);
    this.place = more ? 'within' : 'after';
    return to + 1;
  }

  end(): void {
    if (this.place === 'before') throw Problem.of('validation', 'expected a JSON array of reports; there is no body');
    if (this.place !== 'after') throw notJson('the array does not end');
  }
}

const notJson = (why: string): Problem => Problem.of('validation', `the body is not JSON: ${why}`);
