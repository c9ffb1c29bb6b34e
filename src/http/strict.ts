import { applyDecorators } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type * as z from 'zod';
import { meantBy } from '../contract/lookalikes.js';
import { isJsonObject, MOST_ISSUES } from '../contract/primitives.js';
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

/** @throws Problem 400 that names the members which the report has and its schema does not */
export function refuseUnknown(report: unknown, schema: z.ZodObject): void {
  if (!isJsonObject(report)) return;
  const unknown = Object.keys(report).filter((key) => !Object.hasOwn(schema.shape, key));
  if (unknown.length === 0) return;
  const issues = unknown.slice(0, MOST_ISSUES).map((key) => {
    const meant = meantBy(key, schema);
    const hint = meant !== undefined && Object.hasOwn(schema.shape, meant) ? `; did you mean ${meant}?` : '';
    return { path: [key], message: `is no member of this report${hint}` };
  });
  throw invalidBy({ issues });
}
