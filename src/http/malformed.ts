import { Logger } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Counter, type Registry } from 'prom-client';
import { Problem } from '../contract/problem.js';
import { LongNumber } from '../domain/json.js';
import { escaped } from '../printable.js';
import { DIALECTS } from '../sources/sources.js';
import { traitsOf, type Scope } from './access.js';
import { Sparingly } from './sparingly.js';

/** What is told of one that is malformed: how many of its keys and flaws, and how long each. */
const MOST_TOLD = 10;
const LONGEST_TOLD = 100;
/** How far apart the lines of one endpoint are, in milliseconds: whoever sends nothing else must not fill the log. */
const APART_MS = 1_000;

/** What somebody sent that could not be read; its body is looked at only where it is told. */
export interface MalformedRequest {
  readonly source: string;
  readonly bytes: number;
  readonly body: () => unknown;
}

/** Text that others made, harmless in a line of the log: no control character, nothing that looks like another letter. */
const harmless = (text: string): string => text.slice(0, LONGEST_TOLD).replace(/[^\x20-\x7e]/g, escaped);

/** A parser quotes what it stumbled over: producers' words stay out of the log. */
const unquoted = (text: string): string => text.replace(/["'`][^]*["'`]/, '…');

/** What is wrong, with no value that its producer sent. */
const flaws = ({ issues, detail }: Problem['details']): { path: string; message: string }[] =>
  (issues ?? [{ path: '', message: unquoted(detail) }])
    .slice(0, MOST_TOLD)
    .map(({ path, message }) => ({ path: harmless(path), message: harmless(message) }));

/** Of JSON; a body that is something of ours was never read. */
function formOf(body: unknown): { type: string; keys?: string[] } {
  if (Array.isArray(body)) return { type: 'array' };
  if (body instanceof LongNumber) return { type: 'number' };
  if (typeof body !== 'object' || body === null) return { type: typeof body };
  if (Object.getPrototypeOf(body) !== Object.prototype) return { type: 'undefined' };
  return { type: 'object', keys: Object.keys(body).slice(0, MOST_TOLD).map(harmless) };
}

/** The endpoints of reports; all others are of commands. */
const REPORTS: ReadonlySet<string> = new Set([
  ...['events', 'reports', 'status', 'progress', 'heartbeat'],
  ...DIALECTS,
]);
/** Dialects whose path, which their senders have by default, is called otherwise. */
const BY_PATH: Readonly<Record<string, string>> = { lineage: 'openlineage', traces: 'opentelemetry' };

/** Reports and commands that could not be read: counted by endpoint, and told with a sample of their form. */
export class MalformedRequests {
  private readonly logger = new Logger('ledger');
  private readonly count: Counter<'source'>;
  private readonly told = new Sparingly(APART_MS);

  constructor(registry: Registry) {
    this.count = new Counter({
      name: 'ledger_malformed_total',
      help: 'Reports and commands that could not be read and were answered with 400 or as malformed, by the door',
      labelNames: ['source'] as const,
      registers: [registry],
    });
    // An alert on a series that is not there never comes.
    for (const source of REPORTS) this.count.inc({ source }, 0);
  }

  /** Somebody is told that; where it is for what was sent, it is counted. */
  note(error: unknown, { source, bytes, body }: MalformedRequest): void {
    if (!(error instanceof Problem) || error.details.type !== '/problems/validation') return;
    this.count.inc({ source });
    const told = this.told.next(source);
    if (told === undefined) return;
    this.logger.warn({
      event: `${REPORTS.has(source) ? 'report' : 'execution'}.${source}_rejected`,
      reason: 'malformed',
      issues: flaws(error.details),
      bytes,
      ...formOf(body()),
      ...told,
    });
  }
}

/** Of what could be a report or command; undefined of anything else. */
export function sentBy(request: FastifyRequest): MalformedRequest | undefined {
  const { method, headers, body } = request;
  const { url = '' } = request.routeOptions;
  const { scope } = traitsOf(request);
  const source = /\/([a-z]+)(?:\/:name)?$/.exec(url)?.[1];
  const writes: readonly (Scope | undefined)[] = ['report', 'command', 'public'];
  if (method !== 'POST' || source === undefined || !writes.includes(scope)) return undefined;
  const named = url.endsWith('/executions')
    ? 'register'
    : url.includes('/bulk/')
      ? `bulk_${source}`
      : (BY_PATH[source] ?? source);
  const bytes = Number(headers['content-length'] ?? 0);
  return { source: named, bytes: Number.isSafeInteger(bytes) ? bytes : 0, body: () => body };
}
