import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { apiDocument } from '../../src/composition/api-document.js';

type Content = Record<string, { schema: object; example: unknown }>;
interface Operation {
  readonly summary?: string;
  readonly security?: readonly object[];
  readonly 'x-scope': string;
  readonly parameters: readonly {
    readonly in: string;
    readonly name: string;
    readonly schema: { readonly description?: string };
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Record<string, { readonly content?: Content }>;
}

const document = await apiDocument();
const text = JSON.stringify(document);
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods as unknown as Record<string, Operation>).map(
    ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
  ),
);

/** The document's schema as it stands, read back: what it refuses a reader of the document would refuse. */
const readBack = (schema: object): z.ZodType => {
  const whole = JSON.stringify({ ...schema, definitions: document.components!.schemas });
  return z.fromJSONSchema(JSON.parse(whole.replaceAll('#/components/schemas/', '#/definitions/')), {
    defaultTarget: 'openapi-3.0',
  });
};
const bodies = (content: Content = {}) => Object.entries(content);
const parsed = (type: string, example: unknown): unknown =>
  type === 'application/x-ndjson' ? JSON.parse(example as string) : example;

it('the document has no reference that leads nowhere', () => {
  const names = Object.keys(document.components!.schemas!);
  for (const [, reference] of text.matchAll(/"\$ref":"([^"]+)"/g))
    expect(names.map((name) => `#/components/schemas/${name}`)).toContain(reference);
});

it('the document says how a key is sent', () => {
  expect(document.components!.securitySchemes).toMatchObject({
    bearer: { type: 'http', scheme: 'bearer' },
    header: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
  });
});

it('numbers and flags of a query are told as such, with their bounds', () => {
  const all = operations.flatMap(([, { parameters }]) => parameters.filter((one) => one.in === 'query'));
  const kinds = (name: string) => [
    ...new Set(
      all.filter((one) => one.name === name).map(({ schema: { description: _, ...kind } }) => JSON.stringify(kind)),
    ),
  ];
  expect(kinds('limit').sort()).toEqual([
    '{"type":"integer","minimum":1,"maximum":1000}',
    '{"type":"integer","minimum":1,"maximum":500}',
  ]);
  expect(kinds('wait_ms')).toEqual(['{"type":"integer","minimum":0,"maximum":30000}']);
  for (const name of ['stale', 'resumable', 'refused', 'zombie', 'count'])
    expect([name, ...kinds(name)]).toEqual([name, '{"type":"boolean"}']);
});

describe.each(operations)('%s', (name, operation) => {
  it('has a summary of one line', () => expect(operation.summary).toMatch(/^[A-Z][^\n.]{5,70}$/));

  it('wants a key as its scope says', () => {
    const wanted = operation['x-scope'] === 'public' ? [] : [{ bearer: [] }, { header: [] }, { session: [] }];
    expect(operation.security).toEqual(wanted);
  });

  it('names the headers of who asks where it leaves a trace', () => {
    const names = operation.parameters.filter((one) => one.in === 'header').map((one) => one.name);
    const writes = name.startsWith('POST') && !name.endsWith('/batch-status') && !name.endsWith('/session');
    expect(names.includes('X-Actor-ID')).toBe(writes);
    expect(new Set(names).size).toBe(names.length);
  });

  it('has examples of what is sent and answered that its own schemas read', () => {
    const successes = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
    expect(successes).toHaveLength(1);
    const answered = bodies(successes[0]![1].content);
    expect(answered).toHaveLength(successes[0]![0] === '204' ? 0 : 1);
    for (const [type, { schema, example }] of [...bodies(operation.requestBody?.content), ...answered])
      expect([type, readBack(schema).safeParse(parsed(type, example)).error]).toEqual([type, undefined]);
  });
});
