import { expect } from '@jest/globals';
import pg from 'pg';
import { PROJECTIONS } from '../../../projections/index.js';
import { viewOf } from '../../../src/projection-tables/table.js';
import { eventually } from '../eventually.js';
import { startTestLedger, type TestLedger } from '../ledger/ledger.js';
import { createTestDatabase, type TestDatabase } from '../store/postgres.js';

/** The program of tomorrow: one of its projections folds otherwise. */
const newer = (name: string) =>
  PROJECTIONS.map((one) => (one.name === name ? { ...one, version: one.version + 1 } : one));

/** Two programs on one database, of which the newer has another fold version of a projection. */
export interface Upgrade {
  readonly database: TestDatabase;
  /** Of those that run. */
  readonly running: Set<TestLedger>;
  start(which: 'old' | 'new'): Promise<TestLedger>;
  stop(ledger: TestLedger): Promise<void>;
  /** A reader of the view, which no swap waits for: until it is let go of, the old version stays. */
  holdSwap(): Promise<() => Promise<void>>;
  /** Expects that a report is taken by every program that runs, and what is projected comes that far. */
  moves(): Promise<void>;
  /** Expects that an execution that is due is timed out, and within the second. */
  timesOut(): Promise<void>;
  /** When the newer version is what readers read. */
  swapped(): Promise<unknown>;
  /** Expects that the table is what the log says. */
  isRight(): Promise<void>;
  /** What /health/ready answered other than 200 since the beginning. */
  close(): Promise<readonly number[]>;
}

export async function startUpgrade(name: string): Promise<Upgrade> {
  const database = await createTestDatabase();
  const running = new Set<TestLedger>();
  const notReady: number[] = [];
  const projection = PROJECTIONS.find((one) => one.name === name)!;
  let made = 0;
  const some = (): TestLedger => [...running].at(-1)!;
  const show = async () => (await some().call('GET', `/projections/${name}`)).body;
  const look = async (): Promise<void> => {
    for (const { call } of running) {
      const status = await call('GET', '//health/ready').then(
        (answer) => answer.status,
        () => 200,
      );
      if (status !== 200) notReady.push(status);
    }
  };
  const watch = setInterval(() => void look(), 100);
  const holders: pg.Client[] = [];
  return {
    database,
    running,
    start: async (which) => {
      const ledger = await startTestLedger({}, database, {}, which === 'old' ? PROJECTIONS : newer(name));
      running.add(ledger);
      return ledger;
    },
    stop: async (ledger) => {
      running.delete(ledger);
      await ledger.close();
    },
    holdSwap: async () => {
      const holder = new pg.Client(database.connectionString);
      holders.push(holder);
      await holder.connect();
      await holder.query(`begin; select from ${viewOf(projection)} limit 1`);
      return () => holder.end();
    },
    moves: async () => {
      for (const { call } of running) {
        const { status, body } = await call('POST', '/workflow/executions/events', {
          execution_id: `moves-${++made}`,
          status: 'running',
          target: 'somewhere',
        });
        expect([status, body.verdict]).toEqual([200, 'applied']);
        await eventually(show, ({ checkpoint }) => BigInt(checkpoint) >= BigInt(body.position));
      }
    },
    timesOut: async () => {
      const { call } = some();
      const execution_id = `due-${++made}`;
      await call('POST', '/executions', { execution_id, timeout_ms: 300 });
      const { body } = await call('GET', `/executions/${execution_id}?until=terminal&wait_ms=20000`);
      expect(body.status).toBe('timeout');
      const { events } = (await call('GET', `/executions/${execution_id}/events`)).body;
      const [registered, ended] = [events[0], events.at(-1)].map(({ recorded_at }) => Date.parse(recorded_at));
      expect(ended! - registered!).toBeLessThan(300 + 1_000);
    },
    swapped: () => eventually(show, ({ version }) => version === 2),
    isRight: async () => {
      await some().call('POST', `/projections/${name}/verify`);
      const { verify } = await eventually(show, ({ verify }) => verify?.state === 'verified');
      expect(verify.drift.rows).toBe(0);
    },
    close: async () => {
      clearInterval(watch);
      for (const holder of holders) await holder.end();
      for (const ledger of running) await ledger.close();
      await database.drop();
      return notReady;
    },
  };
}
