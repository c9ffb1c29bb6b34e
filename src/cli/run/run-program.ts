import { connect } from '../../client/connection.js';
import type { LedgerAddress } from '../address.js';
import { say } from '../terminal.js';
import { Claimant, type Claim } from './claim.js';
import { RunningProgram, type Manner } from './running-program.js';
import type { Signals } from './signals.js';
import type { Spool } from './spool.js';
import { openTruePipe } from './true-pipe.js';

/** How long the ledger may keep a program from starting, in milliseconds; and where the start depends on its answer. */
const PATIENCE_MS = 5_000;
const LONG_PATIENCE_MS = 60_000;
/** How often a request is repeated while something waits for it: what is not answered is kept. */
export const BRIEF = { limit: 1, maxDelayMs: 1_000, timeoutMs: PATIENCE_MS } as const;

/** What is run, for which execution. */
export interface Run {
  readonly address: LedgerAddress;
  readonly claim: Claim;
  readonly manner: Manner;
}

/** What the program finds in its environment: enough to report progress, and for runs within it to become its children. */
function environmentOf(base: NodeJS.ProcessEnv, { url, key }: LedgerAddress, id: string, reportAs: string) {
  const { LEDGER_KEY_FILE: _file, LEDGER_KEY: _key, ...others } = base;
  const told = { EXECUTION_ID: id, EXECUTION_REPORT_AS: reportAs, LEDGER_URL: url };
  return { ...others, ...told, ...(key !== undefined && { LEDGER_KEY: key }) };
}

/** Runs a program and reports what becomes of it. @returns the exit status for this process */
export async function runProgram({ address, claim, manner }: Run, spool: Spool, signals: Signals): Promise<number> {
  const { execution_id } = claim.registration;
  const tell = (words: string): void => say(`execution-ledger: ${execution_id}: ${words}`);
  const brief = connect({ ...address, retry: BRIEF });
  const decides = claim.once || claim.resume || claim.requireLedger;
  const pipe = openTruePipe();
  const patience = AbortSignal.timeout(decides ? LONG_PATIENCE_MS : PATIENCE_MS);
  const claimed = await new Claimant(decides ? connect(address) : brief, claim, patience).ask();
  if (!claimed.start) {
    tell(`not started: ${claimed.why}`);
    return claimed.exit;
  }
  const { reportAs, note, untold } = claimed;
  if (note !== undefined) tell(note);
  if (untold) tell(`runs without the ledger at ${address.url}: ${untold.why}`);
  const environment = environmentOf(manner.environment, address, execution_id, reportAs);
  const program = new RunningProgram({ ...manner, environment }, brief, reportAs, spool, tell);
  return program.run(signals, await pipe, untold?.reports ?? []);
}
