import { ConsoleLogger } from '@nestjs/common';
import { loadConfig } from '../../src/config.js';
import { startLedger } from '../../src/composition/ledger.js';
import { eventually } from '../support/eventually.js';
import { caller } from '../support/ledger/caller.js';
import { createTestDatabase, withClient } from '../support/store/postgres.js';

it('a server says so once, and counts it; its endpoint says why it rebuilds nothing', async () => {
  const database = await createTestDatabase();
  const { servingUrl, connectionString } = database;
  const lines: Record<string, unknown>[] = [];
  const logger = new ConsoleLogger();
  for (const level of ['log', 'warn', 'error', 'debug'] as const)
    logger[level] = (line: unknown) => void lines.push(line as Record<string, unknown>);
  const on = { url: servingUrl!, ownerUrl: connectionString };
  const ledger = await startLedger(loadConfig({ PORT: '0' }), on, logger, { requireDurability: false });
  const call = caller(ledger.url);
  const sql = <Row extends object>(text: string) =>
    withClient(connectionString, async (client) => (await client.query<Row>(text)).rows);
  try {
    for (const execution_id of ['one', 'two']) await call('POST', '/executions', { execution_id });
    await eventually(
      () => sql<{ n: number }>('select coalesce(sum(length(marks)), 0)::integer as n from ledger.log_pages'),
      ([row]) => row!.n === 16,
    );
    await sql(`update ledger.events set event_id = 'forged' where position = 2`);
    const { text } = await eventually(
      () => call('GET', '//metrics'),
      (answer) => /^ledger_log_pages_wrong 1$/m.test(answer.text),
    );
    expect(text).toMatch(/^ledger_patrol_log_pages_total \d+$/m);
    await call('POST', '/projections/execution-status/rebuild');
    const { rebuild } = await eventually(
      async () => (await call('GET', '/projections/execution-status')).body,
      (shown) => shown.rebuild?.state === 'failed',
    );
    const detail = 'the event at position 2 is not the one that was recorded';
    expect(rebuild.error).toContain(`the log is not what it was: ${detail}`);
    expect(lines.filter(({ event }) => event === 'log.page_rejected')).toEqual([
      { event: 'log.page_rejected', page: 0, detail },
    ]);
  } finally {
    await ledger.close();
    await database.drop();
  }
}, 60_000);
