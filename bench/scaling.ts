import pg from 'pg';
import { type StartedLedger, startLedgerProcess } from '../src/cli/demo/ledger.js';
import { eventStoreMigrations } from '../src/event-store/postgres/migrations/index.js';
import { migrate } from '../src/postgres/migrate.js';
import { type Databases, execute, inOwn } from './database.js';
import { registered, strictOn, warmUp } from './endpoints/http-load.js';
import { percentile, type Scale } from './load.js';
import { type Answers, measureRound, postmasterOf, type Round } from './processor-time.js';
import { type Row, row } from './row.js';
import { SAMPLE_DATA, SAMPLE_METADATA, SAMPLE_TYPE } from './sample.js';

/** Sessions that append at once, or processes of the ledger on one database; the first is what the others are held to. */
const COUNTS = [1, 2, 4];
const [CONNECTIONS, ROUNDS, PAGE] = [64, 3, 64];

const literal = (value: unknown): string => `${pg.escapeLiteral(JSON.stringify(value))}::text`;

/** Appends pages of events, each event to a stream of its own, a page in each transaction: no client is waited for. */
const appendFor = (seconds: number): string => `
  do $$
  declare
    streams text[];
    one integer[] := array_fill(1, array[${PAGE}]);
    until timestamptz := clock_timestamp() + interval '${seconds} seconds';
  begin
    while clock_timestamp() < until loop
      select array_agg('execution-' || gen_random_uuid()) into streams from generate_series(1, ${PAGE});
      perform ledger.append(streams, array_fill(-1::bigint, array[${PAGE}]), array_fill(null::text, array[${PAGE}]),
        array_fill(null::bigint, array[${PAGE}]), array_fill(null::text, array[${PAGE}]), one,
        (select array_agg(n) from generate_series(1, ${PAGE}) n), one, streams,
        (select array_agg(gen_random_uuid()::text) from generate_series(1, ${PAGE})),
        array_fill('${SAMPLE_TYPE}'::text, array[${PAGE}]), array_fill(${literal(SAMPLE_DATA)}, array[${PAGE}]),
        array_fill(${literal(SAMPLE_METADATA)}, array[${PAGE}]));
      commit;
    end loop;
  end $$`;

const headOf = async (url: string): Promise<number> => {
  const { rows } = await execute(url, 'select coalesce(max(position), 0) as head from ledger.events');
  return Number((rows as { head: string }[])[0]!.head);
};

/** So many sessions that append at once, with nothing between them and the log. */
async function sessions(url: string, count: number, { seconds }: Scale): Promise<Round> {
  await migrate({ connectionString: url }, eventStoreMigrations);
  await execute(url, appendFor(1)); // pages that nobody has read yet
  return measureRound([], await postmasterOf(url), async () => {
    const [head, began] = [await headOf(url), performance.now()];
    await Promise.all(Array.from({ length: count }, () => execute(url, appendFor(seconds))));
    const total = (await headOf(url)) - head;
    return { total, rate: (1_000 * total) / (performance.now() - began) };
  });
}

/** Strict reports of all connections, of which each process has its part. */
async function spread(urls: readonly string[], scale: Scale): Promise<Answers> {
  const each = CONNECTIONS / urls.length;
  const known = await Promise.all(urls.map((url) => registered(url, each)));
  const seen = await Promise.all(urls.map((url, n) => strictOn(url, known[n]!, scale)));
  return seen.reduce((all, { rate, total }) => ({ rate: all.rate + rate, total: all.total + total }), {
    rate: 0,
    total: 0,
  });
}

/** So many processes of the ledger on one database, one of which projects. */
async function processes(DATABASE_URL: string, count: number, scale: Scale): Promise<Round> {
  const ledgers: StartedLedger[] = [];
  try {
    for (let n = 0; n < count; n++) ledgers.push(await startLedgerProcess({ DATABASE_URL }));
    const urls = ledgers.map(({ url }) => url);
    // Each compiles for itself, and has its part of the reports alone to do it by.
    for (let n = 0; n < 2 * count; n++) await Promise.all(urls.map((url) => warmUp(url, CONNECTIONS / count)));
    const pids = ledgers.map(({ pid }) => pid);
    return await measureRound(pids, await postmasterOf(DATABASE_URL), () => spread(urls, scale));
  } finally {
    for (const { stop } of ledgers) await stop();
  }
}

type Measure = (databaseUrl: string, count: number, scale: Scale) => Promise<Round>;

/** By turns, for the machine has moods, and each time in a database of its own. */
async function byTurns(measure: Measure, databases: Databases, scale: Scale): Promise<Round[][]> {
  const rounds = COUNTS.map((): Round[] => []);
  for (let round = 0; round < ROUNDS; round++)
    for (const [n, count] of COUNTS.entries())
      rounds[n]!.push(await inOwn(databases, 'scaling', (url) => measure(url, count, scale)));
  return rounds;
}

function rowsOf(what: string, unit: string, rounds: readonly Round[][]): Row[] {
  const name = (n: number): string => `${what}, ${COUNTS[n]}`;
  const figures = [
    ['', `${unit}s/s`, ({ rate }: Round) => rate],
    [': processor time', `µs/${unit}`, ({ server, database }: Round) => server + database],
  ] as const;
  return figures.flatMap(([figure, per, value]) => {
    const medians = rounds.map((one) => percentile(one.map(value), 0.5));
    const peer = { name: name(0), value: medians[0]! };
    return medians.map((median, n) => row(name(n) + figure, median, per, {}, n > 0 ? peer : undefined));
  });
}

/** What more sessions and more processes add, on one database: docs/scaling.md. */
export async function scalingRows(databases: Databases, scale: Scale): Promise<Row[]> {
  return [
    ...rowsOf('the log alone, sessions that append', 'event', await byTurns(sessions, databases, scale)),
    ...rowsOf('strict endpoint, processes', 'report', await byTurns(processes, databases, scale)),
  ];
}
