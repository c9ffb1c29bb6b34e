import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { execute } from '../database.js';
import { closedLoop, type Scale } from '../load.js';
import type { Peer } from '../row.js';
import { SAMPLE_DATA, SAMPLE_METADATA, SAMPLE_TYPE } from '../sample.js';

/** The ledger's columns and indexes, without its function: what a careful person writes first. */
const SCHEMA = `
  CREATE SCHEMA peer;
  CREATE TABLE peer.events (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recorded_at timestamptz(3) NOT NULL DEFAULT now(),
    revision integer NOT NULL,
    stream text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    type text COLLATE "C" NOT NULL,
    data text NOT NULL,
    metadata text NOT NULL,
    UNIQUE (stream, revision),
    UNIQUE (stream, event_id)
  )`;
const COLUMNS = 'peer.events (revision, stream, event_id, type, data, metadata)';
const run = promisify(execFile);
const texts = [SAMPLE_TYPE, JSON.stringify(SAMPLE_DATA), JSON.stringify(SAMPLE_METADATA)];

async function byPgbench(url: string, clients: number, { seconds }: Scale): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'pgbench-'));
  const quoted = texts.map((text) => pg.escapeLiteral(text)).join();
  const insert = `INSERT INTO ${COLUMNS} SELECT 0, 'execution-' || id, id, ${quoted} FROM (SELECT gen_random_uuid()::text AS id) AS one;\n`;
  // pgbench takes a colon before a letter for a variable of its own.
  if (/:[A-Za-z_]/.test(quoted)) throw new Error('the sample cannot be written as a pgbench script');
  await writeFile(join(folder, 'insert.sql'), insert);
  const flags = ['-n', '-M', 'prepared', '-c', `${clients}`, '-j', '2', '-T', `${Math.ceil(seconds)}`];
  const { stdout } = await run('pgbench', [...flags, '-f', join(folder, 'insert.sql'), url]).finally(() =>
    rm(folder, { recursive: true }),
  );
  return Number(/tps = ([\d.]+)/.exec(stdout)?.[1]);
}

async function byDriver(url: string, clients: number, scale: Scale): Promise<number> {
  const connections = Array.from({ length: clients }, () => new pg.Client({ connectionString: url }));
  await Promise.all(connections.map((connection) => connection.connect()));
  const insert = { name: 'insert', text: `INSERT INTO ${COLUMNS} VALUES (0, $1, $2, $3, $4, $5)` };
  const rate = await closedLoop(clients, scale, (client) => {
    const id = randomUUID();
    return connections[client]!.query({ ...insert, values: [`execution-${id}`, id, ...texts] });
  });
  await Promise.all(connections.map((connection) => connection.end()));
  return rate;
}

/** The same rows, inserted one per commit: by pgbench where it is installed, else by the plain driver. */
export async function insertPerCommit(url: string, clients: number, scale: Scale): Promise<Peer> {
  await execute(url, SCHEMA);
  const installed = await run('pgbench', ['--version']).then(
    () => true,
    () => false,
  );
  return installed
    ? { name: 'pgbench, one row per commit', value: await byPgbench(url, clients, scale) }
    : { name: 'pg driver, one row per commit', value: await byDriver(url, clients, scale) };
}
