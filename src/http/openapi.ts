import { applyDecorators, type INestApplication } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiResponse, DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import * as z from 'zod';
import { problem } from '../contract/problem.js';

const TARGET = { target: 'openapi-3.0', unrepresentable: 'any' } as const;

/** Documents what a door answers: its success by the contract's schema, and the statuses of its problems. */
export const Answers = (schema: z.ZodType, ...problems: readonly number[]): MethodDecorator & ClassDecorator =>
  applyDecorators(
    documented({ standardSchema: schema, status: '2XX' as never, description: 'Success' }),
    Refuses(...problems),
  );

/** Documents the statuses of a door's problems. */
export const Refuses = (...problems: readonly number[]): MethodDecorator & ClassDecorator =>
  applyDecorators(
    ...problems.map((status) => documented({ status, description: 'A problem (RFC 9457)', standardSchema: problem })),
  );

// The option is the library's own name for what it makes of the schemas of parameters; its types leave it out of answers.
const documented = (options: object): MethodDecorator & ClassDecorator =>
  ApiResponse(options as Parameters<typeof ApiResponse>[0]);

/** Documents a body that a door reads by itself. */
export const Takes = (type: string, schema: z.ZodType): MethodDecorator =>
  applyDecorators(ApiConsumes(type), ApiBody({ schema: z.toJSONSchema(schema, { ...TARGET, io: 'input' }) as object }));

/** The API as a document, made of the contract's schemas. */
export function documentOf(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Execution ledger')
    .setDescription('What happened to every workflow, agent run, job and task, beyond doubt.')
    .setVersion('1')
    .addBearerAuth()
    .build();
  return SwaggerModule.createDocument(app, config);
}

/** `GET /docs` for people, `GET /docs/openapi.json` for programs. */
export function serveDocument(app: INestApplication): void {
  SwaggerModule.setup('docs', app, () => documentOf(app), { jsonDocumentUrl: 'docs/openapi.json' });
}
