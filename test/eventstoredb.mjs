import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { BACKWARDS, END, EventStoreDBClient } from '@eventstore/db-client';
import { Command } from 'commander';

/** What every server has to pass: the contract of all stores, the double's, streams that others write to, the HTTP suite. */
const SPECS = String.raw`(\.eventstoredb|/docs/appending-directly\.slow)\.ts$`;
const REACHED_WITHIN_MS = 15_000;
const JEST = ['--import', './test/support/typescript.mjs', 'node_modules/jest/bin/jest.js'];

const program = new Command('test:eventstoredb')
  .description(
    'Runs the tests that hold for every EventStoreDB or KurrentDB, the whole HTTP suite among them: against a double of the ' +
      'server in this process, or against a real one. A real one may be in use: the tests leave streams execution-… and ' +
      'refused-… behind, and read none but their own. Everything else is passed on to Jest.',
  )
  .option('--url <url>', 'a real server or cluster: esdb://[user:password@]host:2113[,host:2113…][?tls=false]')
  .argument('[jest...]', 'such as a file, or -t <name>')
  .allowUnknownOption()
  .showHelpAfterError()
  .parse();

/** Why the server cannot be tested against; undefined when it answers. Reads the log, as the ledger does. */
async function problemWith(url) {
  let client;
  const timeUp = pause(REACHED_WITHIN_MS, `no answer within ${REACHED_WITHIN_MS / 1000} s`, { ref: false });
  const reached = async () => {
    client = EventStoreDBClient.connectionString(url);
    for await (const _ of client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 }));
  };
  const problem = await Promise.race([
    timeUp,
    reached().catch((error) => error.message || error.type || String(error)),
  ]);
  await client?.dispose().catch(() => undefined);
  return problem;
}

const { url: given } = program.opts();
const url = given?.replace(/^(kurrentdb|kurrent|kdb)(?=:|\+)/, 'esdb'); // the tests speak through the client itself
const problem = url === undefined ? undefined : await problemWith(url);
if (problem !== undefined) {
  console.error(`${url.replace(/\/\/.*@/, '//')} cannot be tested against: ${problem}`);
  console.error('Is it running? A server without TLS wants ?tls=false, one with users user:password@ before the host.');
  process.exit(2);
}
// Its log is shared: two specs at once would wait for each other's events. And it may be far away.
const real = url === undefined ? [] : ['--runInBand'];
const far = { LEDGER_TEST_EVENTSTOREDB_URL: url, LEDGER_TEST_LIMIT_MS: '30000' };
const env = url === undefined ? process.env : { ...process.env, ...far };
// The pattern last: it takes every word that follows it for another one, and so the file that somebody asks for.
const args = [...JEST, ...real, ...program.args, '--testRegex', SPECS];
const jest = spawn(process.execPath, args, { stdio: 'inherit', env });
const [code] = await once(jest, 'exit');
process.exit(code ?? 1);
