import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ConsoleLogger } from '@nestjs/common';
import { loadConfig } from '../../src/config.js';
import { startLedger, type Ledger } from '../../src/composition/ledger.js';
import { createPostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { fresh } from '../http/suite/http.js';
import { eventually } from '../support/eventually.js';
import { caller, type Call } from '../support/ledger/caller.js';
import { createTestDatabase, withClient, type TestDatabase } from '../support/store/postgres.js';

/** What stands for all that a producer says and nobody else is to read; names of members are told, values are not. */
const SECRET = 'sesame';
const KEY = `the-key-${SECRET}-of-the-producer`;

/** Keeps what is logged, at every level. */
class Listener extends ConsoleLogger {
  readonly lines: string[] = [];
  protected override printMessages(messages: unknown[]): void {
    this.lines.push(...messages.map((message) => JSON.stringify(message) ?? String(message)));
  }
}

let database: TestDatabase;
let ledger: Ledger;
let call: Call;
const log = new Listener('ledger', { logLevels: ['verbose', 'debug', 'log', 'warn', 'error', 'fatal'] });
const said = (event: string): string[] => log.lines.filter((line) => line.includes(`"${event}"`));

beforeAll(async () => {
  database = await createTestDatabase();
  const config = loadConfig({ PORT: '0', API_KEYS: `ci:${KEY}` });
  ledger = await startLedger(config, { url: database.connectionString }, log, { requireDurability: false });
  const talk = caller(ledger.url);
  const headers = { authorization: `Bearer ${KEY}`, 'x-actor-id': SECRET, cookie: `session=${SECRET}` };
  call = (method, path, body, more) => talk(method, path, body, { ...headers, ...more });
}, 60_000);
afterAll(async () => {
  await ledger.close();
  await database.drop();
});

const text = { message: SECRET, status_reason: SECRET, worker: SECRET, target: SECRET, error: SECRET };
const everything = {
  ...text,
  ...{ data: { a: SECRET }, result: { a: SECRET }, input_data: { a: SECRET }, labels: { a: SECRET } },
  ...{ error_details: { a: SECRET }, duration_ms: SECRET, completed_at: SECRET, progress: SECRET, nonsense: SECRET },
};

it('no line of the log has a payload, a header or a key in it, whatever became of what was said', async () => {
  const id = fresh('logged');
  const tell = (body: unknown, more = {}) => call('POST', '/workflow/executions/events', body, more);
  for (const status of ['running', 'paused', 'succeeded', 'failed', 'running', SECRET])
    await tell({ execution_id: id, status, ...everything });
  await call('POST', `/executions/${id}/status`, { status: 'failed', ...everything });
  await call('POST', `/executions/${id}/status`, { status: SECRET, ...everything });
  await call('POST', `/executions/${id}/resume`, { reason: SECRET });
  await call('POST', `/executions/${id}/cancel`, { reason: SECRET });
  await call('POST', '/executions', { execution_id: fresh(), input: SECRET, nonsense: SECRET });
  // What no report can be read in: its JSON, its id, a header.
  await tell(`{"execution_id": "${SECRET}`);
  await tell({ execution_id: { [SECRET]: SECRET }, status: [SECRET] });
  await tell({ execution_id: id, status: 'running', attempt: SECRET });
  await tell({ execution_id: id, status: 'running' }, { 'idempotency-key': SECRET.repeat(100) });
  await call('POST', '/reports', `{"execution_id":"${id}","status":["${SECRET}"]}\n{"${SECRET}`, {
    'content-type': 'application/x-ndjson',
  });
  await call('GET', `/executions?cursor=${SECRET}&q=${SECRET}`);
  await caller(ledger.url)('GET', '/executions', undefined, { 'x-api-key': `wrong-${SECRET}` });

  // What cannot be read in the log, and a row that is wrong.
  const store = createPostgresEventStore({ connectionString: database.connectionString });
  const event = { eventId: fresh(), type: 'ExecutionFailed', data: { attempt: SECRET, error: SECRET }, metadata: {} };
  await store.append({ stream: `execution-${fresh()}`, events: [event], expectedRevision: 'no_stream' });
  await store.close();
  await eventually(
    async () => said('projection.event_rejected'),
    (lines) => lines.length > 0,
  );
  const drifted = `update ledger.execution_status set target = '${SECRET}-of-another', state = '${SECRET}'`;
  await withClient(database.connectionString, (client) => client.query(`${drifted} where execution_id = $1`, [id]));
  await call('POST', '/projections/execution-status/verify');
  await eventually(
    async () => said('projection.verify_completed'),
    (lines) => lines.some((line) => line.includes('"drift"')),
  );
  // The patrol meets it again and again, and tells it once.
  await eventually(
    async () => (await call('GET', '//metrics')).text,
    (metrics) => /^ledger_patrol_drift_total\{projection="execution-status"\} [2-9]/m.test(metrics),
  );
  const [drift, ...again] = said('projection.row_drifted');
  const digest = expect.stringMatching(/^[0-9a-f]{16}$/);
  const differs = { field: 'target', live: digest, rebuilt: digest };
  expect(JSON.parse(drift!)).toMatchObject({ projection: 'execution-status', ...differs });
  expect(again).toEqual([]);

  // A failure of this program's own.
  await withClient(database.connectionString, (client) =>
    client.query('alter table ledger.execution_status_v1 rename column payload to gone'),
  );
  await call('GET', `/executions/${id}`);

  expect(log.lines.length).toBeGreaterThan(10);
  expect(log.lines.filter((line) => line.includes(SECRET))).toEqual([]);
}, 120_000);
