import type { components } from '../../../client/openapi.js';

type ExecutionSummary = components['schemas']['ExecutionSummary'];
export type ExportFormat = 'csv' | 'ndjson';

/** A spreadsheet takes what begins so for a formula, and would run what a producer wrote. */
const FORMULA = /^[=+\-@\t\r]/;

function csvCell(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const harmless = typeof value === 'string' && FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

const csvLine = (cells: readonly unknown[]): string => `${cells.map(csvCell).join(',')}\r\n`;

/** What an export writes before the first execution, and for each (RFC 4180 of the members that are shown, or all as JSON). */
export const EXPORTS: Readonly<
  Record<
    ExportFormat,
    {
      readonly type: string;
      readonly head: (members: readonly (keyof ExecutionSummary)[]) => string;
      readonly line: (execution: ExecutionSummary, members: readonly (keyof ExecutionSummary)[]) => string;
    }
  >
> = {
  csv: {
    type: 'text/csv;charset=utf-8',
    head: csvLine,
    line: (execution, members) => csvLine(members.map((member) => execution[member])),
  },
  ndjson: {
    type: 'application/x-ndjson',
    head: () => '',
    line: (execution) => `${JSON.stringify(execution)}\n`,
  },
};
