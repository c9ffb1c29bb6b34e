import { randomInt } from 'node:crypto';
import { Command, InvalidArgumentError } from 'commander';
import { type Delivery, exampleDeliveries, renumbered, shuffled } from './demo/deliveries.js';
import { type Ledger, ownLedger, runningLedger } from './demo/ledger.js';
import { live } from './demo/live/live.js';
import { executionsTable, summary, verdictsTable } from './demo/print.js';
import { compare } from './demo/promise.js';
import { type Access, deliverAll, outcomes } from './demo/round.js';
import { durationOption } from './duration-option.js';
import { EXIT } from './exit-codes.js';
import { Interrupt } from './projections/interrupt.js';
import { tell } from './terminal.js';
import { wholeNumber } from './whole-number.js';

function seedOf(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('expected a whole number of up to 9 digits');
  return Number(text);
}

/** Where a ledger is that "npm start" started. */
const LOCAL = 'http://127.0.0.1:8080';

const program = new Command('demo')
  .description(
    'Posts real GitHub deliveries, shuffled and each twice, to a ledger; then again in another order, under other ids, ' +
      'and checks that the outcome is the same wherever the ledger promises it.\n\n' +
      'With --live it keeps telling a ledger that runs what a small company’s executions do, until Ctrl-C.\n\n' +
      'Reads GITHUB_WEBHOOK_SECRET and LEDGER_API_KEY if the ledger asks for them. ' +
      'Exit code: 0 the promise was kept, 1 it was broken, 2 the demo could not be carried out.',
  )
  .option(
    '--into <url>',
    'a ledger that runs, whose event history keeps what is sent; without this option one that is started for the demo',
  )
  .option('--seed <number>', 'makes the order repeatable; the second order is that of the next number', seedOf)
  .option('--live', `keep telling the ledger at --into (or LEDGER_URL, or ${LOCAL}) of executions`)
  .option('--rate <number>', 'with --live: requests a second', wholeNumber(1, 200), 10)
  .option('--for <duration>', 'with --live: end by itself after that, as 30s', durationOption)
  .showHelpAfterError()
  // A word mistyped is not a promise broken.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

/** @throws Error that says what to do where none runs */
async function findRunning(into: string, otherwise: string): Promise<Ledger> {
  const address = into.replace(/\/+$/, '');
  const running = await runningLedger(address);
  if (running) return running;
  throw new Error(`no ledger answers at ${address};\nstart one (npm start), or ${otherwise}`);
}

async function findLedger(into: string | undefined, stopped: AbortSignal): Promise<Ledger> {
  if (into === undefined) {
    tell(process.stdout, 'Starting a ledger for the demo alone, with a database of its own …');
    return ownLedger(stopped);
  }
  return findRunning(into, 'leave --into out');
}

/** One round: every delivery twice, in the order of `seed`. Answers by the ids of `originals`. */
async function round(access: Access, originals: readonly Delivery[], seed: number, title: string, tag?: string) {
  const sent = tag === undefined ? originals : originals.map((delivery) => renumbered(delivery, tag));
  const receipts = await deliverAll(access, shuffled([...sent, ...sent], seed), title);
  const shown = await outcomes(access, [...new Set(sent.map(({ report }) => report.execution_id))]);
  const entries = originals.flatMap(({ report }, index) => {
    const outcome = shown.get(sent[index]!.report.execution_id);
    return outcome ? [[report.execution_id, outcome] as const] : [];
  });
  return { receipts, outcomes: new Map(entries) };
}

async function demonstrate(access: Access, seed: number): Promise<boolean> {
  const deliveries = exampleDeliveries();
  // Marked by the moment, so that a demo on a ledger that has seen one before starts from nothing, too.
  const tag = Date.now().toString(36);
  tell(process.stdout, `Ledger: ${access.url}`);
  tell(process.stdout, `${deliveries.length} GitHub deliveries, each twice. Seeds: ${seed}, then ${seed + 1}.`);
  tell(process.stdout, `In the ledger their numbers end in -${tag}-1, then in -${tag}-2.`);
  const first = await round(access, deliveries, seed, '1st order', `${tag}-1`);
  const second = await round(access, deliveries, seed + 1, '2nd order', `${tag}-2`);
  const comparisons = compare(
    deliveries.map(({ report }) => report),
    [first.outcomes, second.outcomes],
  );
  tell(process.stdout, executionsTable(comparisons));
  tell(process.stdout, verdictsTable([first.receipts, second.receipts]));
  tell(process.stdout, summary(comparisons));
  return comparisons.every(({ kept }) => kept);
}

interface Options {
  readonly into?: string;
  readonly seed?: number;
  readonly live?: true;
  readonly rate: number;
  readonly for?: number;
}

/** Until Ctrl-C or for so long: either is its regular end. */
async function keepTelling({ into, rate, for: ms }: Options, seed: number, stopped: AbortSignal): Promise<number> {
  const { LEDGER_API_KEY: apiKey, LEDGER_URL: known } = process.env;
  const { url } = await findRunning(into ?? known ?? LOCAL, 'name it by --into');
  const over = new AbortController();
  const end = (): void => over.abort();
  stopped.addEventListener('abort', end, { once: true });
  // A timer of its own: a signal that times out and is only a part of another is collected, and then never comes (Node.js 20).
  const timer = ms === undefined ? undefined : setTimeout(end, ms);
  await live({ url, apiKey }, { seed, rate, signal: over.signal }).finally(() => clearTimeout(timer));
  return EXIT.done;
}

async function main(): Promise<number> {
  const options = program.parse().opts<Options>();
  const { into, seed = randomInt(1_000_000) } = options;
  const interrupt = new Interrupt();
  if (options.live) return keepTelling(options, seed, interrupt.signal);
  const { LEDGER_API_KEY: apiKey, GITHUB_WEBHOOK_SECRET: webhookSecret } = process.env;
  try {
    const { url, stop } = await findLedger(into, interrupt.signal);
    const shown = demonstrate({ url, apiKey, webhookSecret }, seed);
    return (await interrupt.unlessCame(shown).finally(stop)) ? 0 : 1;
  } catch (error) {
    if (!interrupt.came) throw error;
    tell(process.stderr, into ? '\nStopped.' : '\nStopped: the ledger of the demo is stopped and deleted.');
    process.exit(EXIT.interrupted); // what was being delivered is waited for no longer
  }
}

process.exitCode = await main().catch((error: unknown) => {
  tell(process.stderr, `demo: ${error instanceof Error ? error.message : String(error)}`);
  return 2;
});
