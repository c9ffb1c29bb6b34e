import { search, told } from './search.js';
import type { Model } from './steps.js';

/** Every model to closure: no law is broken anywhere, and as much was reached as the model is known to hold at least. */
export function describeClosure(models: readonly (readonly [Model, atLeast: number])[]): void {
  describe('every law of docs/semantics.md holds wherever these lead', () => {
    it.each(models.map(([model, atLeast]) => ({ model, atLeast, name: model.name })))('$name', ({ model, atLeast }) => {
      const { states, transitions, depth, ms, violation } = search(model);
      process.stdout.write(`${model.name}: ${states} states, ${transitions} transitions, depth ${depth}, ${ms} ms\n`);
      expect(told(violation)).toBe('every law holds');
      // A search that stopped reaching what it did would go on to find nothing.
      expect(states).toBeGreaterThanOrEqual(atLeast);
    });
  });
}
