import { hash } from 'node:crypto';
import type { ExecutionState, TerminalExecution } from '../src/domain/execution.js';
import type { TerminalStatus } from '../src/domain/status.js';

/** How much of an error is looked at, and how much of its pattern is kept, in UTF-16 units: an index entry holds it whole. */
const LOOKED_AT = 400;
const KEPT = 110;

/** What differs between failures of one cause, and the word that stands for it; each is looked for in what the former left. */
const VARIABLE: readonly (readonly [what: RegExp, word: string])[] = [
  [/"[^"]{0,200}"|`[^`]{0,200}`|(?<!\w)'[^']{0,200}'(?!\w)/g, '<text>'],
  [/\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s<>,;)\]]+/gi, '<url>'],
  [/(?<![\w<])(?:[a-z]:)?(?:[/\\][\w.@~+-]+)+/gi, '<path>'],
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '<id>'],
  [/\b0x[0-9a-f]+\b|\b(?=[a-f]*\d)[0-9a-f]{7,}\b/gi, '<id>'],
  // Letters and digits in turn: made by a machine.
  [/\b(?=\w{8,}\b)\w*\d[a-z_]+\d\w*\b/gi, '<id>'],
  [/\d+(?:[.,:]\d+)*/g, '<n>'],
  [/[\0\p{Cs}\p{Cc}]/gu, '\ufffd'],
];

/** Where an error begins with its stack, its last line says what it is (Python). */
const STACK_FIRST = /^Traceback \(most recent call last\)/;

function beginningOf(error: string): string {
  const all = error.trimEnd();
  const from = STACK_FIRST.test(all) ? all.lastIndexOf('\n') + 1 : 0;
  return all.slice(from, from + LOOKED_AT).trim();
}

/**
 * What failures of one cause have in common: the beginning of the error without numbers, ids, paths, addresses and quoted text.
 * Empty where no error was said.
 */
export function failurePattern(error: string | undefined): string {
  let pattern = beginningOf(error ?? '').replace(/\s+/g, ' ');
  for (const [what, word] of VARIABLE) pattern = pattern.replace(what, word);
  return pattern.slice(0, KEPT);
}

/** What a group of failures is named by: sixteen digits, of its pattern alone. */
export const fingerprintOf = (pattern: string): string => hash('sha256', pattern, 'hex').slice(0, 16);

/** The outcomes that are failures. */
export const FAILURES = ['failed', 'timeout'] as const satisfies readonly TerminalStatus[];

export const isFailure = (state: ExecutionState): state is TerminalExecution =>
  (FAILURES as readonly string[]).includes(state.status);

/** The group that an execution stands in; undefined where it has not failed. */
export const failureGroupOf = (state: ExecutionState): string | undefined =>
  isFailure(state) ? fingerprintOf(failurePattern(state.error)) : undefined;
