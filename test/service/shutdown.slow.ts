import { expect, it } from '@jest/globals';
import { moment } from '../support/ledger/handling.js';
import { startTestLedger } from '../support/ledger/ledger.js';
import { createTestDatabase, withClient } from '../support/store/postgres.js';
import { startProxy } from '../support/store/proxy.js';

it('a database that stands still keeps nothing from ending: every connection is let go of, and what was cut off is named', async () => {
  const frozen = await createTestDatabase();
  const proxy = await startProxy(Number(process.env['LEDGER_TEST_PORT']));
  const { connectionString } = frozen;
  const through = {
    connectionString: proxy.through(connectionString),
    servingUrl: proxy.through(frozen.servingUrl!),
  };
  const behind = await startTestLedger({}, { ...frozen, ...through });
  const { body } = await behind.call('POST', '/workflow/executions/events', { execution_id: 'one', status: 'running' });
  await behind.call('GET', `/executions?wait_for=${body.position}`);
  const listening = `select from pg_stat_activity where datname = current_database() and application_name like '%projector'`;
  while ((await withClient(connectionString, (client) => client.query(listening))).rowCount === 0) await moment();
  proxy.freeze();
  const at = performance.now();
  expect(await behind.ledger.close()).toContain('event store');
  expect(performance.now() - at).toBeLessThan(18_000);
  while (proxy.standing > 0) await moment();
  await proxy.close();
  await frozen.drop();
}, 30_000);
