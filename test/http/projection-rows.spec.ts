import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PROJECTIONS } from '../../projections/index.js';
import { shortText } from '../../projections/short-text.js';
import { decodeText, encodeText } from '../../src/encoding/json.js';
import { startTestLedger, type Answer, type TestLedger } from '../support/ledger/ledger.js';
import { COUNTED, echoes, everyKey, everyType, SAMPLES, type Values } from '../support/domain/every-type.js';

const ADDED = [everyType, everyKey, echoes];

let ledger: TestLedger;
let position: string;
beforeAll(async () => {
  ledger = await startTestLedger({}, undefined, {}, [...PROJECTIONS, ...ADDED]);
  const reports = SAMPLES.map((_, n) => ({ execution_id: `e${n}`, status: 'running', message: String(n) }));
  await tell(reports);
  for (const { name } of ADDED) await rows(name, { wait_for: position });
}, 30_000);
afterAll(() => ledger.close(), 30_000);

async function tell(reports: readonly object[]): Promise<void> {
  const { text } = await ledger.call('POST', '/reports', reports);
  const receipts = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { verdict: string; position: string });
  expect(receipts.map(({ verdict }) => verdict)).toEqual(reports.map(() => 'applied'));
  position = receipts.map((one) => one.position).reduce((a, b) => (BigInt(a) > BigInt(b) ? a : b));
}

type RowsQuery = Readonly<Record<string, string | readonly string[]>>;
function rows(name: string, asked: RowsQuery = {}): Promise<Answer> {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(asked)) for (const one of [value].flat()) query.append(key, one as string);
  return ledger.call('GET', `/projections/${name}/rows?${query.toString()}`);
}
/** All pages, each after its cursor alone. */
async function walked(name: string, asked: RowsQuery, limit: number): Promise<Values[]> {
  const found: Values[] = [];
  for (let next: RowsQuery | undefined = asked; next !== undefined;) {
    const { status, body, text } = await rows(name, { ...next, limit: String(limit) });
    expect([status, text]).toEqual([200, expect.anything()]);
    expect(body.rows.length).toBeLessThanOrEqual(limit);
    found.push(...body.rows);
    const { next_cursor: cursor } = body;
    const long = Object.entries(asked).filter(([, value]) => JSON.stringify(value).length > 100);
    next = cursor === undefined ? undefined : { ...Object.fromEntries(long), cursor };
  }
  return found;
}
const problem = ({ status, body }: Answer) => [status, body.detail] as const;

const asStored = (value: unknown): unknown => (typeof value === 'string' ? encodeText(value) : value);
/** The order of an index: bytes of texts, numbers, false before true, null last. */
function compare(one: unknown, other: unknown): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  if (typeof one === 'string')
    return Buffer.compare(Buffer.from(asStored(one) as string), Buffer.from(asStored(other) as string));
  return Number(one) - Number(other);
}
const byKey = (key: readonly string[]) => (a: Values, b: Values) =>
  key.map((name) => compare(a[name], b[name])).find((order) => order !== 0) ?? 0;

