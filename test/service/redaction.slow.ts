import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ConsoleLogger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type pg from 'pg';
import { loadConfig } from '../../src/config.js';
import { startLedger, type Ledger } from '../../src/composition/ledger.js';
import { fresh } from '../http/suite/http.js';
import { eventually } from '../support/eventually.js';
import { caller, type Call } from '../support/ledger/caller.js';
import { createTestDatabase, withClient, type TestDatabase } from '../support/store/postgres.js';

/** What a pattern matches, and what stands where a path leads. */
const TOKEN = `ghp_${'Z9y8'.repeat(9)}`;
const PASSWORD = 'open-sesame';
const REDACT = `*.password; *.*.*.password; labels.note; /gh[pousr]_[A-Za-z0-9]{36}/`;
const SECRETS = [TOKEN, PASSWORD];

interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly definitions?: Readonly<Record<string, Schema>>;
}
const DOCUMENT = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'));

function resolved(schema: Schema, within: Schema = schema): Schema {
  if (schema.allOf) return resolved(schema.allOf[0]!);
  if (schema.$ref === undefined) return schema;
  const name = schema.$ref.split('/').at(-1)!;
  return within.definitions?.[name] ?? DOCUMENT.components.schemas[name];
}

/** Secrets as any field may hold them; where no text is read, one all the same. */
const IN_JSON = {
  password: PASSWORD,
  list: [{ password: [PASSWORD], deep: `x ${TOKEN} y` }],
  isLosslessNumber: true,
  a: TOKEN,
};
function secretFor({ type, anyOf }: Schema): unknown {
  if (type === 'object') return { password: PASSWORD, note: TOKEN };
  return type === undefined || anyOf ? IN_JSON : `with ${TOKEN}`;
}

/** A value that is taken. */
function plain(name: string, schema: Schema): unknown {
  if (schema.enum) return schema.enum[0];
  return name === 'status' ? 'running' : 'plain';
}

interface Endpoint {
  readonly path: string;
  readonly type: string;
  readonly body: Schema;
}
const ENDPOINTS = Object.entries(
  DOCUMENT.paths as Record<string, { post?: { requestBody?: { content: object } } }>,
).flatMap(([path, { post }]) =>
  Object.entries(post?.requestBody?.content ?? {}).map(([type, { schema }]: [string, { schema: Schema }]): Endpoint => {
    const body = resolved(schema);
    return { path, type, body: body.items ? resolved(body.items, schema) : body };
  }),
);

class Listener extends ConsoleLogger {
  readonly lines: string[] = [];
  protected override printMessages(messages: unknown[]): void {
    this.lines.push(...messages.map((message) => JSON.stringify(message) ?? String(message)));
  }
}
const log = new Listener('ledger', { logLevels: ['verbose', 'debug', 'log', 'warn', 'error', 'fatal'] });

let database: TestDatabase;
let ledger: Ledger;
let call: Call;
beforeAll(async () => {
  database = await createTestDatabase();
  const config = loadConfig({ PORT: '0', LOG_LEVEL: 'debug', REDACT });
  ledger = await startLedger(config, { url: database.connectionString }, log, { requireDurability: false });
  call = caller(ledger.url);
}, 60_000);
afterAll(async () => {
  await ledger.close();
  await database.drop();
});

/** Executions as an endpoint may find them: none, open, paused, ended. */
async function standings(): Promise<string[]> {
  const ids = [fresh('none'), fresh('running'), fresh('paused'), fresh('failed'), fresh('succeeded')];
  for (const id of ids.slice(1))
    await call('POST', '/workflow/executions/events', { execution_id: id, status: id.split('-')[0] });
  return ids;
}

/** One body for each field, with a secret in it, and one that has them all; whatever is wrong with it. */
function bodies({ body: { properties = {}, required = [] } }: Endpoint, id: string): object[] {
  const all = Object.entries(properties);
  const named =
    'execution_id' in properties ? { execution_id: id } : 'execution_ids' in properties ? { execution_ids: [id] } : {};
  const least = Object.fromEntries(
    all.filter(([name]) => required.includes(name)).map(([name, schema]) => [name, plain(name, schema)]),
  );
  const base = { ...('status' in properties ? { status: 'running' } : {}), ...least, ...named };
  const each = all.map(([name, schema]) => ({ ...base, [name]: secretFor(resolved(schema)) }));
  const unknown = { ...base, output: IN_JSON, nonsense: IN_JSON, exception: `with ${TOKEN}` };
  const free = all.filter(([name]) => !/^(execution_ids?|event_id|command_id|filter|status|attempt|phase)$/.test(name));
  const together = {
    ...base,
    ...Object.fromEntries(free.map(([name, schema]) => [name, secretFor(resolved(schema))])),
  };
  return [...each, unknown, together, { ...together, status: 'failed' }, { ...together, status: `word ${TOKEN}` }];
}

