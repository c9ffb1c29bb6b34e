/** A JSON value as the ledger carries it; a number that a double cannot hold is a {@link LongNumber}. */
export type Json = unknown;
export type JsonObject = Readonly<Record<string, Json>>;

/** A number that a double cannot hold, by its digits. It is told by this class: a producer's object may have any members. */
export class LongNumber {
  constructor(readonly digits: string) {}
}

/** Equal JSON: key order ignored, absent and undefined alike (docs/semantics.md §3.0). */
export function sameJson(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof LongNumber || b instanceof LongNumber) {
    return a instanceof LongNumber && b instanceof LongNumber && a.digits === b.digits;
  }
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
