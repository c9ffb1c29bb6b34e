import { z } from 'zod';
import { MOST_ISSUES } from '../encoding/readings.js';
import type { Instant } from '../domain/events.js';
import type { Json } from '../domain/json.js';

/** What makes a delivery that arrives again the same report. */
export interface ReportId {
  readonly event_id?: string;
  /** Where the sender gives no id: what makes a delivery the same one. The id is derived from it (UUIDv5). */
  readonly same_by?: readonly string[];
}

/**
 * What a foreign delivery says about one execution: a body of the fire-and-forget endpoint, in the ledger's words, and read
 * and decided as any other (docs/http-api.md).
 */
export interface SourceReport extends ReportId {
  readonly execution_id: string;
  /** Whom it is about instead, where that execution had ended before this moment: the sender starts again under one id. */
  readonly again?: { readonly execution_id: string; readonly started_at: Instant };
  /** A word of the ledger, or the foreign one where it is unknown, so that the report is kept as unsupported_status; none: progress. */
  readonly status?: string;
  /** The foreign system's own word. */
  readonly status_reason: string;
  readonly run_id?: string;
  readonly workflow_id?: string;
  readonly parent_execution_id?: string;
  readonly target?: string;
  readonly kind?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly message?: string;
  readonly error?: string;
  readonly error_details?: Json;
  /** The guess of somebody else than the worker: authority watchdog (docs/semantics.md). */
  readonly inferred?: true;
  /** The reporter's clock, ISO 8601 with a zone. */
  readonly occurred_at?: string;
  readonly completed_at?: string;
  readonly duration_ms?: number;
}

/** A report in the ledger's own words: the body of the fire-and-forget endpoint as it came. */
export interface OwnReport extends ReportId {
  readonly own: Readonly<Record<string, Json>>;
}

/** What a delivery comes to: reports, nothing that the ledger has use for (by its name), or no such delivery at all. */
export type DeliveryContent<R = SourceReport> =
  { readonly reports: readonly R[] } | { readonly ignored: string } | { readonly malformed: string };

/** No such delivery, and why; not all of it: to say it thousands of times takes longer than to read it. */
export const malformedBy = ({ issues }: z.ZodError): { readonly malformed: string } => ({
  malformed: z.prettifyError({ issues: issues.slice(0, MOST_ISSUES) }),
});

type PresentMembers<T> = { [Key in keyof T]?: NonNullable<T[Key]> };

/** Members without those that the sender left empty. */
export const present = <T extends object>(members: T): PresentMembers<T> =>
  Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  ) as PresentMembers<T>;

/** The labels of an execution, of what its sender did not leave empty. */
export const labelsOf = (members: Readonly<Record<string, string | null | undefined>>): Record<string, string> =>
  present(members) as Record<string, string>;

/** What a delivery comes to, each of its reports under this id. */
export const under = <R extends object>(id: ReportId, reading: DeliveryContent<R>): DeliveryContent<R> =>
  'reports' in reading ? { reports: reading.reports.map((report) => ({ ...report, ...id })) } : reading;

/**
 * What several deliveries in one request come to: the reports of all. One that is malformed makes the whole so, and is named
 * by its number.
 */
export function together<R>(readings: readonly DeliveryContent<R>[]): DeliveryContent<R> {
  const bad = readings.findIndex((one) => 'malformed' in one);
  if (bad >= 0) return { malformed: `${bad}: ${(readings[bad] as { malformed: string }).malformed}` };
  const reports = readings.flatMap((one) => ('reports' in one ? one.reports : []));
  const ignored = readings.flatMap((one) => ('ignored' in one ? [one.ignored] : []));
  return reports.length === 0 && ignored.length > 0 ? { ignored: [...new Set(ignored)].join(', ') } : { reports };
}
