import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';

const PAUSE_MS = 15;

interface Wait {
  readonly holds: (answer: never) => boolean;
  answer?: unknown;
  isGivenUp?: true;
}
/** What the test that runs waits for. */
const waits = new Set<Wait>();

const told = ({ holds, answer }: Wait): string =>
  `It was waited until ${String(holds)}; the last answer was ${inspect(answer, { depth: 4, breakLength: 120 })}.`;

/** Ends all waiting of a test whose time is over: what each waited for, and the last answer that it had. */
export function giveUpWaiting(): string {
  const unmet = [...waits];
  waits.clear(); // one whose question is never answered would be told of by every later test
  for (const wait of unmet) wait.isGivenUp = true;
  return unmet.map(told).join('\n');
}

/**
 * Asks until it holds. The test's own limit of time is the bound; its message says what was waited for (see jest/worker.ts).
 * @throws Error where the test was over before
 */
export async function eventually<T>(ask: () => T | Promise<T>, holds: (answer: T) => boolean): Promise<T> {
  const wait: Wait = { holds };
  waits.add(wait);
  try {
    for (;;) {
      const answer = await ask();
      wait.answer = answer;
      if (holds(answer)) return answer;
      if (wait.isGivenUp) throw new Error(told(wait));
      await pause(PAUSE_MS);
    }
  } finally {
    waits.delete(wait);
  }
}

/** When that moment (in ms since 1970) has passed. */
export const passed = (at: number): Promise<number> => eventually(Date.now, (now) => now > at);
