import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** How small reports fared: how long they took, in milliseconds, and how many got which answer. */
export interface Latencies {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly counts: Readonly<Record<string, number>>;
}

/** Producers of small reports in a process of their own; see patter.mjs. */
export interface Patter {
  /** How small reports fare while something is done. */
  beside(work: () => Promise<unknown>): Promise<Latencies>;
  stop(): void;
}

export function startPatter(url: string, producers = 10, everyMs = 50): Patter {
  const script = fileURLToPath(new URL('./patter.mjs', import.meta.url));
  const child = fork(script, [`${url}/api/v1/workflow/executions/events`, String(producers), String(everyMs)]);
  return {
    beside: async (work) => {
      child.send('go');
      await work();
      child.send('stop');
      const [fared] = (await once(child, 'message')) as [Latencies];
      return fared;
    },
    stop: () => void child.kill(),
  };
}
