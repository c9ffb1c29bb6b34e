import { ConsoleLogger } from '@nestjs/common';
import { loadConfig } from '../src/config.js';
import { startLedger } from '../src/composition/ledger.js';
import { caller } from './support/ledger/caller.js';
import { withClient } from './support/store/postgres.js';
import { usingEmbedded } from './support/process/embedded.js';

const embedded = usingEmbedded();

async function register(on: { url: string; ownerUrl?: string }, execution_id: string): Promise<void> {
  const ledger = await startLedger(loadConfig({ PORT: '0' }), on, new ConsoleLogger({ logLevels: ['fatal'] }));
  const { status } = await caller(ledger.url)('POST', '/executions', { execution_id }).finally(() => ledger.close());
  expect(status).toBe(201);
}
const ask = async (url: string, sql: string) =>
  (await withClient(url, (client) => client.query<{ answer: unknown }>(sql))).rows.map(({ answer }) => answer);

it('a folder that one role made for all is shared out by the next start', async () => {
  await register({ url: embedded.database.ownerUrl }, 'before');
  await register(embedded.database, 'after');
  expect(await ask(embedded.database.url, 'select stream as answer from ledger.events order by position')).toEqual([
    'execution-before',
    'execution-after',
  ]);
}, 60_000);

it('who serves is no superuser, and can change nothing of the log', async () => {
  expect(await ask(embedded.database.url, `select current_setting('is_superuser') as answer`)).toEqual(['off']);
  for (const sql of [`update ledger.events set data = '{}'`, 'truncate ledger.events'])
    await expect(ask(embedded.database.url, sql)).rejects.toThrow('permission denied');
  const asOwner = embedded.database.url.replace('ledger_service', 'ledger');
  await expect(ask(asOwner, 'select 1')).rejects.toThrow('password authentication failed');
});
