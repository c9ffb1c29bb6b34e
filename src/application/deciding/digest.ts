import { hash } from 'node:crypto';
import { v5 } from 'uuid';
import { stringifyJson } from '../../encoding/json.js';
import { LongNumber, type Json, type JsonObject } from '../../domain/json.js';

/** Keys that name the request or the execution, and so are no part of what it says (docs/semantics.md §3.0). */
const IDS = new Set(['event_id', 'command_id', 'execution_id', 'attempt']);

/** Keys in order all the way down, so that equal JSON has one text. */
function ordered(value: Json, without?: ReadonlySet<string>): Json {
  if (typeof value !== 'object' || value === null || value instanceof LongNumber) return value;
  if (Array.isArray(value)) return value.map((item: Json) => ordered(item));
  const sorted: Record<string, Json> = Object.create(null) as Record<string, Json>; // so that "__proto__" is a key too
  for (const key of Object.keys(value).sort()) {
    if (!without?.has(key)) sorted[key] = ordered((value as JsonObject)[key]);
  }
  return sorted;
}

/**
 * The digest of a request: equal for equal JSON without the ids, of the same kind, about the same attempt
 * (docs/semantics.md §3.0).
 * @param kind the command's name, or `report`
 * @param attempt the attempt it names, in the body or as `<id>~<n>`
 */
export function digestOf(kind: string, body: Json, attempt?: number): string {
  return hash('sha256', stringifyJson([kind, attempt ?? null, ordered(body ?? {}, IDS)]), 'base64url');
}

const NAMESPACE = '5f0c3f5e-1c1b-5b5e-9a53-6c1d2f3b8a10';

/** An id that is a function of its parts (UUIDv5, RFC 9562): the same parts make the same id in every process. */
export const derivedId = (...parts: readonly string[]): string => v5(stringifyJson(parts), NAMESPACE);
