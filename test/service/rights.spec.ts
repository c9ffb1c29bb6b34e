import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { executionStatus } from '../../projections/execution-status.js';
import { statusCounts } from '../../projections/status-counts.js';
import { eventually } from '../http/suite/http.js';
import { startTestLedger } from '../support/ledger.js';
import { urlOf, withClient, type TestDatabase } from '../support/postgres.js';

const name = `rights_${randomUUID().replaceAll('-', '')}`;
/** A role that may connect to the database and nothing else. */
const own: TestDatabase = {
  name,
  connectionString: urlOf(name).replace('postgres:password', `${name}:password`),
  drop: async () => undefined,
};
const asAdministrator = (database: string, ...statements: string[]): Promise<void> =>
  withClient(urlOf(database), async (client) => {
    for (const statement of statements) await client.query(statement);
  });

beforeAll(() =>
  asAdministrator(
    'postgres',
    `create role ${name} login password 'password'`,
    `create database ${name}`,
    `revoke all on database ${name} from public`,
    `grant connect on database ${name} to ${name}`,
  ),
);
afterAll(() => asAdministrator('postgres', `drop database ${name} with (force)`, `drop role ${name}`));

it('a role that may create no schema is told what to ask for', async () => {
  await expect(startTestLedger({}, own)).rejects.toThrow(
    'have an administrator run CREATE SCHEMA ledger AUTHORIZATION <role>',
  );
});

it('a role that owns the schema, and may create none, starts, serves, rebuilds and starts again', async () => {
  await asAdministrator(name, `create schema ledger authorization ${name}`);
  for (const id of ['first', 'second']) {
    const ledger = await startTestLedger({}, own);
    try {
      const { position } = (await ledger.call('POST', '/executions', { execution_id: id })).body;
      for (const { name } of [executionStatus, statusCounts]) {
        const shown = async () => (await ledger.call('GET', `/projections/${name}`)).body;
        const { version } = await shown();
        await ledger.call('POST', `/projections/${name}/rebuild`);
        await eventually(shown, (now) => now.version === version + 1 && now.rebuild.state === 'swapped');
      }
      expect((await ledger.call('GET', `/status-counts?wait_for=${position}`)).status).toBe(200);
      expect((await ledger.call('GET', '//health/ready')).status).toBe(200);
    } finally {
      await ledger.close();
    }
  }
}, 60_000);
