import type { Input } from '../../src/domain/decision.js';
import type { ExecutionState } from '../../src/domain/execution.js';
import type { ModelInput } from './alphabet.js';
import { exists, type Step } from './laws.js';
import { fieldsOf } from '../support/domain/identity.js';
import { handle, nowOf, type Decider, type SentRequest } from './ledger.js';
import { later, type Time, type Witness, type World } from './world.js';

/** What can happen in a model. */
export interface Model {
  readonly name: string;
  readonly asked: readonly ModelInput[];
  readonly times: readonly Time[];
  /** Those that may travel under the id. */
  readonly underId?: readonly ModelInput[];
  /** Whether a second process may decide on what it read earlier. */
  readonly lagging?: boolean;
}

/** One thing that happened: the world it left and, where something was asked, what became of it. */
export interface TakenStep {
  readonly by: string;
  readonly after: World;
  readonly step?: Step;
}

/** Everything that can happen next. */
export function* steps(world: World, model: Model, decider: Decider): Iterable<TakenStep> {
  for (const time of model.times) {
    const after = later(world, time);
    if (after) yield { by: time, after };
  }
  if (model.lagging && !world.old) yield { by: 'B reads', after: { ...world, old: world.head } };
  for (const asked of model.asked) {
    if (asked.offered && !asked.offered(world.head)) continue;
    yield ask(asked, world, decider);
    if (world.old) yield ask(asked, world, decider, { believed: world.old });
  }
  for (const asked of model.underId ?? []) {
    yield ask(asked, world, decider, { underId: true });
    if (world.old) yield ask(asked, world, decider, { believed: world.old, underId: true });
  }
}

/** How a request travels: by whom, and whether under the id. */
interface How {
  readonly believed?: ExecutionState;
  readonly underId?: boolean;
}

function ask(asked: ModelInput, world: World, decider: Decider, how: How = {}): TakenStep {
  const { believed = world.head, underId = false } = how;
  const sent: SentRequest = { asked, input: asked.input(world.clock), believed, underId };
  const answer = handle(sent, world, decider);
  const { input } = sent;
  const now = nowOf(world);
  const after = left(world, { sent, input, now, before: world, answer, decider }, how);
  const who = how.believed ? `B: ${asked.name}` : asked.name;
  const by = `${who}${underId ? (world.bound ? ' under the id again' : ' under the id') : ''}`;
  return { by, after, step: { sent, input, now, before: world, answer, decider, after } };
}

/** The world that an answer leaves: the stream one longer, the second process as wise as the first. */
function left(world: World, draft: Omit<Step, 'after'>, { believed, underId }: How): World {
  const { answer, sent, decider } = draft;
  if (answer.events.length === 0 && !believed) return world;
  const binds = underId && answer.applied && answer.receipt !== undefined && !world.bound;
  return {
    ...world,
    head: answer.events.reduce(decider.evolve, world.head),
    witness: identified(draft, answer.applied && !answer.replayed ? witnessed(draft) : world.witness),
    ...(believed ? { old: undefined } : {}),
    ...(binds ? { bound: { asked: sent.asked, receipt: answer.receipt! } } : {}),
  };
}

/**
 * What a request makes known of the identity by any verdict, said again in the words of docs/semantics.md §3; and by
 * when it is due.
 */
function identified({ sent, input, before, answer }: Omit<Step, 'after'>, witness: Witness): Witness {
  const heard = exists(before.head) || answer.applied;
  if (!('description' in input) || !heard || answer.replayed || (sent.underId && before.bound)) return witness;
  const fields = fieldsOf(input.description);
  if (fields.length === 0) return witness;
  const said = { ...Object.fromEntries(fields), ...witness.said };
  return { ...witness, said, timed: witness.timed || saysWhen(input) };
}

/** What an applied request makes true, said again in the words of docs/semantics.md §1. */
function witnessed({ input, before, answer }: Omit<Step, 'after'>): Witness {
  const { witness, head } = before;
  switch (input.kind) {
    case 'dispatch':
      return { ...witness, dispatched: true };
    case 'resume': {
      const continues = head.status === 'paused' && !input.new_attempt;
      const timed = witness.timed || saysWhen(input);
      return { ...witness, timed, dispatched: continues && witness.dispatched, unnumbered: input.unnumbered ?? false };
    }
    case 'report': {
      const opens = answer.events.some(({ type }) => type === 'ExecutionResumed');
      if (opens) return { ...witness, dispatched: input.status !== 'pending', unnumbered: false };
      // A word-less report that opens the stream and brings nothing registers, and says no more than that.
      const registers = !exists(head) && answer.events.length === 1;
      const says = input.authority === 'worker' && input.status !== 'pending' && !registers;
      return { ...witness, dispatched: witness.dispatched || says };
    }
    default:
      return witness;
  }
}

const saysWhen = (input: Input): boolean => {
  const { deadline, timeout_ms } =
    'description' in input ? input.description : (input as { deadline?: string; timeout_ms?: number });
  return deadline !== undefined || timeout_ms !== undefined;
};
