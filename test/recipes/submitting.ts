/** What is submitted: how it is made ready, started and cleared away is the submitter's affair. */
export interface Job {
  readonly id: string;
  /** Puts what the worker needs where it finds it. */
  stage(): Promise<string>;
  /** Starts a worker that reports as `reportAs`. Called again with the same, it starts no second one. */
  start(reportAs: string, staged: string): Promise<void>;
  clear(staged: string): Promise<void>;
}

/** The members of an answer that a submitter acts on; a problem has no `applied`. */
interface Answer {
  readonly verdict: string;
  readonly applied?: boolean;
  readonly attempt?: number;
}
export type Ask = (path: string, body: object) => Promise<Answer>;

/** Asks the ledger at `url`. An answer that was lost, or a 503, is asked for again: the command_id makes that safe. */
export const asking =
  (url: string, tries = 5): Ask =>
  async (path, body) => {
    for (let left = tries; ; left--) {
      const headers = { 'content-type': 'application/json' };
      const request = { method: 'POST', headers, body: JSON.stringify(body) };
      const response = await fetch(`${url}/api/v1/executions${path}`, request).catch(() => undefined);
      if (response !== undefined && response.status < 500) return (await response.json()) as Answer;
      if (left === 1) throw new Error(`the ledger cannot be asked: ${response?.status ?? 'no answer'}`);
      await new Promise((over) => setTimeout(over, 200));
    }
  };

/** Registers the job and starts it; answers the verdict that decided. Only `applied` means that a worker was started. */
export async function submit(ask: Ask, job: Job): Promise<string> {
  const registered = await ask('', { execution_id: job.id, command_id: 'register' });
  return registered.applied ? launch(ask, job, 1) : registered.verdict;
}

/** Starts the next attempt of a job that failed. Of several who ask at once, one starts it. */
export async function startAgain(ask: Ask, job: Job, commandId: string): Promise<string> {
  const resumed = await ask(`/${encodeURIComponent(job.id)}/resume`, { command_id: commandId });
  return resumed.applied ? launch(ask, job, resumed.attempt!) : resumed.verdict;
}

async function launch(ask: Ask, job: Job, attempt: number): Promise<string> {
  const at = `/${encodeURIComponent(job.id)}`;
  let phase = 'staging';
  let staged: string | undefined;
  let started = false;
  try {
    staged = await job.stage();
    phase = 'dispatch';
    const dispatched = await ask(`${at}/dispatch`, { attempt, command_id: `dispatch ${attempt}` });
    if (!dispatched.applied) return dispatched.verdict; // cancelled meanwhile, paused, or started by somebody else
    await job.start(`${job.id}~${attempt}`, staged);
    started = true;
    return 'applied';
  } catch (error) {
    const aborted = await ask(`${at}/abort`, { attempt, phase, error: String(error) });
    // Once dispatched the attempt may have a worker: what a submitter then says is a guess, which that worker can correct.
    if (aborted.verdict === 'already_dispatched') {
      await ask(`${at}/status`, { attempt, status: 'failed', inferred: true, error: String(error) });
    }
    throw error;
  } finally {
    if (staged !== undefined && !started) await job.clear(staged);
  }
}
