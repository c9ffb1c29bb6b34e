import type { OpenAPIObject } from '@nestjs/swagger';
import { parametersOf } from './documented-headers.js';
import { OPERATIONS, type OperationText } from './documented-operations.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Content = Record<string, { schema?: { type?: string; items?: object }; example?: unknown }>;

const LINES = 'application/x-ndjson';
const NO_CONTENT = '204';
/** Where the contract has no schema. */
const SCHEMAS: Readonly<Record<string, object>> = { 'text/plain': { type: 'string' } };
/** Any will do. */
const KEYED = [{ bearer: [] }, { header: [] }, { session: [] }];

/** A body with its example: of lines the schema and the example are of one, of an array of its only element. */
function media(type: string, schema: Content[string]['schema'], example: unknown): Content[string] {
  if (type === LINES)
    return { schema: schema?.items ?? schema, example: JSON.stringify(example) + '\n' } as Content[string];
  return { schema, example: schema?.type === 'array' ? [example] : example } as Content[string];
}

const withExample = (content: Content, example: unknown): Content =>
  Object.fromEntries(Object.entries(content).map(([type, { schema }]) => [type, media(type, schema, example)]));

/** The content of a success: of the type that it has, which the framework takes for JSON. */
function answerOf(content: Content | undefined, { answer, type = 'application/json' }: OperationText): Content {
  const [known] = Object.values(content ?? {});
  return { [type]: media(type, known?.schema ?? SCHEMAS[type], answer) };
}

function describe(operation: Operation, said: OperationText): void {
  const { summary, headers = [], body } = said;
  Object.assign(operation, { summary, parameters: [...(operation.parameters ?? []), ...parametersOf(headers)] });
  const sent = operation.requestBody as { content: Content } | undefined;
  if (sent && body !== undefined) sent.content = withExample(sent.content, body);
  for (const [status, answered] of Object.entries(operation.responses as Record<string, { content?: Content }>))
    if (status.startsWith('2') && status !== NO_CONTENT) answered.content = answerOf(answered.content, said);
}

/** The document with what its schemas do not say: what each operation is for, which headers it reads, its key, examples. */
export function withDescriptions(document: OpenAPIObject): OpenAPIObject {
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(methods as Record<string, Operation>)) {
      const { 'x-scope': scope } = operation as { 'x-scope'?: string };
      operation.security = scope === 'public' ? [] : KEYED;
      const said = OPERATIONS[`${method.toUpperCase()} ${path}`];
      if (said) describe(operation, said);
    }
  return document;
}
