import { applyDecorators, type INestApplication } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiResponse, DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import * as z from 'zod';
import { withDescriptions } from './described.js';
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
  applyDecorators(ApiConsumes(type), ApiBody({ schema: schemaOf(schema) }));

/** A schema by itself; what it names stands among the document's own, where references are looked up. */
function schemaOf(schema: z.ZodType): object {
  const { definitions: _, ...alone } = z.toJSONSchema(schema, { ...TARGET, io: 'input' });
  return JSON.parse(JSON.stringify(alone).replaceAll('"#/definitions/', '"#/components/schemas/')) as object;
}

const WITHOUT_KEYS = 'A ledger on loopback without API keys wants none.';

/** The API as a document, made of the contract's schemas. */
export function documentOf(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Execution ledger')
    .setDescription('What happened to every workflow, agent run, job and task, beyond doubt.')
    .setVersion('1')
    .addSecurity('bearer', { type: 'http', scheme: 'bearer', description: `An API key. ${WITHOUT_KEYS}` })
    .addSecurity('header', { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'The same key' })
    .addSecurity('session', {
      type: 'apiKey',
      in: 'cookie',
      name: 'ledger_session',
      description: 'Of a browser that signed in',
    })
    .build();
  return withDescriptions(SwaggerModule.createDocument(app, config));
}

/** `GET /docs` for people, `GET /docs/openapi.json` for programs. */
export function serveDocument(app: INestApplication): void {
  SwaggerModule.setup('docs', app, () => documentOf(app), { jsonDocumentUrl: 'docs/openapi.json' });
}
