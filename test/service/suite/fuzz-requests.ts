import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { PROJECTIONS } from '../../../projections/index.js';
import { large, TEXTS, values } from './fuzz-values.js';

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

const EVENTS = { path: '/api/v1/workflow/executions/events', method: 'POST' };
const OPERATIONS = Object.values(document.paths).flatMap((operations) => Object.values(operations));
/** Every parameter of a path or a query. */
const PARAMETERS = [...new Set(OPERATIONS.flatMap(({ parameters = [] }) => parameters.map(({ name }) => name)))];
/** Every field and parameter that somebody may send. */
const SENT = [
  ...new Set(
    OPERATIONS.flatMap(({ requestBody }) =>
      Object.values(requestBody?.content ?? {}).flatMap(({ schema }) => fieldsOf(schema)),
    ).concat(PARAMETERS),
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
/** Every operation of the contract. */
export const ENDPOINTS = Object.entries(document.paths).flatMap(([path, operations]) =>
  Object.keys(operations).map((method) => ({ path, method: method.toUpperCase() })),
);
const field = fc.constantFrom(...FIELDS);

/** A request as it is sent; a body's numbers may stand in it by their digits alone (see {@link textOf}). */
export interface FuzzRequest {
  readonly endpoint: (typeof ENDPOINTS)[number];
  /** The part of the path that names an execution or a projection. */
  readonly name: string;
  readonly body: unknown;
  readonly query: readonly (readonly [string, unknown])[];
  readonly headers: Record<string, string>;
}

/** What each endpoint needs so that a field beside it is looked at. */
const needed = (path: string, [first, second]: readonly string[]): object =>
  Object.entries({
    '/workflow/executions/events': { execution_id: 'fuzz-events', status: 'running' },
    '/status': { status: 'running' },
    '/progress': { message: 'm' },
    '/abort': { phase: 'staging', error: 'e' },
    '/batch-status': { execution_ids: [first, second] },
    '/bulk/resume': { execution_ids: [first], dry_run: true },
    '/bulk/cancel': { execution_ids: [second], dry_run: true },
  }).find(([end]) => path.endsWith(end))?.[1] ?? {};

const HEADERS = [
  'if-match',
  'idempotency-key',
  'last-event-id',
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
  '7',
  '99999999999999999999',
  '00-' + 'a'.repeat(32) + '-' + 'b'.repeat(16) + '-01',
  'workflow_run',
  'text/plain',
  'application/json',
  'x'.repeat(300),
);

const shared = {
  query: fc.array(fc.tuple(field, values), { maxLength: 2 }),
  headers: fc.array(fc.tuple(fc.constantFrom(...HEADERS), headerText), { maxLength: 1 }).map(Object.fromEntries),
};
const beside = (needs: object, fields: readonly (readonly [string, unknown])[]): object => ({
  ...needs,
  ...Object.fromEntries(fields),
});
/** A projection's work outlasts its request by far: most that is asked names none, or the ledger would do little else. */
const projection = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom('nobody', ...TEXTS) },
  { weight: 1, arbitrary: fc.constantFrom(...PROJECTIONS.map(({ name }) => name)) },
);
const nameFor = ({ path }: FuzzRequest['endpoint'], execution: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  path.includes('{name}') ? projection : execution;

/** Anything, to any endpoint, about these executions or none. */
const anything = (ids: readonly string[]): fc.Arbitrary<FuzzRequest> =>
  fc.constantFrom(...ENDPOINTS).chain((endpoint) =>
    fc
      .record({
        ...shared,
        name: nameFor(endpoint, fc.constantFrom(...ids, ...ids, `${ids[0]}~2`, 'nobody', ...TEXTS)),
        fields: fc.array(fc.tuple(field, values), { minLength: 1, maxLength: 3 }),
        whole: fc.option(values, { freq: 12 }),
      })
      .map(({ fields, whole, ...asked }) => ({
        ...asked,
        endpoint,
        body: whole ?? beside(needed(endpoint.path, ids), fields),
      })),
  );

const TAKING = ENDPOINTS.filter(({ method }) => method === 'POST');

/** Something large in a field of an execution of its own, so that not every later answer about another shows it. */
const oversized = (id: string): fc.Arbitrary<FuzzRequest> =>
  fc.constantFrom(...TAKING).chain((endpoint) =>
    fc
      .record({ field: fc.constantFrom(...SENT), value: large, name: nameFor(endpoint, fc.constant(id)) })
      .map(({ field, value, name }) => {
        const needs = { ...needed(endpoint.path, [id, id]), execution_id: id };
        return { endpoint, name, query: [], headers: {}, body: beside(needs, [[field, value]]) };
      }),
  );

/** Every field that may be sent, to every endpoint that takes a body, and every parameter to every other, whether or not it is its own. */
const EVERY_FIELD = ENDPOINTS.flatMap((endpoint) =>
  (endpoint.method === 'POST' ? SENT : PARAMETERS).map((field) => ({ endpoint, field })),
);
const ofField =
  (ids: readonly string[]) =>
  ({ endpoint, field }: (typeof EVERY_FIELD)[number]): fc.Arbitrary<FuzzRequest> =>
    fc
      .record({ value: values, query: shared.query, name: nameFor(endpoint, fc.constantFrom(...ids)) })
      .map(({ value, query, name }) => ({
        endpoint,
        name,
        headers: {},
        body: beside(needed(endpoint.path, ids), [[field, value]]),
        query: endpoint.method === 'POST' ? query : [[field, value]],
      }));

/** So many requests are about the same executions: what is read of a stream grows with all that was said of it. */
const ABOUT_THE_SAME = 4_000;
/** One of so many is large. */
const LARGE = 500;

function* about(ids: readonly string[], count: number, seed: number): Generator<FuzzRequest> {
  yield* fc.sample(fc.tuple(...EVERY_FIELD.map(ofField(ids))), { numRuns: 1, seed })[0]!;
  for (let left = count - EVERY_FIELD.length; left > 0; left -= LARGE) {
    yield* fc.sample(anything(ids), { numRuns: Math.min(left, LARGE) - 1, seed: seed + left });
    yield* fc.sample(oversized(`${ids[0]}-large`), { numRuns: 1, seed: seed + left });
  }
}

/** So many requests at least: again and again through every field of every endpoint, and then anything; the same for the same seed. */
export function* sample(count: number, seed: number): Generator<FuzzRequest> {
  for (let done = 0; done < count; done += ABOUT_THE_SAME) {
    const ids = [1, 2, 3].map((n) => `fuzz-${done + n}`);
    for (const execution_id of ids)
      yield { endpoint: EVENTS, name: '', body: { execution_id, status: 'running' }, query: [], headers: {} };
    yield* about(ids, Math.min(ABOUT_THE_SAME, count - done), seed + done);
  }
}
