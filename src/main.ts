import 'reflect-metadata';
import v8 from 'node:v8';
import type { LoggerService } from '@nestjs/common';
import { loadConfig } from './config.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.js';
import { StartError, StoreError } from './errors.js';
import { outliveLog } from './http/lost-log.js';
import { type Ledger, startLedger } from './composition/ledger.js';
import { LedgerLogger } from './composition/ledger-logger.js';
import { onStop } from './on-stop.js';
import { printableLines } from './printable.js';
import { whereKept } from './where-kept.js';

/**
 * V8 would come to make the short-lived objects of each request where only full collections look: after a second at 2,000
 * reports/s, pauses for young objects took 13 ms instead of 8.
 */
v8.setFlagsFromString('--no-allocation-site-pretenuring');

/** Where to look next, for the person who started it. */
function greeting(url: string, kept: string, note: string | undefined): string {
  return [
    ...(note === undefined ? [] : [note]),
    `The ledger serves on ${url}, ${kept}`,
    `  report    curl -X POST ${url}/api/v1/workflow/executions/events -H 'content-type: application/json' \\`,
    `                 -d '{"execution_id":"hello","status":"running"}'`,
    `  look      ${url}/api/v1/executions`,
    `  API       ${url}/docs`,
    `  health    ${url}/health/ready`,
    '',
  ].join('\n');
}

/** How long a stop may take in all, in milliseconds: under the 30 s that a supervisor is told to give. */
const STOP_MS = 20_000;
/** Of these, what is kept for saying what did not end. */
const RESERVE_MS = 500;

/** What has been started so far: a stop may come while the database is still initialised. */
interface StartedParts {
  embedded?: Promise<EmbeddedPostgres>;
  ledger?: Ledger;
  stopping?: true;
}

const force = (logger: LoggerService, reason: string, open: readonly string[] = []): never => {
  logger.error({ event: 'ledger.stop_failed', reason, open });
  process.exit(1);
};

/** The orderly end, which has its limit. Of a start that is not done nothing is waited for but its database. */
async function stop({ embedded, ledger }: StartedParts, logger: LoggerService): Promise<void> {
  const since = performance.now();
  setTimeout(() => force(logger, `nothing ended within ${STOP_MS / 1_000} s`), STOP_MS);
  const open = [...((await ledger?.close()) ?? [])];
  const database = await embedded?.catch(() => undefined);
  const left = STOP_MS - RESERVE_MS - (performance.now() - since);
  if (database && !(await database.stop(left))) open.push('embedded database');
  if (open.length > 0) force(logger, 'not all ended in time', open);
  process.stdout.write(ledger ? 'The ledger has stopped.\n' : 'Stopped before the ledger served.\n');
  process.exit(0);
}

async function main(started: StartedParts): Promise<void> {
  outliveLog();
  const config = loadConfig(process.env);
  const logger = new LedgerLogger(config);
  onStop(
    () => {
      started.stopping = true;
      stop(started, logger).catch((error: unknown) => force(logger, String(error)));
    },
    () => force(logger, 'a second signal came'),
  );
  if (config.databaseUrl === undefined)
    started.embedded = startEmbeddedPostgres(config, (line) =>
      logger.warn({ event: 'database.watch_failed', reason: line }),
    );
  const embedded = await started.embedded;
  const database = embedded ?? { url: config.databaseUrl!, ownerUrl: config.databaseOwnerUrl };
  const ledger = await startLedger(config, database, logger).catch(async (error: unknown) => {
    await embedded?.stop();
    throw error;
  });
  if (started.stopping) return;
  started.ledger = ledger;
  process.stdout.write(printableLines(greeting(ledger.url, whereKept(config, embedded?.dataDir), embedded?.note)));
}

/** What to tell of a failed start: ours says what to do, the database's is passed on, anything else is a defect. */
function explain(error: unknown): string {
  const { code, message, stack } = error as { code?: string; message: string; stack?: string };
  if (code === 'EADDRINUSE') return 'PORT: the port is in use by another program; set PORT to a free one';
  if (code === 'EACCES') return 'PORT: this user may not listen on that port; set PORT to one above 1023';
  if (error instanceof StartError || error instanceof StoreError) return message;
  return /^[0-9A-Z]{5}$/.test(code ?? '') ? `DATABASE_URL: the database refused: ${message}` : String(stack ?? error);
}

const started: StartedParts = {};
main(started).catch((error: unknown) => {
  if (started.stopping) return; // its database was taken from it
  process.stderr.write(`${printableLines(explain(error))}\n`);
  process.exit(1);
});
