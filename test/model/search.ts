import type { RecordedEvent } from '../../src/domain/events.js';
import { COUNTS, exists, GENERAL, isResumable, type Law, type Step } from './laws.js';
import { OF_COMMANDS } from './laws-of-commands.js';
import { OF_IDENTITY } from './laws-of-identity.js';
import { OF_REPORTS } from './laws-of-reports.js';
import { OF_IDS } from './laws-of-ids.js';
import { nowOf, REAL, type Decider } from './ledger.js';
import { steps, type TakenStep, type Model } from './steps.js';
import { isFold, wrongWith } from './history.js';
import { BEGINNING, worldKey, type World } from './world.js';

/** A world that was reached, and by what. */
export interface Node extends Partial<Pick<TakenStep, 'by' | 'step'>> {
  readonly world: World;
  readonly depth: number;
  readonly from?: Node;
}

/** For those who look on. */
export interface Watch {
  /** A world that no step had led to before. */
  readonly reached?: (node: Node) => void;
  /** One whose key was seen already: the first that had it stands for it. */
  readonly metAgain?: (node: Node, first: Node) => void;
}

/** A law that does not hold, and the shortest way to where it does not. */
export interface Violation {
  readonly law: string;
  readonly path: readonly string[];
}

/** What a search went through. */
export interface SearchResult {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly ms: number;
  readonly violation?: Violation;
}

/** The steps that led to a node, first to last. */
export function pathTo(node: Node): Node[] {
  const path: Node[] = [];
  for (let at: Node | undefined = node; at?.from; at = at.from) path.unshift(at);
  return path;
}
const historyOf = (node: Node): RecordedEvent[] => pathTo(node).flatMap(({ step }) => step?.answer.events ?? []);

const LAWS: readonly Law[] = [...GENERAL, ...OF_REPORTS, ...OF_COMMANDS, ...OF_IDENTITY, COUNTS];
const brokenBy = (step: Step): string | undefined =>
  (step.sent.underId && step.before.bound ? OF_IDS : LAWS).find((law) => !law[1](step))?.[0];

/** What must hold of a world itself, however it was reached. */
function wrongIn(node: Node, decider: Decider): string | undefined {
  const { head, witness } = node.world;
  if (!exists(head)) return undefined;
  if (head.dispatched !== witness.dispatched) return '§1 dispatched';
  const now = nowOf(node.world);
  if (decider.isResumable(head, now) !== isResumable(head, now)) return '§4 resumable';
  const history = historyOf(node);
  return wrongWith(history) ?? (isFold(head, history, decider) ? undefined : '§7.9 a row is the fold of its stream');
}

/** Resumes beyond the second attempt are asked and judged, but not followed. */
const LAST_ATTEMPT = 2;
const follows = ({ head }: World): boolean => !exists(head) || head.attempt <= LAST_ATTEMPT;

/**
 * Breadth first through every world that the model can reach, until there is none left or a law is broken.
 *
 * What a world leaves out, and why no answer is lost by it:
 * - Revisions, positions, and moments but for what has run out: nothing else of them is ever read (see `stateKey`;
 *   abstraction.slow.ts holds other worlds of a key to the answers of the first).
 * - Texts: one stands for all, since they are only ever compared with what stands: there is none, the same, another.
 * - Ids but one, which never meet each other. A lost answer is its retry under the id; a lost request was never sent.
 * - Processes but two: what one believes is some earlier state, and concerns no other process.
 * - Attempts beyond the second: the third stands to it as the second to the first.
 */
export function search(model: Model, decider: Decider = REAL, watch: Watch = {}): SearchResult {
  const began = performance.now();
  const first: Node = { world: BEGINNING, depth: 0 };
  const queue = [first];
  const visited = new Map([[worldKey(BEGINNING), first]]);
  let transitions = 0;
  const found = (law?: string, at: Node = first): SearchResult => ({
    states: visited.size,
    transitions,
    depth: queue.at(-1)!.depth,
    ms: Math.round(performance.now() - began),
    ...(law === undefined ? {} : { violation: { law, path: pathTo(at).map(({ by }) => by!) } }),
  });
  for (const from of queue) {
    watch.reached?.(from);
    for (const { by, after, step } of steps(from.world, model, decider)) {
      transitions++;
      const broken = step && brokenBy(step);
      if (!broken && (after === from.world || !follows(after))) continue;
      const node: Node = { world: after, depth: from.depth + 1, from, by, ...(step ? { step } : {}) };
      if (broken) return found(broken, node);
      const key = worldKey(after);
      const known = visited.get(key);
      if (known) {
        watch.metAgain?.(node, known);
        continue;
      }
      const wrong = wrongIn(node, decider);
      if (wrong) return found(wrong, node);
      visited.set(key, node);
      queue.push(node);
    }
  }
  return found();
}

/** A violation as a sentence. */
export const told = (violation: Violation | undefined): string =>
  violation ? `${violation.law}: ${violation.path.join(' › ')}` : 'every law holds';
