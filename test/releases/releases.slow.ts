import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { from as copyFrom } from 'pg-copy-streams';
import { PROJECTIONS } from '../../projections/index.js';
import { readBackup } from '../../src/backup/read-backup.js';
import { checkBackup, restoreBackup } from '../../src/backup/restore-backup.js';
import { takeBackup } from '../../src/backup/take-backup.js';
import { MIGRATIONS } from '../../src/composition/migrations.js';
import { migrate } from '../../src/postgres/migrate.js';
import { eventually } from '../support/eventually.js';
import { startTestLedger, type TestLedger } from '../support/ledger/ledger.js';
import { urlOf, withClient } from '../support/store/postgres.js';
import { answersOf, STORY, tellStory } from './story.js';

jest.setTimeout(120_000);

const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const { version } = JSON.parse(readFileSync(fileOf('../../package.json'), 'utf8')) as { version: string };
/** Set before a release: what it writes is kept. */
const KEEP = process.env['LEDGER_KEEP_RELEASE'];
const KEPT = readdirSync(fileOf('.')).flatMap((name) => /^(.+)\.backup$/.exec(name)?.[1] ?? []);
const RELEASES = [...new Set([...KEPT, ...(KEEP ? [version] : [])])];

/** What is kept of each release: all that it wrote of the story, and what it answered then. */
const backupOf = (release: string): string => fileOf(`${release}.backup`);
const answersFile = (release: string): string => fileOf(`${release}.json`);

const step = () => () => undefined;
const common = { migrations: MIGRATIONS, projections: PROJECTIONS, step };

const databases: string[] = [];
/** The address of a database that nothing is in. */
async function emptyDatabase(): Promise<string> {
  const name = `release_${randomUUID().replaceAll('-', '')}`;
  databases.push(name);
  await withClient(urlOf('postgres'), (client) => client.query(`create database ${name}`));
  return urlOf(name);
}
afterAll(() =>
  withClient(urlOf('postgres'), async (client) => {
    for (const name of databases) await client.query(`drop database ${name} with (force)`);
  }),
);

/** The rows of the release in a schema of before: no more than these migrations have run. Read models are not in it. */
async function under(migrations: readonly string[], file: string, tables: readonly string[]): Promise<string> {
  const url = await emptyDatabase();
  const found = MIGRATIONS.filter(({ name }) => migrations.includes(name));
  expect(found.map(({ name }) => name).toSorted()).toEqual(migrations.toSorted());
  await migrate({ connectionString: url }, found);
  await withClient(url, (client) =>
    readBackup(file, undefined, async ({ name, columns }, rows) => {
      if (!tables.includes(name)) return;
      await pipeline(
        Readable.from(rows),
        client.query(copyFrom(`copy ledger.${name} (${columns.join(', ')}) from stdin`)),
      );
    }),
  );
  return url;
}

/** The migrations of the first program that kept a log and checkpoints. */
const FIRST = ['CreateLedger1764000000000', 'CreateCheckpoints1764000100000'];

const PLACES = [
  [
    'restored from its backup',
    async (file: string) => {
      const url = await emptyDatabase();
      await checkBackup({ file, ...common });
      await restoreBackup({ url, file, ...common });
      return url;
    },
  ],
  [
    'in its own schema',
    async (file: string) => {
      const { head } = await readBackup(file);
      return under(head.migrations, file, ['events', 'log_pages', 'api_key_uses']);
    },
  ],
  ['in the first schema', (file: string) => under(FIRST, file, ['events'])],
] as const;

const LOG = 'select * from ledger.events order by position';
const logOf = (url: string) => withClient(url, async (client) => (await client.query<object>(LOG)).rows);

/** Has each read model compared with the log. */
async function verify({ call }: TestLedger): Promise<void> {
  for (const { name } of PROJECTIONS) {
    await call('POST', `/projections/${name}/verify`);
    const shown = async () => (await call('GET', `/projections/${name}`)).body;
    const { verify } = await eventually(shown, (now) => now.verify?.state === 'verified');
    expect({ name, drift: verify.drift.rows }).toEqual({ name, drift: 0 });
  }
}

(KEEP ? it : it.skip)('keeps what this version writes and answers', async () => {
  const ledger = await startTestLedger({ RESUME_STALE_AFTER: '1s' });
  await tellStory(ledger.call);
  const answers = await answersOf(ledger.call);
  expect(Object.entries(answers).filter(([, { status }]) => status !== 200)).toEqual([]);
  await writeFile(answersFile(version), `${JSON.stringify(answers, null, 1)}\n`);
  await takeBackup({ url: ledger.database.connectionString, file: backupOf(version), force: true, ...common });
  await ledger.close();
});

describe.each(RELEASES)('the data of release %s', (release) => {
  it.each(PLACES)('%s is read, listed, verified and gone on with', async (_, place) => {
    const url = await place(backupOf(release));
    const before = await logOf(url);
    const ledger = await startTestLedger({}, { name: '', connectionString: url, drop: async () => undefined });
    const { call } = ledger;
    const head = (await call('GET', '/events?limit=1')).body.head_position;
    for (const { name } of PROJECTIONS) await call('GET', `/projections/${name}/rows?wait_for=${head}`);
    const kept: unknown = JSON.parse(await readFile(answersFile(release), 'utf8'));
    expect(await answersOf(call)).toMatchObject(kept as object);
    await verify(ledger);

    const [, , [method, path, body]] = STORY as unknown as [unknown, unknown, readonly [string, string, object]];
    expect((await call(method, path, body)).body).toMatchObject({ verdict: 'applied', replayed: true });
    const { position } = (await call('POST', '/executions', { execution_id: 'of today' })).body;
    const after = await logOf(url);
    expect(after.slice(0, before.length)).toEqual(before);
    expect(BigInt(position)).toBeGreaterThan(BigInt(before.length));
    await ledger.close();
  });
});
