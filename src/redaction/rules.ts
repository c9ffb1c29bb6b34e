import { RE2JS, RE2JSException } from 're2js';
import * as z from 'zod';
import { bulkCommand } from '../contract/bulk.js';
import { abortCommand, cancelCommand, registerCommand, resumeCommand } from '../contract/commands.js';
import { eventReport } from '../contract/reports.js';

/** What stands in the place of what was replaced. */
export const REDACTED = '[redacted]';

/** Stands in a path for any one member or element. */
export const ANY = '*';

/** Members that name the request or what it is about: an id that was replaced would be another's. */
export const NAMES: ReadonlySet<string> = new Set(['execution_id', 'event_id', 'command_id']);

/** Members that select what is asked, and are never kept: of one that was replaced, more would be met. */
export const SELECTS: ReadonlySet<string> = new Set(['execution_ids', 'filter']);

/** What `REDACT` asks for. */
export interface Rules {
  /** Each leads to values that are replaced whole. */
  readonly paths: readonly (readonly string[])[];
  /** What of a text they match is replaced. */
  readonly patterns: readonly RE2JS[];
}

/** A rule up to the `;` that ends it: a pattern between slashes with its flags, or a path. */
const RULE = /\s*(?:\/(?<pattern>(?:[^/\\]|\\.)*)\/(?<flags>\w*)|(?<path>[^;/\s]+))?\s*(?:;|$)/y;

const FLAGS: Readonly<Record<string, number>> = {
  i: RE2JS.CASE_INSENSITIVE,
  m: RE2JS.MULTILINE,
  s: RE2JS.DOTALL,
};

/** @throws Error that says why this is no pattern */
function patternOf(pattern: string, flags: string): RE2JS {
  const unknown = [...flags].find((flag) => !Object.hasOwn(FLAGS, flag));
  if (unknown !== undefined) throw new Error(`has the flag ${unknown}; there are ${Object.keys(FLAGS).join(', ')}`);
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(
      pattern,
      [...flags].reduce((all, flag) => all | FLAGS[flag]!, 0),
    );
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw new Error(`is no pattern that is matched in linear time (RE2): ${error.message}`, { cause: error });
  }
  if (compiled.test('')) throw new Error('matches the empty text');
  return compiled;
}

/** Everything that is read as more than a text somewhere. */
const SCHEMAS: readonly z.ZodObject[] = [
  eventReport,
  registerCommand,
  abortCommand,
  resumeCommand,
  cancelCommand,
  bulkCommand,
];

/** @throws Error that says why nothing is replaced there */
function pathOf(path: string): readonly string[] {
  const steps = path.split('.');
  const [field = '', ...deeper] = steps;
  if (steps.includes('')) throw new Error('has a step without a name');
  if (NAMES.has(field) || SELECTS.has(field) || field === 'status')
    throw new Error(`names ${field}, by which the ledger decides`);
  const takesText = ({ shape }: z.ZodObject): boolean =>
    !Object.hasOwn(shape, field) || (shape[field] as z.ZodType).safeParse(REDACTED).success;
  if (deeper.length === 0 && (field === ANY || !SCHEMAS.every(takesText)))
    throw new Error('would be replaced by a text where none is read; name what stands within it');
  // A report says input_data, a registration and every event input.
  return field === 'input_data' ? ['input', ...deeper] : steps;
}

/** The rules of `REDACT`: paths and `/pattern/flags`, separated by `;`. */
export const redactionRules = z.string().transform((text, context): Rules => {
  const paths: (readonly string[])[] = [];
  const patterns: RE2JS[] = [];
  for (let at = 0; at < text.length;) {
    RULE.lastIndex = at;
    const { 0: whole, groups } = RULE.exec(text) ?? { 0: text.slice(at).split(/(?<=;)/)[0]!, groups: undefined };
    at += whole.length;
    try {
      if (groups === undefined) throw new Error('is neither a path nor a /pattern/');
      const { pattern, flags = '', path } = groups;
      if (pattern !== undefined) patterns.push(patternOf(pattern, flags));
      else if (path !== undefined) paths.push(pathOf(path));
    } catch (error) {
      const rule = whole.trim().replace(/\s*;$/, '');
      context.addIssue({ code: 'custom', message: `${JSON.stringify(rule)} ${(error as Error).message}` });
    }
  }
  return { paths, patterns };
});
