import { setTimeout as pause } from 'node:timers/promises';
import { shuffled } from '../deliveries.js';
import { Chance } from './chance.js';
import type { Sender, StoryAnswer } from './requests.js';
import { STORIES } from './stories.js';
import type { Scene, Step, Story } from './story.js';

/** How much quicker than the others the first stories are, one of each kind. */
const FIRST_PACE = 0.02;
/** What a play that was held up does not make up for, in milliseconds. */
const MOST_BEHIND_MS = 1_000;

/** How far it is. */
export interface PlayProgress {
  readonly sent: number;
  readonly applied: number;
  readonly refused: number;
  readonly underWay: number;
}

export interface PlayOptions {
  readonly seed: number;
  /** Requests a second. */
  readonly rate: number;
  /** What ids end with, so that no other play has them. */
  readonly tag: string;
  readonly sender: Sender;
  readonly signal: AbortSignal;
  readonly onStep: (played: PlayProgress) => void;
}

/** Stories without end: first each kind once, then decks of them, shuffled. */
function* stories(seed: number, tag: string): Generator<Story, never> {
  const started = Math.floor(Date.now() / 1_000) * 1_000;
  for (let n = 0, deck = 0; ; deck++) {
    const cards = STORIES.flatMap(([story, often]) => Array.from({ length: deck === 0 ? 1 : often }, () => story));
    for (const story of deck === 0 ? cards : shuffled(cards, seed + deck)) {
      n++;
      const [number, pace] = [started + n, deck === 0 ? FIRST_PACE : 1];
      const scene: Scene = {
        chance: new Chance(seed * 1_000_003 + n),
        id: (name) => `${name}-${tag}-${number % 1_000_000}`,
        number,
        seconds: (seconds) => seconds * 1_000 * pace,
      };
      yield story(scene);
    }
  }
}

/** A story that goes on with a step at a moment of the play's clock. */
interface ScheduledStep {
  readonly at: number;
  readonly step: Step;
  readonly story: Story;
}

const DUPLICATE = 'duplicate';

/**
 * Plays stories, a step at a time, until it is stopped. The play has a clock of its own, a tick for each step: what is sent, and in what
 * order, depends on the seed, and on what the ledger answers to a race.
 */
export async function play({ seed, rate, tag, sender, signal, onStep }: PlayOptions): Promise<PlayProgress> {
  const more = stories(seed, tag);
  const tick = 1_000 / rate;
  let waiting: ScheduledStep[] = [];
  let played: PlayProgress = { sent: 0, applied: 0, refused: 0, underWay: 0 };
  let begun = performance.now();
  const count = ({ applied, verdict }: StoryAnswer): void => {
    const refused = !applied && verdict !== DUPLICATE;
    const { sent, applied: won, refused: lost } = played;
    played = {
      sent: sent + 1,
      applied: won + Number(applied),
      refused: lost + Number(refused),
      underWay: waiting.length,
    };
  };
  const follow = (story: Story, now: number, told: readonly StoryAnswer[] = []): void => {
    const { value: step, done } = story.next(told);
    if (!done) waiting.push({ at: now + step.after, step, story });
  };
  for (let now = 0; !signal.aborted;) {
    let [next] = waiting.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
    if (!next) {
      follow(more.next().value, now);
      next = waiting.at(-1)!;
    }
    waiting = waiting.filter((one) => one !== next);
    const told = await Promise.all(next.step.asks.map((ask) => sender.send(ask)));
    follow(next.story, now, told);
    told.forEach(count);
    onStep(played);
    if (told.length === 0) continue; // it only waited
    now += tick * told.length;
    begun = Math.max(begun, performance.now() - now - MOST_BEHIND_MS);
    await pause(Math.max(0, begun + now - performance.now()), undefined, { signal }).catch(() => undefined);
  }
  return played;
}
