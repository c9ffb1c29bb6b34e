import { applyDecorators } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { closestMatch } from 'leven';
import type * as z from 'zod';
import { LONGEST_NAME, meantBy } from '../contract/lookalikes.js';
import { isJsonObject, MOST_ISSUES } from '../encoding/readings.js';
import { invalid, invalidBy } from '../contract/problem.js';

const FLAGS: Readonly<Record<string, boolean>> = { true: true, false: false };

/** Documents that an endpoint for reports can be asked to refuse what it does not know. */
export const MayBeStrict = (): MethodDecorator =>
  applyDecorators(
    ApiQuery({
      name: 'strict',
      required: false,
      schema: { type: 'boolean' },
      description: 'Refuses a report with members that are none, and names them',
    }),
  );

/** Whether the caller wants to be told of every member that is none. @throws Problem 400 where it does not say so or otherwise */
export function isStrict({ query }: Pick<FastifyRequest, 'query'>): boolean {
  const { strict } = (query ?? {}) as { strict?: unknown };
  if (strict === undefined) return false;
  const flag = typeof strict === 'string' && Object.hasOwn(FLAGS, strict) ? FLAGS[strict] : undefined;
  if (flag === undefined) throw invalid('strict', 'expected true or false');
  return flag;
}

/** So many letters may be wrong, missing or too many in a name that is mistyped. */
const MOST_WRONG = 2;
/** Of a shorter name they would leave too little: any other short name would be near. */
const SHORTEST_MISTYPED = 5;

/** The member that was probably meant: under another name that producers give it, or mistyped. */
function nearest(key: string, schema: z.ZodObject): string | undefined {
  const members = Object.keys(schema.shape);
  const meant = meantBy(key, schema);
  if (meant !== undefined) return members.find((member) => member === meant);
  if (key.length < SHORTEST_MISTYPED) return undefined;
  return closestMatch(key.slice(0, LONGEST_NAME), members, { maxDistance: MOST_WRONG });
}

/** @throws Problem 400 that names what is given and the schema does not have; `what`: that its members are */
export function refuseUnknown(given: unknown, schema: z.ZodObject, what = 'member of this report'): void {
  if (!isJsonObject(given)) return;
  const unknown = Object.keys(given).filter((key) => !Object.hasOwn(schema.shape, key));
  if (unknown.length === 0) return;
  const issues = unknown.slice(0, MOST_ISSUES).map((key) => {
    const meant = nearest(key, schema);
    const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
    return { path: [key], message: `is no ${what}${hint}` };
  });
  throw invalidBy({ issues });
}
