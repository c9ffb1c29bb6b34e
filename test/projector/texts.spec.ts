import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { statusCounts } from '../../projections/status-counts.js';
import { keyText } from '../../src/projection-tables/rows.js';
import { executionStream } from '../../src/domain/stream.js';
import type { ListFilter } from '../../src/read-model/list-request.js';
import { fact, nowAt } from '../support/domain/given.js';
import { freshId } from '../support/ledger/handling.js';
import { openProjection, tell, type ProjectedLedger } from '../support/projection/projection.js';

let ledger: ProjectedLedger;
beforeAll(async () => {
  ledger = await openProjection();
});
afterAll(() => ledger.close());

const list = async (filter: ListFilter): Promise<string[]> =>
  (await ledger.readModel.list({ filter, sort: '-created_at', limit: 500, now: nowAt(0) })).rows.map(
    (row) => row.executionId,
  );

const COLUMNS = ['workflow_id', 'run_id', 'target', 'kind', 'parent_execution_id'] as const;
/** An execution about which every text says this. */
const register = async (text: string): Promise<string> => {
  const id = freshId();
  const said = Object.fromEntries(COLUMNS.map((column) => [column, text]));
  await tell(ledger, id, fact('ExecutionRegistered', { ...said, labels: { [text]: text } }));
  await tell(ledger, id, fact('ExecutionStarted', { message: text, worker: text, status_reason: text, data: text }));
  return id;
};

/** Text that compresses badly, as an index entry would have to. */
const noise = (length: number): string => {
  let [text, seed] = ['', 7];
  while (text.length < length) text += String.fromCharCode(0x4e00 + ((seed = (seed * 48271) % 2147483647) % 20_000));
  return text;
};

it.each([
  ['very long', noise(10_000)],
  ['as long as an index entry', noise(255)],
  ['NUL', 'a\0b\0'],
  ['lone surrogates', '\ud800x\udfff'],
  ['an escape that only looks like one', '\\u0000'],
  ['wildcards', '%_\\%'],
  ['quotes, emoji and a colon', `'"💥:\n`],
  ['empty', ''],
])('%s text in every column stalls nothing, comes back as it was, and is found', async (_case, text) => {
  const id = await register(text);
  await ledger.project();
  const { row } = await ledger.readModel.find(id);
  const said = Object.fromEntries(COLUMNS.map((column) => [column, text]));
  expect(row?.state).toMatchObject({ description: { ...said, labels: { [text]: text } }, message: text, data: text });
  for (const column of COLUMNS) expect(await list({ [column]: text })).toContain(id);
  if (text !== '' && !text.includes(':')) expect(await list({ label: [`${text}:${text}`] })).toContain(id);
  if (text !== '') expect(await list({ q: text.slice(0, 255) })).toContain(id);
  expect(ledger.parked).toEqual([]);
});

it('texts of any length are counted apart, wherever they would be cut', async () => {
  for (const long of ['\ud83d\ude00'.repeat(200), `x${'\ud83d\ude00'.repeat(200)}`, '\ud800'.repeat(60)]) {
    for (const text of [long, `${long}1`, keyText(long)])
      await tell(ledger, freshId(), fact('ExecutionRegistered', { workflow_id: text, target: text }));
    await ledger.project(1_000, statusCounts);
    for (const text of [long, `${long}1`, keyText(long)]) {
      const { counts } = await ledger.readModel.statusCounts({ workflow_id: text, target: text });
      expect(counts).toEqual({ pending: 1 });
    }
  }
  expect(ledger.parked).toEqual([]);
});

it('texts that differ only far behind are told apart', async () => {
  for (const long of [noise(10_000), '\0'.repeat(200)]) {
    const [one, other] = [await register(`${long}1`), await register(`${long}2`)];
    await ledger.project();
    for (const column of COLUMNS) {
      expect(await list({ [column]: `${long}1` })).toEqual([one]);
      expect(await list({ [column]: `${long}2` })).toEqual([other]);
    }
    expect(await list({ label: [`${long}1:${long}1`] })).toEqual([one]);
    expect(await list({ q: `${long.slice(0, 200)}1` })).toEqual(long.length === 200 ? [one] : []);
  }
});

it('an execution id of any kind is found by itself and by its beginning', async () => {
  for (const id of [`a\0${freshId()}`, `\udc00${freshId()}`, `100%_\\${freshId()}`, `o'neil "q" ${freshId()}/💥`]) {
    await ledger.write(executionStream(id), { eventId: 'e', type: 'ExecutionRegistered', data: {}, metadata: {} });
    await ledger.project();
    expect((await ledger.readModel.find(id)).row?.executionId).toBe(id);
    expect(await list({ q: id.slice(0, -2) })).toEqual([id]);
  }
});
