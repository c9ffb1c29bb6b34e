import fc from 'fast-check';

/** Set where there is time: by `npm run test:slow`, which asks every property again. */
const THOROUGH = process.env['LEDGER_TEST_THOROUGH'] !== undefined;

/** How many of so many tries at random are made: a few of them where people wait, a third if nothing else is said; others in every run. */
export const tries = (many: number, few = Math.ceil(many / 3)): number => (THOROUGH ? many : few);

/** So many of these as are tried, in their order. */
export function some<T>(all: readonly T[]): readonly T[] {
  const taken = new Set(
    fc.sample(
      fc.shuffledSubarray([...all.keys()], { minLength: tries(all.length), maxLength: tries(all.length) }),
      1,
    )[0],
  );
  return all.filter((_, n) => taken.has(n));
}
