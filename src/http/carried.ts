import { hash } from 'node:crypto';
import * as z from 'zod';
import { invalid } from '../contract/problem.js';

/** A parameter longer than this, in characters, does not go with the cursor: an address has to carry it. */
const MOST_CARRIED = 100;

/** The parameters of a list in its cursor: those that are short, and of each other one a digest. */
export const carried = {
  f: z.record(z.string(), z.unknown()),
  d: z.record(z.string(), z.string()).optional(),
};
interface CursorParameters<F> {
  readonly f: F;
  readonly d?: Readonly<Record<string, string>> | undefined;
}

/** A parameter as it is compared: of a repeated one the order is no matter. */
const textOf = (value: unknown): string =>
  JSON.stringify(Array.isArray(value) ? [...(value as string[])].sort() : value);
const digestOf = (value: unknown): string => hash('sha256', textOf(value), 'base64url').slice(0, 22);

/** Parameters as a cursor carries them; of long ones it has a digest, and they have to accompany it. */
export function carry(parameters: object): CursorParameters<Record<string, unknown>> {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  const long = given.filter(([, value]) => textOf(value).length > MOST_CARRIED);
  return {
    f: Object.fromEntries(given.filter((one) => !long.includes(one))),
    ...(long.length > 0 ? { d: Object.fromEntries(long.map(([key, value]) => [key, digestOf(value)])) } : {}),
  };
}

/** The parameters that a cursor was made with. @throws Problem 400 where those that came beside it are others, or one is missing */
export function accompanied<F extends object>({ f, d = {} }: CursorParameters<F>, beside: F): F {
  const repeated = new Map<string, unknown>(Object.entries(beside).filter(([, value]) => value !== undefined));
  for (const [key, value] of repeated) {
    const same = Object.hasOwn(d, key)
      ? d[key] === digestOf(value)
      : Object.hasOwn(f, key) && textOf(value) === textOf(f[key as keyof F]);
    if (!same) throw differs(key);
  }
  for (const key of Object.keys(d))
    if (!repeated.has(key)) throw invalid(key, 'is too long to go with the cursor, and has to accompany it');
  return { ...f, ...beside };
}

export const differs = (key: string): Error =>
  invalid(key, 'is not what the cursor was made with; leave it out or repeat it');

export const textOfCursor = (content: object): string => Buffer.from(JSON.stringify(content)).toString('base64url');

/** What a cursor says. @throws Problem 400 for text that is no cursor of this list */
export function readCursorText<S extends z.ZodType>(cursor: string, schema: S): z.output<S> {
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw invalid('cursor', 'is not a cursor of this list: expected next_cursor as it was given');
  }
}
