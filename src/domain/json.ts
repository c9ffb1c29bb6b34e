/**
 * A JSON value as the ledger carries it. A number that a double cannot hold is an object
 * that keeps its digits (see contract/json.ts); to the domain it is a value like any other.
 */
export type Json = unknown;
export type JsonObject = Readonly<Record<string, Json>>;

/** Equal JSON: key order ignored, absent and undefined alike (domain.md §3.0). */
export function sameJson(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => sameJson(item, b[i]));
  }
  const left = Object.entries(a).filter(([, value]) => value !== undefined);
  const right = Object.entries(b).filter(([, value]) => value !== undefined);
  return (
    left.length === right.length &&
    left.every(([key, value]) => Object.hasOwn(b, key) && sameJson(value, (b as JsonObject)[key]))
  );
}

/** The object without its undefined members, so that "absent" has one form in every event and row. */
export function compact<T extends object>(object: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const out: Record<string, unknown> = {};
  for (const key in object) if (object[key] !== undefined) out[key] = object[key];
  return out as { [K in keyof T]: Exclude<T[K], undefined> };
}
