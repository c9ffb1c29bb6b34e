import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const CROWD = fileURLToPath(new URL('../../test/support/process/crowd.mjs', import.meta.url));

/** What each of a crowd asks for in turn; with a body, by `POST`. */
export interface Asked {
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Many who ask again as soon as they are answered, in a process of their own. */
export interface Crowd {
  /** How many were answered how, since they were last told something. */
  tell(word: 'go' | 'rest'): Promise<Readonly<Record<string, number>>>;
  stop(): void;
}

/** Starts a crowd, which rests until it is told to go. */
export function startCrowd(url: string, callers: number, requests: readonly Asked[]): Crowd {
  const asked = requests.map((request) => JSON.stringify(request));
  const crowd = fork(CROWD, [url, String(callers), ...asked]);
  return {
    tell: async (word) => {
      crowd.send(word);
      const [{ counts }] = (await once(crowd, 'message')) as [{ counts: Record<string, number> }];
      return counts;
    },
    stop: () => void crowd.kill(),
  };
}
