import type { JsonObject } from '../domain/json.js';

type Paths = readonly { readonly path: readonly PropertyKey[] }[];

/** The value without the members that these lead into; of labels only those that they name, unless `whole` members are to go. */
export function without(value: JsonObject, named: Paths, whole: boolean): JsonObject {
  const members = new Map<PropertyKey, Set<PropertyKey> | 'whole'>();
  for (const {
    path: [member, key],
  } of named) {
    const keys = members.get(member!);
    if (member !== 'labels' || key === undefined || whole) members.set(member!, 'whole');
    else if (keys !== 'whole') members.set(member, (keys ?? new Set()).add(key));
  }
  const kept = Object.entries(value).flatMap(([member, said]): [string, unknown][] => {
    const gone = members.get(member);
    if (gone === undefined) return [[member, said]];
    if (gone === 'whole') return [];
    return [[member, Object.fromEntries(Object.entries(said as JsonObject).filter(([key]) => !gone.has(key)))]];
  });
  return Object.fromEntries(kept);
}
