import { Body, createParamDecorator, Param, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import * as z from 'zod';
import { executionId } from '../contract/primitives.js';
import type { WithActor } from './access.js';

/** The execution that the address names, and its attempt where it names one. */
export const Id = (): ParameterDecorator => Param('id', { schema: executionId });

/** A body that may be left out. */
export const Said = (schema: z.ZodType): ParameterDecorator =>
  Body({ schema: z.preprocess((body) => body ?? {}, schema) });

/** Who asks, and how they are answered besides the body. */
export interface HttpCall {
  readonly request: WithActor;
  readonly reply: FastifyReply;
}

/** Both sides of the call; the answer's body is still what the method returns. */
export const Http = createParamDecorator((_: unknown, context: ExecutionContext): HttpCall => {
  const http = context.switchToHttp();
  return { request: http.getRequest(), reply: http.getResponse() };
});

/** Aborts when the caller hangs up, so that nobody waits for nobody. */
export function goneSignal({ request, reply }: HttpCall): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  if (request.raw.destroyed && !request.raw.complete) gone.abort();
  return gone.signal;
}
