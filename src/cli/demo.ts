import { randomInt } from 'node:crypto';
import { Command, InvalidArgumentError } from 'commander';
import { type Delivery, exampleDeliveries, renumbered, shuffled } from './demo/deliveries.js';
import { type Ledger, ownLedger, runningLedger } from './demo/ledger.js';
import { executionsTable, summary, verdictsTable } from './demo/print.js';
import { compare } from './demo/promise.js';
import { type Access, deliverAll, outcomes } from './demo/round.js';
import { tell } from './terminal.js';

const DEFAULT_URL = 'http://127.0.0.1:8080';

function seedOf(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('expected a whole number of up to 9 digits');
  return Number(text);
}

const program = new Command('demo')
  .description(
    'Posts real GitHub deliveries, shuffled and each twice, to a ledger; then again in another order, under other ids, ' +
      'and checks that the outcome is the same wherever the ledger promises it.\n\n' +
      'Reads GITHUB_WEBHOOK_SECRET and LEDGER_API_KEY if the ledger asks for them. ' +
      'Exit code: 0 the promise was kept, 1 it was broken, 2 the demo could not be carried out.',
  )
  .option(
    '--url <url>',
    `a running ledger; without this option ${DEFAULT_URL}, or one of the demo's own if none answers`,
  )
  .option('--seed <number>', 'makes the order repeatable; the second order is that of the next number', seedOf)
  .showHelpAfterError()
  // A word mistyped is not a promise broken.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

async function findLedger(url: string | undefined): Promise<Ledger> {
  const address = (url ?? DEFAULT_URL).replace(/\/+$/, '');
  const running = await runningLedger(address);
  if (running) return running;
  if (url) throw new Error(`no ledger answers at ${address}; start one (npm start) or leave --url out`);
  tell(process.stdout, `No ledger answers at ${address}: starting one for the demo, with a database of its own.`);
  return ownLedger();
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
  tell(
    process.stdout,
    `${deliveries.length} GitHub deliveries, each twice. Seeds: ${seed}, then ${seed + 1}. Ledger: ${access.url}`,
  );
  tell(process.stdout, `In the ledger their numbers end in -${tag}-1, and in -${tag}-2 in the other order.`);
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

async function main(): Promise<number> {
  const { url, seed = randomInt(1_000_000) } = program.parse().opts<{ url?: string; seed?: number }>();
  const ledger = await findLedger(url);
  // Ctrl-C must not leave the demo's own ledger, its database and its folder behind.
  process.once('SIGINT', () => void ledger.stop().finally(() => process.exit(130)));
  const { LEDGER_API_KEY: apiKey, GITHUB_WEBHOOK_SECRET: webhookSecret } = process.env;
  try {
    return (await demonstrate({ url: ledger.url, apiKey, webhookSecret }, seed)) ? 0 : 1;
  } finally {
    await ledger.stop();
  }
}

process.exitCode = await main().catch((error: unknown) => {
  tell(process.stderr, `demo: ${error instanceof Error ? error.message : String(error)}`);
  return 2;
});
