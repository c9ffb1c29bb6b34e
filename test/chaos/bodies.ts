import { TERMINAL_STATUSES } from '../../src/domain/status.js';
import { reportAs } from '../../src/domain/stream.js';
import type { Random } from './random.js';

/** A body, before it is JSON. */
export type Body = Readonly<Record<string, unknown>>;

export const executionOf = (n: number): string => `x-${n}`;

/** Outcomes are rare enough that an execution is talked about for a while before it is over. */
const STATUSES = [
  [4, 'queued'],
  [14, 'running'],
  [3, 'waiting'],
  [2, 'paused'],
  [1, 'succeeded'],
  [4, 'failed'],
  [1, 'timeout'],
  [0.3, 'cancelled'],
] as const;
/** And a word that nobody knows. */
export const OFF_HAND = [...STATUSES, [0.6, 'exploded']] as const;

const isTerminal = (status: string): boolean => (TERMINAL_STATUSES as readonly string[]).includes(status);

/** Whose an execution is: the same whoever says so. */
export function belonging(n: number): Body {
  const parent = n % 36 === 0 ? undefined : executionOf(n % 6 === 0 ? n - (n % 36) : n - (n % 6));
  return {
    run_id: `run-${Math.floor(n / 36)}`,
    workflow_id: `workflow-${n % 3}`,
    ...(parent === undefined ? {} : { parent_execution_id: parent }),
  };
}

/** An execution as a body names it, with the attempt in either of the two ways. */
export function named(random: Random, executionId: string, attempt: number | undefined): Body {
  if (attempt === undefined) return { execution_id: executionId };
  return random.chance(0.5) ? { execution_id: reportAs(executionId, attempt) } : { execution_id: executionId, attempt };
}

/** What any report may bring, or not. */
export const news = (random: Random, words: string): Body => ({
  ...(random.chance(0.6) ? { message: words } : {}),
  ...(random.chance(0.3) ? { progress: random.whole(101) } : {}),
  ...(random.chance(0.2) ? { worker: `worker-${random.whole(4)}` } : {}),
});

function outcome(random: Random, status: string, words: string): Body {
  if (!isTerminal(status)) return {};
  return {
    ...(status === 'succeeded' ? { result: { by: words } } : { error: words }),
    ...(random.chance(0.3) ? { duration_ms: random.whole(5_000) } : {}),
    ...(random.chance(0.25) ? { inferred: true } : {}),
  };
}

/** A status, and what comes with it. */
export function report(random: Random, words: string, statuses: typeof STATUSES | typeof OFF_HAND = STATUSES): Body {
  const status = random.weighed<string>(statuses);
  return { status, ...outcome(random, status, words), ...news(random, words) };
}
