import type { Description } from './events.js';
import { draftOf, type Draft, type ExistingExecution } from './execution.js';
import type { Json } from './json.js';

/** How much of a text is shown where an execution is shown in short, in bytes of UTF-8. */
export const MOST_TEXT_BYTES = 4 * 1024;
/** How much of its labels together: one report may bring a thousand, and the next one others. */
const MOST_LABELS_BYTES = 16 * 1024;

/** What a text that was cut ends with. */
const MORE = '…';
const MORE_BYTES = 3;
/** A UTF-16 unit is at most so many bytes of UTF-8. */
const UNIT_BYTES = 3;

const encoder = new TextEncoder();
const room = new Uint8Array(MOST_TEXT_BYTES);

/** How many UTF-16 units of a text lie within so many bytes, and how many bytes these are: whole characters only. */
const within = (text: string, bytes: number) => encoder.encodeInto(text, room.subarray(0, bytes));

/** A text of up to 4 KiB as it is, of a longer one as much as fits before the mark that there is more. */
export function cutText(text: string): string {
  if (text.length * UNIT_BYTES <= MOST_TEXT_BYTES || within(text, MOST_TEXT_BYTES).read === text.length) return text;
  return text.slice(0, within(text, MOST_TEXT_BYTES - MORE_BYTES).read) + MORE;
}

type Labels = Readonly<Record<string, string>>;

/** The labels with their texts cut, as many of the first as fit together. */
function cutLabels(labels: Labels): Labels {
  let units = 0;
  for (const key in labels) units += key.length + labels[key]!.length;
  if (units * UNIT_BYTES <= MOST_TEXT_BYTES) return labels;
  let left = MOST_LABELS_BYTES;
  let whole = true;
  const kept: [string, string][] = [];
  for (const [key, text] of Object.entries(labels)) {
    const value = cutText(text);
    left -= within(key, MOST_TEXT_BYTES).written + within(value, MOST_TEXT_BYTES).written;
    whole &&= value === text && cutText(key) === key && left >= 0;
    if (left < 0) break;
    if (cutText(key) === key) kept.push([key, value]); // part of a key would be another label
  }
  return whole ? labels : Object.fromEntries(kept);
}

/** A text cut; what is none and takes more is left out. */
function cutJson(value: Json): Json {
  if (typeof value === 'string') return cutText(value);
  if (typeof value !== 'object' || value === null) return value;
  return JSON.stringify(value).length <= MOST_TEXT_BYTES ? value : undefined;
}

/** What is left out wherever an execution is shown in short. */
const LEFT_OUT = ['data', 'result', 'error_details'] as const satisfies readonly (keyof Draft)[];
/** How each member is shown whose size is its writer's to choose. */
const CUT = { status_reason: cutText, message: cutText, worker: cutText, error: cutText, handle: cutJson };
const CUT_IDENTITY = {
  run_id: cutText,
  workflow_id: cutText,
  parent_execution_id: cutText,
  target: cutText,
  kind: cutText,
  labels: cutLabels,
};
type Cuts = readonly (readonly [name: string, cut: (value: never) => Json])[];
const CUTS: Cuts = Object.entries(CUT satisfies { [K in keyof Draft]?: unknown });
const IDENTITY_CUTS: Cuts = Object.entries(CUT_IDENTITY satisfies { [K in keyof Description]?: unknown });

/** Whether a member that may be cut is part of the identity. */
export const isOfIdentity = (name: string): boolean => name === 'input' || Object.hasOwn(CUT_IDENTITY, name);

/** An execution in short: bounded, whatever producers wrote. */
export interface InShort {
  readonly state: ExistingExecution;
  /** The members that are cut. */
  readonly truncated: readonly string[];
}

/** The members that are not shown whole, as they are to be shown. */
function cutMembers(of: object, cuts: Cuts): [string, Json][] {
  const found: [string, Json][] = [];
  for (let n = 0; n < cuts.length; n++) {
    const [name, cut] = cuts[n]!;
    const value = (of as Record<string, unknown>)[name];
    if (value === undefined) continue;
    const shown = cut(value as never);
    if (shown !== value) found.push([name, shown]);
  }
  return found;
}

/**
 * An execution as lists, frames and batches show it (docs/http-api.md, The execution): without its payloads, its texts cut.
 * What is in short already stays as it is.
 */
export function inShort(state: ExistingExecution): InShort {
  const cut = cutMembers(state, CUTS);
  const cutIdentity = cutMembers(state.description, IDENTITY_CUTS);
  const left = state.description.input !== undefined || LEFT_OUT.some((name) => (state as Draft)[name] !== undefined);
  if (!left && cut.length + cutIdentity.length === 0) return { state, truncated: [] };
  const { input: _, ...identity } = state.description;
  const draft = draftOf(state);
  for (const name of LEFT_OUT) draft[name] = undefined;
  Object.assign(draft, Object.fromEntries(cut));
  draft.description = { ...identity, ...Object.fromEntries(cutIdentity) };
  return { state: draft as ExistingExecution, truncated: [...cut, ...cutIdentity].map(([name]) => name) };
}
