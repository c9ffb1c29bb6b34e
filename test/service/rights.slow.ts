import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { executionStatus } from '../../projections/execution-status.js';
import { statusCounts } from '../../projections/status-counts.js';
import { eventually } from '../support/eventually.js';
import { startTestLedger } from '../support/ledger/ledger.js';
import { urlOf, withClient, type TestDatabase } from '../support/store/postgres.js';

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

/** Starts, serves, rebuilds, and all of it again. */
async function servesAndRebuilds(database: TestDatabase): Promise<void> {
  for (const id of [1, 2].map(() => randomUUID())) {
    const ledger = await startTestLedger({}, database);
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
}

it('a role that may create no schema is told what to ask for', async () => {
  await expect(startTestLedger({}, own)).rejects.toThrow(
    'have an administrator run CREATE SCHEMA ledger AUTHORIZATION <role>',
  );
});

it('a role that owns the schema, and may create none, starts, serves, rebuilds and starts again', async () => {
  await asAdministrator(name, `create schema ledger authorization ${name}`);
  await servesAndRebuilds(own);
}, 60_000);

/** What the page has an administrator run for two roles, with names of the test's. */
async function twoRoles(role: string, owner: string): Promise<string> {
  const page = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const [, block] = /```sql\n(create role ledger login[^`]*)```/.exec(page)!;
  return block!.replaceAll('ledger_owner', owner).replaceAll(/\bledger\b/g, role);
}

it('the roles that the page makes begin a database, with the extension that finds text', async () => {
  const role = `${name}_new`;
  await asAdministrator('postgres', `create database ${role}`);
  await asAdministrator(role, await twoRoles(role, `${role}_owner`));
  const url = (user: string): string => urlOf(role).replace('postgres:password', `${user}:secret`);
  try {
    await servesAndRebuilds({ ...own, servingUrl: url(role), connectionString: url(`${role}_owner`) });
    const has = `select from pg_extension where extname = 'pg_trgm'`;
    expect((await withClient(url(role), (client) => client.query(has))).rowCount).toBe(1);
  } finally {
    await asAdministrator('postgres', `drop database ${role} with (force)`, `drop role ${role}_owner, ${role}`);
  }
}, 60_000);

it('the roles that the page makes share it out, and serve and rebuild', async () => {
  const owner = `${name}_owner`;
  const statements = (await twoRoles(name, owner)).replace(/.*\n/, ''); // the role that has served until now
  await asAdministrator(name, statements, `grant connect on database ${name} to ${owner}`);
  const two = {
    ...own,
    servingUrl: own.connectionString,
    connectionString: urlOf(name).replace('postgres:password', `${owner}:another`),
  };
  try {
    await servesAndRebuilds(two);
    await expect(withClient(two.servingUrl, (client) => client.query('delete from ledger.events'))).rejects.toThrow(
      'permission denied',
    );
  } finally {
    await asAdministrator(
      name,
      `reassign owned by ${owner} to ${name}`,
      `drop owned by ${owner}`,
      `drop role ${owner}`,
    );
  }
}, 60_000);
