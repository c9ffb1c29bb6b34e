import { z } from 'zod';
import type { OwnReport, DeliveryContent } from './source-report.js';

/** The type of an event whose data is a body of the fire-and-forget endpoint, in whatever dialect the event travels. */
export const OWN_TYPE = 'executionledger.report.v1';

/** Reads an event in the ledger's own words; undefined for any other. */
export function readOwn({ type, data }: { type: string; data?: unknown }): DeliveryContent<OwnReport> | undefined {
  if (type !== OWN_TYPE) return undefined;
  const body = z.record(z.string(), z.unknown()).safeParse(data);
  if (!body.success) return { malformed: 'data: expected the report as a JSON object' };
  return { reports: [{ own: body.data as OwnReport['own'] }] };
}
