import { readFileSync } from 'node:fs';
import fc from 'fast-check';

type Schema = {
  $ref?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  allOf?: Schema[];
};
interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema?: Schema }> };
}
const document = JSON.parse(readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};

/** Every field that a schema names, all the way down. */
function fieldsOf(schema: Schema | undefined, seen = new Set<Schema>()): string[] {
  if (schema === undefined || seen.has(schema)) return [];
  seen.add(schema);
  const named = schema.$ref === undefined ? undefined : document.components.schemas[schema.$ref.split('/').at(-1)!];
  const below = [
    named,
    schema.items,
    ...(schema.anyOf ?? []),
    ...(schema.allOf ?? []),
    ...Object.values(schema.properties ?? {}),
  ];
  return [...Object.keys(schema.properties ?? {}), ...below.flatMap((one) => fieldsOf(one, seen))];
}

const OPERATIONS = Object.values(document.paths).flatMap((operations) => Object.values(operations));
/** Every field and parameter that somebody may send. */
const SENT = [
  ...new Set(
    OPERATIONS.flatMap(({ parameters = [], requestBody }) => [
      ...parameters.map(({ name }) => name),
      ...Object.values(requestBody?.content ?? {}).flatMap(({ schema }) => fieldsOf(schema)),
    ]),
  ),
];
/** Those, every field that is answered, and what the code reads of events, metadata and objects besides. */
const FIELDS = [
  ...new Set([
    ...SENT,
    ...Object.values(document.components.schemas).flatMap((schema) => fieldsOf(schema)),
    ...['digest', 'schema_version', 'report_id', 'eventId', 'isLosslessNumber', 'then', 'toJSON', 'length'],
    ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '', '\0'],
  ]),
];
/** What keeps its answer open, or the projector from its work: neither is what is under test. */
const LEFT_OUT = /stream$|\/projections\/|health|metrics/;
const ENDPOINTS = Object.entries(document.paths)
  .filter(([path]) => !LEFT_OUT.test(path))
  .flatMap(([path, operations]) => Object.keys(operations).map((method) => ({ path, method: method.toUpperCase() })));

/** A number as JSON has it and a double has not: its digits go into the text as they stand. */
const digits = (text: string): string => `@@${text}@@`;
export const textOf = (body: unknown): string | undefined => JSON.stringify(body)?.replace(/"@@([^"@]*)@@"/g, '$1');

const nested = (depth: number, open: string, close: string): unknown =>
  JSON.parse(open.repeat(depth) + (open === '[' ? '' : '1') + close.repeat(depth));
const TEXTS = [
  ...[
    '',
    ' ',
    '\0',
    '\ud800',
    'a\\b',
    '.',
    '..',
    '~3',
    'x~0',
    'x~2',
    'x'.repeat(256),
    'x'.repeat(5_000),
    '🦄'.repeat(200),
  ],
  ...[
    '2026-01-31T12:00:00Z',
    '9999-12-31T23:59:59-05:00',
    '0001-01-01T00:00:00Z',
    '+275760-09-13T00:00:00.000Z',
    'NaN',
  ],
  ...[
    'running',
    'Succeeded',
    'paused',
    'true',
    '1',
    '-1',
    '1e9',
    '99999999999999999999',
    "'; drop table x --",
    '${x}',
    '%00',
  ],
];
const values: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom<unknown>(null, true, false, 0, -0, -1, 1, 7, 1.5, 2 ** 31, 2 ** 53, 1e21, 1e308),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...['1e400', '9007199254740993', '-0', '0.1e-400', '1' + '0'.repeat(400)].map(digits)),
  },
  { weight: 4, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(
      [],
      {},
      [null],
      { a: 1 },
      { '': '' },
      [[]],
      nested(60, '[', ']'),
      nested(400, '{"a":', '}'),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(Array(2_000).fill(0), Object.fromEntries(TEXTS.map((text) => [text, text]))),
  },
);
const field = fc.constantFrom(...FIELDS);

/** A request as it is sent; a body's numbers may stand in it by their digits alone (see {@link textOf}). */
export interface Asked {
  readonly endpoint: (typeof ENDPOINTS)[number];
  readonly id: string;
  readonly body: unknown;
  readonly query: readonly (readonly [string, unknown])[];
  readonly headers: Record<string, string>;
}

/** What each endpoint needs so that a field beside it is looked at. */
const NEEDED: Readonly<Record<string, object>> = {
  '/workflow/executions/events': { execution_id: 'fuzz-events', status: 'running' },
  '/status': { status: 'running' },
  '/progress': { message: 'm' },
  '/abort': { phase: 'staging', error: 'e' },
  '/batch-status': { execution_ids: ['fuzz-1', 'fuzz-2'] },
  '/bulk/resume': { execution_ids: ['fuzz-1'], dry_run: true },
  '/bulk/cancel': { execution_ids: ['fuzz-2'], dry_run: true },
};
const needed = (path: string): object => Object.entries(NEEDED).find(([end]) => path.endsWith(end))?.[1] ?? {};

const HEADERS = [
  'if-match',
  'idempotency-key',
  'x-actor-id',
  'x-correlation-id',
  'traceparent',
  'x-github-event',
  'content-type',
];
const headerText = fc.constantFrom(
  '',
  '"0"',
  'W/"1"',
  '*',
  'x',
  'ÿ',
  '00-' + 'a'.repeat(32) + '-' + 'b'.repeat(16) + '-01',
  'workflow_run',
  'text/plain',
  'application/json',
  'x'.repeat(300),
);

const shared = {
  id: fc.oneof(fc.constantFrom('fuzz-1', 'fuzz-2', 'fuzz-1~2', 'nobody', ...TEXTS), fc.constant('fuzz-3')),
  query: fc.array(fc.tuple(field, values), { maxLength: 2 }),
  headers: fc.array(fc.tuple(fc.constantFrom(...HEADERS), headerText), { maxLength: 1 }).map(Object.fromEntries),
};
const beside = (path: string, fields: readonly (readonly [string, unknown])[]): object => ({
  ...needed(path),
  ...Object.fromEntries(fields),
});

/** Anything, to any endpoint. */
const anything: fc.Arbitrary<Asked> = fc
  .record({
    ...shared,
    endpoint: fc.constantFrom(...ENDPOINTS),
    fields: fc.array(fc.tuple(field, values), { minLength: 1, maxLength: 3 }),
    whole: fc.option(values, { freq: 12 }),
  })
  .map(({ fields, whole, ...asked }) => ({ ...asked, body: whole ?? beside(asked.endpoint.path, fields) }));

/** Every field that may be sent, to every endpoint that takes a body, whether or not it is one of that endpoint's. */
const EVERY_FIELD = ENDPOINTS.filter(({ method }) => method === 'POST').flatMap((endpoint) =>
  SENT.map((name) => ({ endpoint, name })),
);
const ofField = ({ endpoint, name }: (typeof EVERY_FIELD)[number]): fc.Arbitrary<Asked> =>
  fc
    .record({ value: values, headers: fc.constant({}), query: shared.query, id: fc.constantFrom('fuzz-1', 'fuzz-2') })
    .map(({ value, ...asked }) => ({ ...asked, endpoint, body: beside(endpoint.path, [[name, value]]) }));

/** So many requests: once through every field of every endpoint, and then anything; the same for the same seed. */
export const sample = (count: number, seed: number): Asked[] => {
  const fields = fc.sample(fc.tuple(...EVERY_FIELD.map(ofField)), { numRuns: 1, seed })[0]!;
  return [...fields, ...fc.sample(anything, { numRuns: Math.max(0, count - fields.length), seed })];
};
