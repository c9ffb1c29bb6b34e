import 'reflect-metadata';
import { randomInt } from 'node:crypto';
import { Command, InvalidArgumentError } from 'commander';
import { printed } from './print.js';
import { run, setTheScene } from './run.js';

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('expected a whole number of up to 9 digits');
  return Number(text);
}

const program = new Command('test:chaos')
  .description(
    'Starts the built service twice on one database, drives mixed load over HTTP, kills services and database with -9 by ' +
      'chance, starts them again, and compares every acknowledged receipt with the log.\n\n' +
      'Exit code: 0 nothing was lost, doubled or broken, 1 something was, or it could not be carried out.',
  )
  .option('--kills <number>', 'how often something is killed', wholeNumber, 10)
  .option(
    '--seed <number>',
    'makes the kills, and what the producers say, the same again; by chance without it',
    wholeNumber,
  )
  .showHelpAfterError();

/** In this order: whoever uses something is ended before it. */
const ends: (() => Promise<void>)[] = [];
async function endAll(): Promise<void> {
  for (const end of ends.splice(0)) await end().catch((error: unknown) => console.error(String(error)));
}

async function main(): Promise<number> {
  const { kills, seed = randomInt(1_000_000) } = program.parse().opts<{ kills: number; seed?: number }>();
  console.log(
    `seed ${seed}: ${kills} kills; the same again with npm run test:chaos -- --kills ${kills} --seed ${seed}`,
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void endAll().finally(() => process.exit(130)));
  try {
    const summary = await run({ seed, kills }, await setTheScene(ends));
    console.log(printed(summary));
    if (summary.counts.acknowledged === 0) console.log('FAILED: nothing was acknowledged, so nothing was shown');
    return summary.findings.length === 0 && summary.counts.acknowledged > 0 ? 0 : 1;
  } finally {
    await endAll();
  }
}

// The clients of what was killed must not keep a program alive that has told everything.
process.exit(
  await main().catch((error: unknown) => {
    console.error(error);
    return 1;
  }),
);
