import { executionStatus } from '../../projections/execution-status.js';
import { LogPages } from '../../src/rebuild/log-pages.js';
import { DriftMonitor } from '../../src/rebuild/drift-monitor.js';
import { rebuild } from '../../src/rebuild/rebuild.js';
import { verifySample } from '../../src/rebuild/sample.js';
import { someExecutions } from '../support/projection/projection-operations.js';
import { eventually } from '../support/eventually.js';
import { connectTo, openProjection, type ProjectedLedger } from '../support/projection/projection.js';
import { rebuilding } from '../support/projection/rebuilding.js';
import { withClient } from '../support/store/postgres.js';

let ledger: ProjectedLedger;
let patrol: DriftMonitor;
const found = new Map<number, string | undefined>();
let wrong = -1;
beforeAll(async () => {
  ledger = await openProjection();
  await someExecutions(ledger, 3);
  await ledger.project();
  patrol = new DriftMonitor({
    projections: [executionStatus],
    store: ledger.store,
    connect: () => connectTo(ledger.database.servingUrl!),
    everyMs: 1,
    share: 2,
    listener: {
      checked: () => undefined,
      drifted: () => undefined,
      logHeld: (held, pages) => {
        for (const [page, what] of held) found.set(page, what);
        wrong = pages;
      },
      failed: () => undefined,
    },
  });
  patrol.start();
  await untilRemembered();
  await ledger.sql('create table public.before as select * from ledger.events');
}, 30_000);
afterAll(async () => {
  await patrol.stop();
  await ledger.close();
});
/** The log is as it was, and somebody has seen it. */
async function restore(): Promise<void> {
  await ledger.sql('delete from ledger.events');
  await ledger.sql('insert into ledger.events select * from public.before');
  await eventually(
    async () => wrong,
    (pages) => pages === 0,
  );
}

const remembered = async () =>
  (
    await ledger.sql<{ events: number }>(
      'select coalesce(sum(length(marks)) / 8, 0)::integer as events from ledger.log_pages',
    )
  )[0]!.events;
const untilRemembered = async (): Promise<void> => {
  const head = Number(await ledger.store.head());
  await eventually(remembered, (events) => events === head);
};

const EVENT = 'position, recorded_at, revision, stream, event_id, type, data, metadata';
/** What somebody does to the log, and what is told of it. */
const TAMPERINGS: readonly (readonly [string, string, string])[] = [
  [
    'a payload',
    `update ledger.events set data = '{"forged":true}' where position = 3`,
    '3 is not the one that was recorded',
  ],
  [
    'a stamp',
    `update ledger.events set recorded_at = recorded_at + interval '1 ms' where position = 3`,
    '3 is not the one that was recorded',
  ],
  ['an event deleted', 'delete from ledger.events where position = 3', '3 is missing'],
  ['the last event deleted', 'delete from ledger.events where position = 6', '6 is missing'],
  ['all deleted', 'delete from ledger.events', '1 is missing'],
  [
    'two swapped',
    `update ledger.events set position = -position where position in (3, 4);
     update ledger.events set position = 7 + position where position < 0`,
    '3 is not the one that was recorded',
  ],
  [
    'another in its place',
    `delete from ledger.events where position = 3;
     insert into ledger.events (${EVENT}) select 3, recorded_at, 0, 'execution-forged', 'id', type, data, metadata
       from ledger.events where position = 1`,
    '3 is not the one that was recorded',
  ],
  [
    'one before the first',
    `insert into ledger.events (${EVENT}) select 0, recorded_at, 0, 'execution-forged', 'id', type, data, metadata
       from ledger.events where position = 1`,
    'position 0, which was never given out',
  ],
  [
    'one beyond a gap',
    `insert into ledger.events (${EVENT}) select 5000, recorded_at, 0, 'execution-forged', 'id', type, data, metadata
       from ledger.events where position = 1`,
    '7 is missing',
  ],
];

describe.each(TAMPERINGS)('%s', (_what, tampering, told) => {
  it('is found by the patrol, told by verify, and swallowed by no rebuild', async () => {
    await withClient(ledger.database.connectionString, (client) => client.query(tampering));
    await eventually(
      async () => found.get(0),
      (what) => what !== undefined,
    );
    expect(found.get(0)).toContain(told);
    expect(wrong).toBe(1);
    const refused = expect.objectContaining({ name: 'LogChanged', message: expect.stringContaining(told) });
    for (const kind of ['verify', 'rebuild'] as const)
      await expect(rebuild(rebuilding(ledger, executionStatus), kind)).rejects.toEqual(refused);
    await expect(
      verifySample({ ...rebuilding(ledger, executionStatus), projection: executionStatus }, 1),
    ).rejects.toEqual(refused);
    expect(
      await ledger.sql('select version from ledger.checkpoints where projection = $1', executionStatus.name),
    ).toEqual([{ version: 1 }]);
    await restore();
  }, 20_000);
});

it('is no matter once the log is as it was, or somebody has said that it is right as it stands', async () => {
  await rebuild(rebuilding(ledger, executionStatus), 'rebuild');
  await patrol.stop();
  await ledger.sql(`update ledger.events set metadata = '{}' where position = 2`);
  await expect(rebuild(rebuilding(ledger, executionStatus), 'rebuild')).rejects.toThrow('position 2');
  await ledger.sql('delete from ledger.log_pages');
  await rebuild(rebuilding(ledger, executionStatus), 'rebuild');
}, 20_000);

it('pages are remembered one after the other, and each is come by again', async () => {
  await ledger.sql(
    `insert into ledger.events (${EVENT})
     select 6 + n, now(), 0, 'execution-' || n, 'e', 'ExecutionRegistered', '{}', '{}' from generate_series(1, 3500) n`,
  );
  await withClient(ledger.database.servingUrl!, async (client) => {
    const pages = new LogPages(ledger.store);
    await pages.check(client, 2);
    expect(await remembered()).toBe(2_000);
    await pages.check(client, 10);
    expect(await remembered()).toBe(3_506);
    await ledger.sql(`update ledger.events set data = '{"a":1}' where position in (1500, 2500)`);
    const seen = new Map<number, string>();
    for (let n = 0; n < 4; n++)
      for (const [page, what] of await pages.check(client, 10)) if (what !== undefined) seen.set(page, what);
    expect([...seen].sort()).toEqual([
      [1, expect.stringContaining('1500')],
      [2, expect.stringContaining('2500')],
    ]);
    expect((await pages.wrong(client)).pages).toBe(2);
  });
}, 20_000);
