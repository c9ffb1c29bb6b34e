import type { Chance } from './chance.js';
import { heartbeat, report, type StoryRequest, type StoryAnswer } from './requests.js';
import { identityOf, inputOf, PEOPLE, slowness, type Target } from './world.js';

/** What is sent after so many milliseconds of a story; several requests at once are a race. */
export interface Step {
  readonly after: number;
  readonly asks: readonly StoryRequest[];
}

/** Steps, one after the other, each told what came of the one before. */
export type Story = Generator<Step, void, readonly StoryAnswer[]>;

/** What a story is made of. */
export interface Scene {
  readonly chance: Chance;
  /** An id that no other story has. */
  readonly id: (name: string) => string;
  /** A number that no other story has, as GitHub numbers runs. */
  readonly number: number;
  /** So many seconds in milliseconds; the first stories are quick, so that each kind is soon there. */
  readonly seconds: (seconds: number) => number;
}

export const then = (after: number, ...asks: StoryRequest[]): Step => ({ after, asks });

/** What a worker has to say of itself at the beginning. */
export const opening = (target: Target, { chance }: Scene): object => ({
  ...identityOf(target, chance),
  input_data: inputOf(target, chance),
  worker: `worker-${chance.whole(1, 8)}`,
});

export const errorOf = ({ errors }: Target, { chance }: Scene): string => chance.of(errors)(chance);

/** Somebody who decides. */
export const person = ({ chance }: Scene): string => chance.of(PEOPLE);

/** The work itself: it starts with what is told of it, gets on, and is alive in between; how it ends is another matter. */
export function* work(target: Target, scene: Scene, as: string, told: object): Story {
  const { chance, seconds } = scene;
  const length = seconds(chance.around(target.seconds) * slowness(target, 0));
  const parts = chance.whole(2, 4);
  yield then(0, report(as, 'running', told));
  for (let part = 1; part <= parts; part++) {
    const progress = Math.round((100 * part) / (parts + 1));
    const message = `${progress * 12} of 1,200 done`;
    yield then(
      length / (parts + 1),
      chance.happens(0.25) ? heartbeat(as) : report(as, undefined, { progress, message }),
    );
  }
  yield then(length / (parts + 1));
}
