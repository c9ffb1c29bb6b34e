import { tell } from '../../terminal.js';
import type { Access } from '../round.js';
import { Chance } from './chance.js';
import { pastReports } from './past.js';
import { play } from './play.js';
import { Sender } from './requests.js';
import { showPlay } from './screen.js';

/** How many reports of the past are sent at once. */
const AT_ONCE = 200;

export interface LiveOptions {
  readonly seed: number;
  /** Requests a second. */
  readonly rate: number;
  readonly signal: AbortSignal;
}

const beginning = (url: string, past: number, { seed, rate }: LiveOptions): string =>
  `Ledger: ${url}
First the last 24 hours: ${past} executions as their workers tell them afterwards, with
the times of their work. What the ledger itself says of when it heard of them, and
the order of lists by creation, is of now.
Then about ${rate} requests a second until Ctrl-C, seed ${seed}: agents with children,
pipelines, retries, races, words that come too late, workers that were given up and
still report, cancels, approvals, and what falls silent.
Look at
  ${url}/
  ${url}/api/v1/inbox            what needs a person
  ${url}/api/v1/failure-groups   what failed, and of what
  ${url}/api/v1/target-health    how targets fare`;

/** Keeps telling a ledger what a small company's executions do, until it is stopped. */
export async function live(access: Access, options: LiveOptions): Promise<void> {
  const { seed, signal } = options;
  // Marked by the moment, so that a demo on a ledger that has seen one before starts from nothing, too.
  const tag = Date.now().toString(36);
  const sender = new Sender(access);
  let n = 0;
  const past = pastReports(new Chance(seed), Date.now(), (name) => `${name}-${tag}-${++n}`);
  tell(process.stdout, beginning(access.url, past.length, options));
  for (let from = 0; from < past.length && !signal.aborted; from += AT_ONCE)
    await sender.sendMany(past.slice(from, from + AT_ONCE));
  const screen = showPlay(process.stdout);
  screen.end(await play({ ...options, tag, sender, onStep: screen.show }));
}
