import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DecisionResult } from '../../src/application/request.js';
import { executionStream, refusedStream } from '../../src/domain/stream.js';
import { currentOf } from '../../src/domain/verdict.js';
import type { EventStore } from '../../src/event-store/event-store.js';
import { createPostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { ended, forkScript } from '../support/process/fork.js';
import { ask, DAY } from '../support/domain/given.js';
import { freshId, inPostgres, type World } from '../support/ledger/handling.js';
import { createTestDatabase, letTimePass, type TestDatabase } from '../support/store/postgres.js';

interface Outcome {
  readonly verdict: DecisionResult['verdict'];
  /** What stood when it was decided. */
  readonly current: ReturnType<typeof currentOf>;
}

const MANY = [2, 16, 200];
/** What can be resumed, by the event that made it so: four days ago, so that what runs has long been silent. */
const RESUMABLE = [
  ['failed', 'ExecutionFailed'],
  ['running and silent', 'ExecutionStarted'],
] as const;

/** An execution that stands so, known to nobody but the log. */
async function standing(store: Pick<EventStore, 'append'>, type: string): Promise<string> {
  const id = freshId();
  const event = { eventId: `first of ${id}`, type, data: { attempt: 1 }, metadata: {} };
  await store.append({ stream: executionStream(id), events: [event], expectedRevision: 'no_stream' });
  return id;
}

/** One won, and it alone wrote; the others were told of the attempt that it opened, and none left anything behind. */
function expectOneWinner(outcomes: readonly Outcome[], types: readonly string[], refused: readonly unknown[]): void {
  const verdicts = outcomes.map(({ verdict }) => verdict).sort();
  expect(verdicts).toEqual(['applied', ...Array<string>(outcomes.length - 1).fill('not_resumable')]);
  for (const { current } of outcomes) expect(current).toMatchObject({ status: 'running', attempt: 2, revision: 1 });
  expect(types.slice(1)).toEqual(['ExecutionResumed']);
  expect(refused).toEqual([]);
}

const typesOf = (events: readonly { type: string }[]): string[] => events.map(({ type }) => type);

describe.each(RESUMABLE)('of what is %s, in one process', (_what, type) => {
  let world: World;
  beforeAll(async () => {
    world = await inPostgres();
  });
  afterAll(() => world.dispose());

  it.each(MANY)('of %i resumes at once one wins', async (count) => {
    const { ask: say, store } = world.instance();
    const id = await standing(store, type);
    await world.age(4 * DAY);
    const all = await Promise.all(Array.from({ length: count }, () => say(id, ask.resume())));
    const outcomes = all.map(({ verdict, state }) => ({ verdict, current: currentOf(state) }));
    expectOneWinner(outcomes, typesOf(await world.stream(id)), await world.refused(id));
  });
});

describe('in four processes', () => {
  let database: TestDatabase;
  let store: EventStore;
  let children: ReturnType<typeof forkScript>[];
  beforeAll(async () => {
    database = await createTestDatabase();
    store = createPostgresEventStore(database);
    children = Array.from({ length: 4 }, () => forkScript('resuming', database.connectionString));
    await Promise.all(children.map((child) => once(child, 'message')));
  }, 30_000);
  afterAll(async () => {
    for (const child of children) child.disconnect();
    await Promise.all(children.map(ended));
    await store.close();
    await database.drop();
  }, 30_000);

  describe.each(RESUMABLE)('of what is %s', (_what, type) => {
    it.each(MANY)(
      'of %i resumes at once, shared among them, one wins',
      async (count) => {
        const id = await standing(store, type);
        await letTimePass(database.connectionString, 4 * DAY);
        const asked = children.slice(0, Math.min(count, 4));
        const answers = asked.map(async (child) => (await once(child, 'message'))[0] as Outcome[]);
        for (const child of asked) child.send({ id, count: count / asked.length });
        const outcomes = (await Promise.all(answers)).flat();
        expect(outcomes).toHaveLength(count);
        const [events, refused] = [await store.readStream(executionStream(id)), store.readStream(refusedStream(id))];
        expectOneWinner(outcomes, typesOf(events), await refused);
      },
      30_000,
    );
  });
});