async function send({ path, type }: Endpoint, id: string, body: object): Promise<number> {
  const at = path.replace('/api/v1', '').replace('{id}', encodeURIComponent(id)).replace('{name}', 'execution-status');
  const text = JSON.stringify(body);
  const sent = type === 'application/x-ndjson' ? `${text}\n` : path.endsWith('/reports') ? `[${text}]` : text;
  const headers = { 'content-type': type, 'x-actor-id': `me ${TOKEN}`, 'x-correlation-id': TOKEN };
  const answer = await call('POST', at, sent, headers);
  // Beside a refusal no more is said than what its sender knows.
  return answer.status;
}

/** Every row of every table, as text, that has one of these in it. */
const rowsWith = (texts: readonly string[]): Promise<string[]> =>
  withClient(database.connectionString, async (client: pg.Client) => {
    const { rows } = await client.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'`,
    );
    expect(rows.length).toBeGreaterThan(5);
    const found: string[] = [];
    for (const { name } of rows) {
      const like = texts.map((_, n) => `row_text like '%' || $${n + 1} || '%'`).join(' or ');
      const hits = await client.query(
        `select row_text from (select t::text as row_text from ${name} t) r where ${like}`,
        [...texts],
      );
      found.push(...hits.rows.map(({ row_text }) => `${name}: ${row_text.slice(0, 200)}`));
    }
    return found;
  });

it('a secret in any field of any endpoint is in no row of the database, and in no line of the log', async () => {
  expect(ENDPOINTS.length).toBeGreaterThan(14);
  const statuses: Record<string, Record<number, number>> = {};
  for (const endpoint of ENDPOINTS) {
    const count = (statuses[`${endpoint.path} ${endpoint.type}`] ??= {});
    // Each execution meets every body: what is refused as much as what is applied.
    for (const id of await standings())
      for (const body of bodies(endpoint, id)) {
        const status = await send(endpoint, id, body);
        count[status] = (count[status] ?? 0) + 1;
      }
  }
  const delivery = { 'x-github-event': 'check_run', 'x-github-delivery': randomUUID() };
  const check_run = {
    id: 7,
    name: `check ${TOKEN}`,
    status: 'in_progress',
    html_url: `https://x/${TOKEN}`,
    output: { title: TOKEN },
  };
  const body = { repository: { full_name: `a/${TOKEN}` }, check_run };
  expect((await call('POST', '/sources/github', body, delivery)).body.receipts[0]).toMatchObject({ applied: true });
  for (const key of ['idempotency-key', 'x-github-delivery'])
    expect((await call('POST', '/sources/github', body, { ...delivery, [key]: TOKEN })).status).toBe(400);

  // What took the secrets without them, and kept refused reports: else nothing was proved.
  for (const [name, count] of Object.entries(statuses))
    expect([name, Object.keys(count).length > 0, count[500]]).toEqual([name, true, undefined]);
  const { body: head } = await call('GET', '/events?limit=1');
  await call('GET', `/executions?limit=1&wait_for=${head.head_position}&wait_ms=20000`);
  await eventually(
    async () =>
      (await call('GET', '/projections')).body.projections.map(({ lag_events }: { lag_events: number }) => lag_events),
    (lags) => lags.every((lag: number) => lag === 0),
  );
  expect((await rowsWith(['[redacted]'])).length).toBeGreaterThan(200);
  expect((await rowsWith(['ReportRefused'])).length).toBeGreaterThan(50);
  expect(await rowsWith(SECRETS)).toEqual([]);
  expect(log.lines.length).toBeGreaterThan(20);
  expect(log.lines.filter((line) => SECRETS.some((secret) => line.includes(secret)))).toEqual([]);
}, 120_000);
