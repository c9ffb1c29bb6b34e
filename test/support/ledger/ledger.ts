import { ConsoleLogger } from '@nestjs/common';
import { PROJECTIONS } from '../../../projections/index.js';
import { loadConfig } from '../../../src/config.js';
import { startLedger, type Ledger } from '../../../src/composition/ledger.js';
import type { Tuning } from '../../../src/composition/open-event-store.js';
import { caller, type Call } from './caller.js';
import { createTestDatabase, type TestDatabase } from '../store/postgres.js';

export { caller, type Answer } from './caller.js';

/** A whole ledger on a database of its own, and a way to talk to it as a producer would. */
export interface TestLedger {
  readonly url: string;
  readonly ledger: Ledger;
  readonly database: TestDatabase;
  readonly call: Call;
  close(): Promise<void>;
}

/** Starts a ledger; `env` as the program would read it. `on` shares another's database; `projections`: another program's. */
export async function startTestLedger(
  env: Record<string, string> = {},
  on?: TestDatabase,
  tuning: Partial<Tuning> = {},
  projections = PROJECTIONS,
): Promise<TestLedger> {
  const database = on ?? (await createTestDatabase());
  const config = loadConfig({ PORT: '0', ...env });
  const logger = new ConsoleLogger({ logLevels: ['fatal'] });
  const given = { requireDurability: false, ...tuning };
  const { connectionString, servingUrl } = database;
  const reached = servingUrl ? { url: servingUrl, ownerUrl: connectionString } : { url: connectionString };
  const ledger = await startLedger(config, reached, logger, given, projections);
  const close = async (): Promise<void> => {
    await ledger.close();
    if (!on) await database.drop();
  };
  return { url: ledger.url, ledger, database, call: caller(ledger.url), close };
}

/** A ledger for the tests of the enclosing block. */
export function usingLedger(env: Record<string, string> = {}, tuning: Partial<Tuning> = {}): Omit<TestLedger, 'close'> {
  let ledger: TestLedger;
  beforeAll(async () => {
    ledger = await startTestLedger(env, undefined, tuning);
  }, 30_000);
  afterAll(() => ledger.close(), 30_000);
  return {
    get url() {
      return ledger.url;
    },
    get ledger() {
      return ledger.ledger;
    },
    get database() {
      return ledger.database;
    },
    call: (...asked) => ledger.call(...asked),
  };
}
