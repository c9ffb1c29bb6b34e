import { REAL } from './ledger.js';
import { LAGGING, REDELIVERED, TIMED, WORDED } from './models.js';
import { search, type Node } from './search.js';
import { steps, type Model } from './steps.js';
import { worldKey, type World } from './world.js';

/** Deadlines are moments, and differ with the way that led to them; whether they have passed is in the key. */
const momentless = (key: string, value: unknown): unknown => (key === 'deadline' ? 'a moment' : value);

/** Every answer that a world gives, and where each leads: all that two worlds of one key must have in common. */
const answers = (world: World, model: Model): string[] =>
  [...steps(world, model, REAL)].map(({ by, after, step }) => {
    const written = step?.answer.events.map(({ type, data }) => [type, data]);
    return JSON.stringify([by, step?.answer.verdict, step?.answer.kept, written, worldKey(after)], momentless);
  });

describe('the first world of a key stands for every other: they answer alike, and lead to the same', () => {
  it.each([
    { model: WORDED, each: 1 },
    { model: TIMED, each: 250 }, // of its many meetings, so many are one compared
    { model: REDELIVERED, each: 1 },
    { model: LAGGING, each: 1 },
  ])('$model.name', ({ model, each }) => {
    const compared = new Set<Node>();
    let met = 0;
    search(model, REAL, {
      metAgain: (node, first) => {
        if (compared.has(first) || node.from === first || met++ % each > 0) return;
        compared.add(first);
        expect(answers(node.world, model)).toEqual(answers(first.world, model));
      },
    });
    expect(compared.size).toBeGreaterThan(400);
  });
});
