import type { Description } from '../../../src/domain/events.js';

type Fields = readonly (readonly [field: string, value: string])[];

/** Of descriptions that are asked of again and again, as by a search. */
const known = new WeakMap<Description, Fields>();

/** An identity field by field, each value as a text; each label is a field. */
export function fieldsOf(description: Description): Fields {
  let fields = known.get(description);
  if (!fields) {
    const { labels = {}, ...others } = description;
    const labelled = Object.entries(labels).map(([key, value]): [string, unknown] => [`label ${key}`, value]);
    fields = [...Object.entries(others), ...labelled].map(([field, value]) => [field, JSON.stringify(value)] as const);
    known.set(description, fields);
  }
  return fields;
}
