import fc from 'fast-check';
import { moved, type CounterProjection, type Row, type RowProjection } from '../../../projections/projection.js';
import type { ExecutionState } from '../../../src/domain/execution.js';

/** Texts that are easily taken for each other, or for something else than a text. */
const TEXTS = [
  ...[
    '',
    'a',
    'A',
    'ab',
    '%',
    '_',
    '\\',
    '\\u0000',
    '\0',
    '\ud800',
    'é',
    '😀',
    'null',
    "' or true --",
    '{a}',
    '"',
    'a,b',
  ],
  ...[254, 255, 256].flatMap((length) => ['x'.repeat(length), `${'x'.repeat(length)}y`, '😀'.repeat(length)]),
];
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 3 });
const instants = ['0001-01-01T00:00:00.000Z', '2026-01-31T12:00:00.001Z', '9999-12-31T23:59:59.999Z'];

/** A value of each type that a column can have; few, so that many rows share them. */
export const values = fc.record({
  word: maybe(fc.constantFrom(...TEXTS)),
  tags: fc.array(fc.constantFrom(...TEXTS), { maxLength: 3 }),
  small: maybe(fc.constantFrom(-2147483648, -1, 0, 1, 2147483647)),
  big: fc.constantFrom(-9007199254740991, 0, 9007199254740991),
  measured: maybe(fc.constantFrom(-1e300, -0.5, 0, 5e-324, 0.30000000000000004, 0.3, 1.5e21)),
  flag: maybe(fc.boolean()),
  moment: maybe(fc.constantFrom(...instants)),
  document: maybe(fc.jsonValue({ maxDepth: 1 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown)),
});
export type Values = Readonly<Record<string, unknown>>;

/** What the executions of a test stand for: each says in its message which of these it is. */
export const SAMPLES: readonly Values[] = fc.sample(values, { numRuns: 60, seed: 18 });
const sampleOf = (state: ExecutionState): Values | undefined =>
  state.status === 'none' ? undefined : SAMPLES[Number(state.message ?? NaN)];

const TYPES = {
  word: { type: 'text', nullable: true },
  small: { type: 'integer', nullable: true },
  flag: { type: 'boolean', nullable: true },
  moment: { type: 'instant', nullable: true },
} as const;

/** A row of every type of column. */
export const everyType: RowProjection = {
  kind: 'rows',
  name: 'every-type',
  version: 1,
  key: 'execution_id',
  columns: {
    ...{ execution_id: { type: 'text' }, revision: { type: 'integer' }, ...TYPES },
    ...{ tags: { type: 'text[]' }, big: { type: 'bigint' } },
    ...{ measured: { type: 'double', nullable: true }, document: { type: 'json', nullable: true } },
  },
  indexes: [{ columns: ['word'] }],
  contribute: (_before, after, { execution_id }) => ({
    ...{ execution_id, revision: after.revision, tags: [], big: 0 },
    ...sampleOf(after),
  }),
};

export const COUNTED = ['word', 'flag', 'small', 'moment'] as const;
const keys = (sample: Values | undefined): Row[] =>
  sample === undefined ? [] : [Object.fromEntries(COUNTED.map((name) => [name, sample[name]]))];

/** A count under a key of every type that a key can have. */
export const everyKey: CounterProjection = {
  kind: 'counters',
  name: 'every-key',
  version: 1,
  key: COUNTED,
  columns: { ...TYPES, count: { type: 'bigint' } },
  indexes: [],
  contribute: (before, after) => moved(keys(sampleOf(before)), keys(sampleOf(after))),
};

/** A row that is as large as one is shown. */
export const echoes: RowProjection = {
  kind: 'rows',
  name: 'echoes',
  version: 1,
  key: 'execution_id',
  columns: {
    ...{ execution_id: { type: 'text' }, revision: { type: 'integer' } },
    ...{ first: { type: 'text' }, second: { type: 'text' }, third: { type: 'text' }, fourth: { type: 'json' } },
  },
  indexes: [],
  contribute: (_before, after, { execution_id }) => {
    const { message = '', revision } = after;
    return { execution_id, revision, first: message, second: message, third: message, fourth: { message } };
  },
};
