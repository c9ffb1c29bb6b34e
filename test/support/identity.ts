import type { Description } from '../../src/domain/events.js';

/** An identity field by field, each value as a text; each label is a field. */
export const fieldsOf = ({ labels = {}, ...fields }: Description): [field: string, value: string][] =>
  [...Object.entries(fields), ...Object.entries(labels).map(([key, value]) => [`label ${key}`, value])].map(
    ([field, value]) => [field as string, JSON.stringify(value)],
  );
