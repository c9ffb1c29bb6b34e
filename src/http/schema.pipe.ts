import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import type * as z from 'zod';
import { parseWith } from '../contract/problem.js';
import { readReport } from '../contract/read-report.js';
import { eventReport, heartbeat, progressReport, statusReport } from '../contract/reports.js';

/** Of these whatever can be read counts. */
const REPORTS: ReadonlySet<unknown> = new Set([eventReport, statusReport, progressReport, heartbeat]);

/** Reads parameters and bodies by the contract's schemas. The framework's own pipe would cut "__proto__" out of payloads. */
export class SchemaPipe implements PipeTransform {
  transform(value: unknown, { schema }: ArgumentMetadata): unknown {
    if (schema === undefined) return value;
    return REPORTS.has(schema) ? readReport(schema as z.ZodObject, value) : parseWith(schema as z.ZodType, value);
  }
}
