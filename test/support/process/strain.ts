import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Program } from './program.js';

/** How a program fared while something ran; see strain-probe.mjs. */
export interface Strain {
  readonly heldMs: number;
  readonly heldWallMs: number;
  readonly grownBytes: number;
}

/** The environment of a program that can be asked how it fares, started with the options that the ledger is to be started with. */
export const WATCHED = {
  NODE_OPTIONS: `--max-semi-space-size=64 --import ${fileURLToPath(new URL('./strain-probe.mjs', import.meta.url))}`,
};

/** How the program fares while `work` runs. */
export async function strainOf({ child }: Program, work: () => Promise<unknown>): Promise<Strain> {
  child.send('strain.begin');
  try {
    await work();
  } finally {
    child.send('strain.end');
  }
  const [{ strain }] = (await once(child, 'message')) as [{ strain: Strain }];
  return strain;
}
