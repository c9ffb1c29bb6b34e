import { PROJECTIONS } from '../../projections/index.js';
import { Random } from './random.js';

/** Who is killed: either service, both, the whole database, or one of its processes. */
export const VICTIMS = ['a', 'b', 'both', 'database', 'backend'] as const;
export type Victim = (typeof VICTIMS)[number];

/** One kill. */
export interface Kill {
  readonly victim: Victim;
  /** After the one before, and from there to the start of what was killed, in milliseconds. */
  readonly afterMs: number;
  readonly downMs: number;
  /** A projection that is being rebuilt meanwhile. */
  readonly rebuilding?: string;
  /** The next one does not wait until this one is got over. */
  readonly hasty: boolean;
}

const REBUILDS = [...PROJECTIONS.map(({ name }) => name), ...PROJECTIONS.map(() => undefined)];

/** So many kills, by seed: of every five each victim is one, and about half come in the middle of a rebuild. */
export function schedule(seed: number, kills: number): Kill[] {
  const random = new Random(seed);
  const rebuilds = random.dealt(REBUILDS, kills);
  return random.dealt(VICTIMS, kills).map((victim, n) => ({
    victim,
    afterMs: 300 + random.whole(1_500),
    downMs: random.chance(0.5) ? 0 : random.whole(2_000),
    hasty: random.chance(0.2),
    ...(rebuilds[n] === undefined ? {} : { rebuilding: rebuilds[n] }),
  }));
}
