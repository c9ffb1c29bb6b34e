import type { LedgerAddress } from '../address.js';
import { say } from '../terminal.js';
import { statusOf } from './child.js';
import { Claimant, type Claim, type ClaimResult } from './claim.js';
import { RunningProgram, type ProgramOptions } from './running-program.js';
import { leanConnection } from './lean-connection.js';
import type { Signals } from './signals.js';
import type { Spool } from './spool.js';
import { TruePipe } from './true-pipe.js';

/** How long the ledger may keep a program from starting, in milliseconds; and where the start depends on its answer. */
const PATIENCE_MS = 5_000;
const LONG_PATIENCE_MS = 60_000;

/** What is run, for which execution. */
export interface Run {
  readonly address: LedgerAddress;
  readonly claim: Claim;
  readonly manner: ProgramOptions;
}

/** What the program finds in its environment: enough to report progress, and for runs within it to become its children. */
function environmentOf(base: NodeJS.ProcessEnv, { url, key }: LedgerAddress, id: string, reportAs: string) {
  const { LEDGER_KEY_FILE: _file, LEDGER_KEY: _key, ...others } = base;
  const told = { EXECUTION_ID: id, EXECUTION_REPORT_AS: reportAs, LEDGER_URL: url };
  return { ...others, ...told, ...(key !== undefined && { LEDGER_KEY: key }) };
}

/**
 * Where the ledger decides, one that a signal ends before it answered is not started: somebody else may run it, and to
 * report that as failed would be wrong.
 */
function endedUnanswered(claimed: ClaimResult, { endedBy }: Signals): ClaimResult {
  const unanswered = claimed.start ? claimed.untold !== undefined : claimed.unanswered;
  if (!endedBy || !unanswered) return claimed;
  const exit = statusOf({ kind: 'killed', signal: endedBy });
  return { start: false, exit, why: `${endedBy} came before the ledger answered` };
}

/** Runs a program and reports what becomes of it. @returns the exit status for this process */
export async function runProgram(run: Run, opening: Promise<Spool>, signals: Signals): Promise<number> {
  // To start a process holds this one up for some milliseconds: when the spool is open, the ledger has the question.
  const piping = opening.then(({ records }) => TruePipe.open(records?.place));
  try {
    return await claimAndRun(run, opening, piping, signals);
  } finally {
    (await piping)?.release();
    // One that was not started would leave the socket of its outbox for ever; to close a second time does nothing.
    await (await opening).outbox.close().catch(() => undefined);
  }
}

async function claimAndRun(
  { address, claim, manner }: Run,
  opening: Promise<Spool>,
  piping: Promise<TruePipe | undefined>,
  signals: Signals,
): Promise<number> {
  const { execution_id } = claim.registration;
  const tell = (words: string): void => say(`execution-ledger: ${execution_id}: ${words}`);
  const lean = leanConnection(address, PATIENCE_MS);
  const decides = claim.once || claim.resume || claim.requireLedger;
  const limit = AbortSignal.timeout(decides ? LONG_PATIENCE_MS : PATIENCE_MS);
  const patience = AbortSignal.any([limit, signals.ended]);
  // Where the start depends on the answer it is asked for again and again; else work is not kept waiting.
  const asked = decides ? (await import('../../client/connection.js')).connect(address) : lean;
  const answer = await new Claimant(asked, claim, patience).ask();
  const [spool, pipe] = await Promise.all([opening, piping]);
  const claimed = decides ? endedUnanswered(answer, signals) : answer;
  if (!claimed.start) {
    tell(`not started: ${claimed.why}`);
    return claimed.exit;
  }
  const { reportAs, note, untold } = claimed;
  if (note !== undefined) tell(note);
  if (untold) tell(`runs without the ledger at ${address.url}: ${untold.why}`);
  const environment = environmentOf(manner.environment, address, execution_id, reportAs);
  const program = new RunningProgram({ ...manner, environment }, lean, reportAs, spool, tell);
  return program.run(signals, pipe, untold?.reports ?? []);
}
