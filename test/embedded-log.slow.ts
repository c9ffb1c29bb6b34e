import { appendFile, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { usingEmbedded } from './support/process/embedded.js';

const embedded = usingEmbedded();
const log = (): string => join(embedded.base, 'ledger', 'postgres', 'postgres.log');

const MARK = 'written-by-a-producer';
const FAILING: readonly [string, unknown[]][] = [
  [`select '${MARK}' || 1 / 0`, []],
  ['select 1 / 0 where $1 <> $2', [MARK, '']],
  ['select $1::json', [`{"${MARK}`]],
  [`do $$ begin raise exception '%', repeat('${MARK}', 1000); end $$`, []],
];

async function fail(url: string): Promise<string> {
  const before = (await readFile(log(), 'utf8')).length;
  const client = new pg.Client(url);
  await client.connect();
  for (const [text, values] of FAILING) await expect(client.query(text, values)).rejects.toThrow();
  await client.end();
  return (await readFile(log(), 'utf8')).slice(before);
}

it('an error that a caller causes writes nothing to the server’s log', async () => {
  expect(await fail(embedded.database.url)).toBe('');
});

it('nor does one that a person causes write a statement or its values', async () => {
  const said = await fail(embedded.database.ownerUrl);
  expect(said).toContain('ERROR:  division by zero');
  expect(said).not.toMatch(/STATEMENT|CONTEXT|DETAIL|select/);
});

it('it is begun anew while the server runs, when it has grown too long, and what it said is kept once', async () => {
  await appendFile(log(), `${'x'.repeat(1_023)}\n`.repeat(17 * 1_024));
  for (const until = Date.now() + 15_000; (await stat(log())).size > 2 ** 20; await sleep(100))
    if (Date.now() > until) throw new Error('it was not begun anew within 15 s');
  expect((await stat(`${log()}.1`)).size).toBeGreaterThan(16 * 2 ** 20);
  await fail(embedded.database.ownerUrl);
  const anew = await readFile(log(), 'utf8');
  expect(anew).toMatch(/^[^\0x]*ERROR: {2}division by zero/);
}, 30_000);
