import { HandleExecution } from '../../src/application/deciding/handle-execution.js';
import type { DecisionResult, LedgerRequest } from '../../src/application/request.js';
import type { RecordedEvent } from '../../src/domain/events.js';
import { refusedStream } from '../../src/domain/stream.js';
import type { EventStore } from '../../src/event-store/event-store.js';
import { createMemoryEventStore } from '../../src/event-store/memory/memory-event-store.js';
import { ask, at } from '../support/domain/given.js';
import { idle, request } from '../support/ledger/handling.js';
import type { Step } from './laws.js';
import { REAL } from './ledger.js';
import { pathTo, search, type Node } from './search.js';
import { steps, type TakenStep, type Model } from './steps.js';
import { STALE_AFTER } from './world.js';
import { runtimeWith } from '../support/ledger/runtime.js';

/** How many of the worlds that a model reaches are walked to. */
const WALKS = 60;
/** How many more steps are taken from there. */
const MORE = 6;

/** Two real processes over one store in memory, on the model's clock. */
class Application {
  private clock = 0;
  private readonly store: EventStore = createMemoryEventStore(() => at(this.clock));
  private readonly a = this.process();
  private readonly b = this.process();

  private process(): HandleExecution {
    const runtime = runtimeWith({ clock: () => Date.parse(at(this.clock)), staleAfterMs: STALE_AFTER });
    const silent = { decided: () => undefined, retried: () => undefined, omitted: () => undefined };
    return new HandleExecution(this.store, runtime, silent);
  }

  /** Lets it happen; the answer, where something was asked. */
  async happen({ by, after, step }: TakenStep): Promise<DecisionResult | undefined> {
    this.clock = after.clock;
    // Whoever is told that it came too late has read where the stream stands.
    if (by === 'B reads') await this.b.handle(request('x', ask.cancel(), { ifMatch: [999_999] }));
    return step && (by.startsWith('B: ') ? this.b : this.a).handle(asSent(step));
  }

  /** Under which verdicts reports were kept. */
  async kept(): Promise<unknown[]> {
    const refused = await this.store.readStream(refusedStream('x'));
    return refused.map(({ data }) => (data as { verdict: string }).verdict);
  }
}

const asSent = ({ input, sent }: Step): LedgerRequest =>
  request('x', input, {
    digest: input.kind === 'register' ? input.digest : sent.asked.name,
    id: sent.underId ? 'the id' : undefined,
  });

/** What both must say: all but positions, which count what was refused too, and the ids of events. */
const said = ({
  verdict,
  applied,
  replayed,
  state,
}: Pick<DecisionResult, 'verdict' | 'applied' | 'replayed' | 'state'>) => ({
  verdict,
  applied,
  replayed,
  state: { ...state, position: 0n },
});
const receipt = (event: RecordedEvent | undefined) =>
  event && [event.revision, event.type, event.data, event.recorded_at];

/** The path to a node, and some steps from there, no two nodes going on alike. */
function* walk(node: Node, model: Model, seed: number): Iterable<TakenStep> {
  for (const { world, by, step } of pathTo(node)) yield { after: world, by: by!, ...(step ? { step } : {}) };
  let { world } = node;
  for (let n = 0; n < MORE; n++) {
    const possible = [...steps(world, model, REAL)];
    const next = possible[(seed * 7919 + n * 104_729) % possible.length]!;
    yield next;
    world = next.after;
  }
}

async function compare(walked: Iterable<TakenStep>): Promise<number> {
  const application = new Application();
  const path: string[] = [];
  let asked = 0;
  for (const happened of walked) {
    path.push(happened.by);
    const handled = await application.happen(happened);
    await idle(); // the clock may jump now, and so must not while a request is still under way
    if (!handled || !happened.step) continue;
    const { answer, after } = happened.step;
    expect({ path, ...said(handled) }).toEqual({ path, ...said({ ...answer, state: after.head }) });
    if (answer.repeats === undefined) expect(receipt(handled.event)).toEqual(receipt(answer.receipt));
    else expect(handled.event?.revision).toBe(answer.repeats);
    if (answer.contrary) expect(await application.kept()).toContain('conflict');
    if (answer.kept) expect(await application.kept()).toContain(answer.verdict);
    asked++;
  }
  return asked;
}

/** The model's write side is held to the real one, on walks through all that these models reach. */
export function describeAgreement(models: readonly Model[]): void {
  describe('the write side that the search goes through answers as the application does', () => {
    it.each(models)(
      '$name',
      async (model) => {
        const nodes: Node[] = [];
        search(model, REAL, { reached: (node) => void nodes.push(node) });
        const stride = Math.max(1, Math.floor(nodes.length / WALKS));
        let asked = 0;
        for (let n = 0; n < nodes.length; n += stride) asked += await compare(walk(nodes[n]!, model, n));
        expect(asked).toBeGreaterThan(WALKS * MORE);
      },
      600_000,
    );
  });
}
