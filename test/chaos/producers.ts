import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from './client.js';
import { Random } from './random.js';
import type { Request } from './requests.js';
import { Workload } from './workload.js';

const PRODUCERS = 16;
/** Between two volleys of a producer, in milliseconds at the most: what is asked for is races, not load. */
const REST_MS = 80;

export interface Producers {
  /** Lets them finish what is under way. */
  stop(): Promise<void>;
}

/** After a volley that nobody answered, in milliseconds: what is down answers at once that it is, and would be asked all the more. */
const PATIENCE_MS = 200;

/** How much of what nobody answered is sent again after a volley that somebody did. */
const RESOLVED = 3;

/** Mixed load on all services at once. Some producers repeat at once what nobody answered, at another service; others go on, and come back to it. */
export function startProducers(seed: number, client: Client, urls: () => readonly string[]): Producers {
  let going = true;
  async function produce(n: number): Promise<void> {
    const name = `p${n}`;
    const workload = new Workload(seed + 2 * n, name, client.known);
    const random = new Random(seed + 2 * n + 1);
    const send = async (request: Request): Promise<boolean> => {
      const first = random.whole(urls().length);
      for (let k = 0; k < (n % 2 === 0 ? 3 : 1); k++)
        if (await client.deliver(request, urls()[(first + k) % urls().length]!)) return true;
      return false;
    };
    while (going) {
      const answered = await Promise.all(workload.next().map(send));
      if (answered.includes(true)) await client.resolveSome(random.pick(urls()), RESOLVED);
      await pause(random.whole(REST_MS) + (answered.includes(true) ? 0 : PATIENCE_MS));
    }
  }
  const all = Promise.all(Array.from({ length: PRODUCERS }, (_, n) => produce(n)));
  all.catch(() => undefined); // told by whoever stops them
  return {
    stop: async () => {
      going = false;
      await all;
    },
  };
}
