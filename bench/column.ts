import { fileURLToPath } from 'node:url';
import { type StartedLedger, startLedgerProcess, startServer } from '../src/cli/demo/ledger.js';
import type { Databases } from './database.js';
import { fireAndForgetOn, fresh, registered, type Seen, strictOn } from './endpoints/http-load.js';
import { percentile, type Scale } from './load.js';
import { measureRound, postmasterOf, type Round } from './processor-time.js';
import { type Row, row } from './row.js';

const [CONNECTIONS, ROUNDS] = [64, 3];
/** Lets the programs compile what they are measured at. */
const WARM_UP: Scale = { seconds: 3, events: 0 };

/** What serves the reports, and how they are sent to it. */
interface Contender {
  readonly name: string;
  start(databaseUrl: string): Promise<StartedLedger>;
  /** The executions that are reported on, known to the server before its time is taken. */
  prepare(url: string): Promise<string[][]>;
  load(url: string, byConnection: readonly string[][], scale: Scale): Promise<Seen>;
}

const unregistered = (): Promise<string[][]> => Promise.resolve(fresh(CONNECTIONS));
const peer = (name: string, file: string): Contender => ({
  name,
  start: (DATABASE_URL) => startServer(fileURLToPath(new URL(`peers/${file}.js`, import.meta.url)), { DATABASE_URL }),
  prepare: unregistered,
  load: strictOn,
});
const ledger = (name: string, settings: Readonly<Record<string, string>>): Contender => ({
  name,
  start: (DATABASE_URL) => startLedgerProcess({ DATABASE_URL, ...settings }),
  prepare: (url) => registered(url, CONNECTIONS),
  load: strictOn,
});

const COLUMN = peer('status column, Fastify and pg', 'status-column');
const CONTENDERS = [
  COLUMN,
  ledger('ledger, strict, projecting', {}),
  ledger('ledger, strict, PROJECTOR=off', { PROJECTOR: 'off' }),
  {
    ...ledger('ledger, fire-and-forget, projecting', {}),
    prepare: unregistered,
    load: fireAndForgetOn,
  },
  peer('status column, Nest and TypeORM', 'nest-typeorm'),
  peer('bare Fastify and zod, no database', 'bare-fastify'),
];
/** How many times the status column's a figure is to be: docs/performance.md, "Beside a status column". */
const AIMS: Readonly<Record<string, { readonly rate: number; readonly cost?: number }>> = {
  'ledger, strict, projecting': { rate: 1.5, cost: 0.65 },
  'ledger, fire-and-forget, projecting': { rate: 1.8 },
};

/** Each contender has a database of its own. */
const databaseOf = (n: number): string => `column_${n}`;

/** Reports over HTTP beside what people would write without a ledger: each in a process of its own, by turns, on one machine. */
export async function columnRows(databases: Databases, scale: Scale): Promise<Row[]> {
  const urls: string[] = [];
  const running: { contender: Contender; server: StartedLedger; rounds: Round[] }[] = [];
  try {
    for (const contender of CONTENDERS) {
      urls.push(await databases.create(databaseOf(urls.length)));
      const server = await contender.start(urls.at(-1)!);
      running.push({ contender, server, rounds: [] });
      await contender.load(server.url, await contender.prepare(server.url), WARM_UP);
    }
    const postmaster = await postmasterOf(urls[0]!);
    for (let round = 0; round < ROUNDS; round++)
      for (const { contender, server, rounds } of running) {
        const byConnection = await contender.prepare(server.url);
        rounds.push(
          await measureRound([server.pid], postmaster, () => contender.load(server.url, byConnection, scale)),
        );
      }
  } finally {
    for (const { server } of running) await server.stop();
    for (const n of urls.keys()) await databases.drop(databaseOf(n));
  }
  return rowsOf(running);
}

const median = (rounds: readonly Round[], of: (round: Round) => number) => percentile(rounds.map(of), 0.5);
const cost = ({ server, database }: Round) => server + database;

function rowsOf(measured: readonly { contender: Contender; rounds: readonly Round[] }[]): Row[] {
  const column = measured[0]!;
  return measured.flatMap(({ contender: { name }, rounds }) => {
    const { rate, cost: atMost } = AIMS[name] ?? {};
    const beside = (of: (round: Round) => number) =>
      name === COLUMN.name ? undefined : { name: COLUMN.name, value: median(column.rounds, of) };
    return [
      row(
        name,
        median(rounds, (round) => round.rate),
        'reports/s',
        rate ? { timesPeer: rate } : {},
        beside((r) => r.rate),
      ),
      row(
        `${name}: processor time`,
        median(rounds, cost),
        'µs/report',
        atMost ? { atMostTimesPeer: atMost } : {},
        beside(cost),
      ),
      row(
        `${name}: of it the database's`,
        median(rounds, ({ database }) => database),
        'µs/report',
      ),
    ];
  });
}
