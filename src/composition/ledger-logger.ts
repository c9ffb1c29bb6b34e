import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import type { Config } from '../config.js';
import { printable, printableLines } from '../printable.js';

const LEVELS = ['error', 'warn', 'log', 'debug'] as const;
const LEVEL_OF = { error: 1, warn: 2, info: 3, debug: 4 } as const;

/** What the framework says of its own start; nobody who runs a ledger reads it. */
const FRAMEWORK = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication']);

/** The log of the program. Nothing in it acts on the terminal that it is read on, whoever wrote it. */
export class LedgerLogger extends ConsoleLogger {
  constructor({ logFormat, logLevel }: Pick<Config, 'logFormat' | 'logLevel'>, colors = process.stdout.isTTY === true) {
    const json = logFormat === 'json';
    super({ json, colors: !json && colors, logLevels: LEVELS.slice(0, LEVEL_OF[logLevel]) });
    // Else what is shown of a value holds colours, which could not be told from those that are in the value.
    this.inspectOptions.colors = false;
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (!FRAMEWORK.has(String(rest.at(-1)))) super.log(message, ...(rest as string[]));
  }

  protected override formatContext(context: string): string {
    return super.formatContext(printable(context));
  }

  protected override stringifyMessage(message: unknown, level: LogLevel): string {
    const resolved = this.resolveMessage(message);
    // A text is coloured after it was looked through; see below.
    return typeof resolved === 'string'
      ? this.colorize(resolved, level)
      : printableLines(super.stringifyMessage(resolved, level));
  }

  protected override colorize(text: string, level: LogLevel): string {
    return super.colorize(printableLines(text), level);
  }

  protected override printStackTrace(stack: string): void {
    super.printStackTrace(typeof stack === 'string' ? printableLines(stack) : stack);
  }

  protected override stringifyJsonLogObject(line: Record<string, unknown>): string {
    return printable(super.stringifyJsonLogObject(line));
  }
}
