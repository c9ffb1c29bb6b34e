import { recorded, toAppend } from '../../src/application/deciding/new-events.js';
import { decide } from '../../src/domain/decide.js';
import type { Decision, Input } from '../../src/domain/decision.js';
import type { Description, RecordedEvent } from '../../src/domain/events.js';
import { evolve } from '../../src/domain/evolve.js';
import type { ExecutionState } from '../../src/domain/execution.js';
import { isResumable } from '../../src/domain/resumable.js';
import type { DecisionTime } from '../../src/domain/decision-time.js';
import { NO_STREAM } from '../../src/domain/stream.js';
import type { Verdict } from '../../src/domain/verdict.js';
import { matchesExpected, type ExpectedRevision } from '../../src/event-store/expected-revision.js';
import { at, SILENT_AFTER } from '../support/domain/given.js';
import type { ModelInput } from './alphabet.js';
import { STALE_AFTER, type World } from './world.js';

/** The functions under search: the domain's, and what the write side does around them. A mutant replaces some. */
export interface Decider {
  readonly decide: typeof decide;
  readonly evolve: typeof evolve;
  readonly isResumable: typeof isResumable;
  /** Whether an append decided on a state may be made where the stream has come to this revision. */
  readonly admits: (expected: ExpectedRevision, head: number) => boolean;
  /** Whether a verdict that writes nothing, decided at a revision, may be given where the stream has come to this one. */
  readonly confirms: (revision: number, head: number) => boolean;
  /** Whether an id is looked for among those bound before anything else. */
  readonly asksIdsFirst: boolean;
}

export const REAL: Decider = {
  decide,
  evolve,
  isResumable,
  admits: matchesExpected,
  confirms: (revision, head) => revision === head,
  asksIdsFirst: true,
};

/** What a caller is told, and what it came from. */
export interface Answer {
  readonly verdict: Verdict;
  readonly applied: boolean;
  readonly replayed: boolean;
  /** Kept in the refused stream. */
  readonly kept: boolean;
  /** What it said against the identity that stands. */
  readonly contrary?: Description | undefined;
  /** What it wrote to the execution's stream. */
  readonly events: readonly RecordedEvent[];
  /** The last event it wrote, now or the first time. */
  readonly receipt?: RecordedEvent | undefined;
  /** Of a registration repeated without its id: the revision of the first. */
  readonly repeats?: number | undefined;
  /** The revision of the state that the verdict was decided on. */
  readonly decidedOn: number;
}

/** One request on its way: who believes what, and the id it travels under, if any. */
export interface SentRequest {
  readonly asked: ModelInput;
  readonly input: Input;
  readonly believed: ExecutionState;
  readonly underId: boolean;
}

const moments = new Map<number, DecisionTime>();
/** The moment that every decision in a world is made at. */
export function nowOf({ clock }: World): DecisionTime {
  const known = moments.get(clock);
  if (known) return known;
  const now = { at: at(clock), stale_after_ms: STALE_AFTER, silent_after: SILENT_AFTER };
  moments.set(clock, now);
  return now;
}

const ID = 'the id';

/** What the append, or the confirmation, meets: an id that is bound already, a stream that has moved on, or neither. */
function meets(sent: SentRequest, decision: Decision, world: World, decider: Decider): 'nothing' | 'bound' | 'moved' {
  // What is applied bears the id, and what writes nothing is guarded by it: either way it is looked for first.
  if (sent.underId && world.bound && decider.asksIdsFirst) return 'bound';
  const [{ revision }, head] = [sent.believed, world.head.revision];
  if (decision.events.length === 0) return decider.confirms(revision, head) ? 'nothing' : 'moved';
  return decider.admits(revision === NO_STREAM ? 'no_stream' : revision, head) ? 'nothing' : 'moved';
}

/** Load → decide → append, as the write side does it for one request (application/handle-execution.ts). */
export function handle(sent: SentRequest, world: World, decider: Decider): Answer {
  const { head } = world;
  const decision = decider.decide(sent.input, sent.believed, nowOf(world));
  switch (meets(sent, decision, world, decider)) {
    case 'bound':
      return replay(sent, world);
    case 'moved': // read on from what is known, and decide again
      return handle({ ...sent, believed: head }, world, decider);
    case 'nothing': {
      const { verdict, kept, repeats, contrary } = decision;
      const events = written(sent, decision, world);
      const applied = verdict === 'applied';
      // Member by member, as wherever a search comes by for every step: spreading costs more than the decision.
      return {
        verdict,
        applied,
        replayed: repeats !== undefined,
        kept,
        repeats,
        contrary,
        events,
        receipt: applied ? events.at(-1) : undefined,
        decidedOn: sent.believed.revision,
      };
    }
  }
}

const ORIGIN = { actor: 'somebody', source: 'the model' };

function written({ asked, input, underId }: SentRequest, decision: Decision, world: World): RecordedEvent[] {
  if (decision.events.length === 0) return [];
  const digest = input.kind === 'register' ? input.digest : asked.name;
  const request = {
    executionId: 'x',
    input,
    origin: ORIGIN,
    digest,
    redacted: undefined,
    id: underId ? ID : undefined,
  };
  const events = toAppend(request, decision, () => 'an id of the ledger');
  const revision = world.head.revision + events.length;
  return recorded(events, { revision, position: BigInt(revision + 1), recordedAt: nowOf(world).at });
}

/** The id stands in the stream: the first receipt again, or another request of the same id (docs/semantics.md §3.0). */
function replay({ asked, input }: SentRequest, { head, bound }: World): Answer {
  const common = { events: [], decidedOn: head.revision };
  if (bound!.asked.name !== asked.name) {
    return { ...common, verdict: 'id_reused', applied: false, replayed: false, kept: input.kind === 'report' };
  }
  return { ...common, verdict: 'applied', applied: true, replayed: true, kept: false, receipt: bound!.receipt };
}