/** Rows as they are to be shown, from what was reported alone. */
const expectedRows = SAMPLES.map((sample, n): Values => ({
  ...{ execution_id: `e${n}`, revision: 1, ...sample, big: String(sample.big) },
})).sort(byKey(['execution_id']));
const inKey = (text: unknown): unknown => (typeof text === 'string' ? decodeText(shortText(encodeText(text))) : text);
const expectedCounts = ((): Values[] => {
  const counts = new Map<string, Values>();
  for (const sample of SAMPLES) {
    const key = Object.fromEntries(COUNTED.map((name) => [name, inKey(sample[name])]));
    const id = JSON.stringify(key);
    counts.set(id, { ...key, count: Number(counts.get(id)?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort(byKey(COUNTED));
})();

/** Whether a row has what is asked of a column, by its value. */
const holds = (row: Values, name: string, wanted: unknown, text = (value: unknown) => value): boolean =>
  Array.isArray(wanted)
    ? wanted.every((one) => (row[name] as unknown[]).includes(one))
    : row[name] === (typeof wanted === 'string' ? text(wanted) : wanted);

const FILTERS = ['word', 'tags', 'small', 'big', 'measured', 'flag', 'moment', 'execution_id'] as const;
const PAIR = fc
  .constantFrom(...expectedRows)
  .chain((row) =>
    fc.subarray([...FILTERS], { maxLength: 2 }).map((names) => names.map((name) => [name, row[name]] as const)),
  );
/** An address cannot carry half a character; what is empty is no filter of a list. */
const sendable = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.length > 0 && value.every(sendable)
    : Buffer.from(String(value)).toString() === String(value);
const written = (value: unknown): string | string[] => (Array.isArray(value) ? value.map(String) : String(value));

describe.each([
  ['every-type', expectedRows, (value: unknown) => value],
  ['every-key', expectedCounts, inKey],
] as const)('the rows of %s', (name, expected, text) => {
  it('are all that was reported, in the order of their key, however they are paged', async () => {
    for (const limit of [1, 7, 500]) expect(await walked(name, {}, limit)).toEqual(expected);
  }, 30_000);

  it('are filtered by their columns as a search one by one finds them', async () => {
    const property = fc.asyncProperty(PAIR, fc.integer({ min: 3, max: 20 }), async (pairs, limit) => {
      const known = pairs.filter(([column, value]) => column in expected[0]! && sendable(value));
      const [absent, given] = [
        known.filter(([, value]) => value === null),
        known.filter(([, value]) => value !== null),
      ];
      const asked = {
        ...Object.fromEntries(given.map(([column, value]) => [column, written(value)])),
        ...(absent.length > 0 ? { absent: absent.map(([column]) => column) } : {}),
      };
      const wanted = expected.filter((row) => known.every(([column, value]) => holds(row, column, value, text)));
      expect(await walked(name, asked, limit)).toEqual(wanted);
    });
    await fc.assert(property, { numRuns: 20 });
  }, 30_000);
});

it('a page says what it reflects, and can wait for it', async () => {
  const { body, headers } = await rows('every-key', { wait_for: position, limit: '1' });
  expect(body).toMatchObject({
    as_of: { position, at: expect.any(String), lag_ms: 0 },
    next_cursor: expect.any(String),
  });
  expect(headers.get('ledger-position')).toBe(position);
  expect(problem(await rows('every-key', { wait_for: '999999999' }))[0]).toBe(409);
});

it('what was counted and taken back again is not shown', async () => {
  await tell([{ execution_id: 'moving', status: 'running', message: '0' }]);
  await tell([{ execution_id: 'moving', message: '1' }]);
  await tell([{ execution_id: 'moving', message: 'none of them' }]);
  const { body } = await rows('every-key', { wait_for: position, limit: '500' });
  expect(body.rows).toEqual(expectedCounts);
});

it('what there is not is told, with what was meant', async () => {
  expect(problem(await rows('every-typ'))).toEqual([404, 'there is no projection "every-typ"']);
  const [status, detail] = problem(await rows('every-type', { momant: '1' }));
  expect(status).toBe(400);
  expect(detail).toContain('momant: is no column of every-type to filter by (execution_id, revision, word');
  expect(detail).toMatch(/did you mean moment\?$/);
});

it.each([
  ['small', '1.5'],
  ['small', '2147483648'],
  ['big', '9223372036854775808'],
  ['big', ''],
  ['flag', 'yes'],
  ['moment', 'yesterday'],
  ['document', '{}'],
  ['absent', 'revision'],
  ['absent', 'nothing'],
  ['refused_revision', '1'],
  ['limit', '0'],
  ['limit', '501'],
  ['wait_for', 'x'],
  ['__proto__', '1'],
])('%s=%s is a 400 that names it', async (column, value) => {
  const [status, detail] = problem(await rows('every-type', { [column]: value }));
  expect([status, detail]).toEqual([400, expect.stringContaining(column)]);
});

it('a column may be asked for once, but for one that holds several', async () => {
  expect(problem(await rows('every-type', { small: ['1', '1'] }))[0]).toBe(400);
  expect((await rows('every-type', { tags: ['a', 'a'] })).status).toBe(200);
});

it('a cursor is of its list alone, and whatever stands in one is refused or read', async () => {
  const { body } = await rows('every-key', { limit: '1', flag: 'true' });
  const cursor = body.next_cursor as string;
  expect((await rows('every-key', { cursor, flag: 'true' })).status).toBe(200);
  for (const other of [{ flag: 'false' }, { small: '1' }])
    expect(problem(await rows('every-key', { cursor, ...other }))[0]).toBe(400);
  expect(problem(await rows('every-type', { cursor }))[0]).toBe(400);
  const content = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as { k: unknown[]; f: object };
  const hostile = fc.record({
    p: fc.constant('every-key'),
    f: fc.oneof(fc.constant(content.f), fc.dictionary(fc.string(), fc.jsonValue())),
    k: fc.oneof(
      fc.array(fc.jsonValue()),
      fc.tuple(fc.string({ unit: 'binary' }), fc.jsonValue(), fc.jsonValue(), fc.jsonValue()),
    ),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        hostile.map((one) => JSON.stringify(one)),
        fc.string(),
      ),
      async (text) => {
        const { status } = await rows('every-key', { cursor: Buffer.from(text).toString('base64url') || 'x' });
        expect([200, 400]).toContain(status);
      },
    ),
    { numRuns: 40 },
  );
}, 30_000);

it('texts are cut, what is no text is left out, and a page ends by its bytes', async () => {
  const message = 'é'.repeat(3_000);
  await tell(Array.from({ length: 400 }, (_, n) => ({ execution_id: `long-${n}`, status: 'running', message })));
  const { body, text } = await rows('echoes', { wait_for: position, limit: '500' });
  const first = (body.rows as Values[]).find(({ execution_id: id }) => id === 'long-0')!;
  expect(first).toMatchObject({ revision: 1, truncated: ['fourth', 'first', 'second', 'third'] });
  expect(Buffer.byteLength(first.first as string)).toBeLessThanOrEqual(4096);
  expect(first.first).toBe(`${'é'.repeat(2046)}…`);
  expect('fourth' in first).toBe(false);
  expect(text.length).toBeLessThan(4.1 * 1024 * 1024);
  const all = await walked('echoes', {}, 500);
  expect(all.filter(({ truncated }) => truncated !== undefined)).toHaveLength(400);
  expect(body.rows.length).toBeGreaterThan(200);
  expect(body.rows.length).toBeLessThan(all.length);
}, 30_000);

it('of the ledger’s own tables only what it means to show is shown', async () => {
  const { body } = await rows('execution-status', { execution_id: 'e0' });
  expect(Object.keys(body.rows[0] as object)).toEqual(
    expect.not.arrayContaining([
      'state',
      'payload',
      'refused_revision',
      'unreadable_revision',
      'contradicted_attempt',
      'fenced_attempt',
    ]),
  );
  expect(body.rows[0]).toMatchObject({ execution_id: 'e0', status: 'running', position: expect.any(String) });
  for (const { name } of PROJECTIONS) expect((await rows(name)).body.rows).toEqual(expect.any(Array));
});

it('a column called as a parameter or member of the endpoint does not compile', () => {
  // @ts-expect-error the name is taken
  const columns: typeof everyKey.columns = { cursor: { type: 'text' } };
  expect(Object.keys(columns)).toEqual(['cursor']);
});
