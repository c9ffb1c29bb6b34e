import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ask, report } from '../support/given.js';
import { ended, forkScript } from '../support/fork.js';
import { freshId, inPostgres, type World } from '../support/handling.js';
import { executionStream } from '../../src/domain/stream.js';
import { createPostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import type { EventStore } from '../../src/event-store/event-store.js';

const MANY = [2, 16, 200];

/** One won, and it alone opened the next attempt. */
function expectOneWinner(verdicts: readonly string[], types: readonly string[]): void {
  const sorted = [...verdicts].sort();
  expect(sorted).toEqual(['applied', ...Array<string>(verdicts.length - 1).fill('not_resumable')]);
  expect(types.filter((type) => type === 'ExecutionResumed')).toHaveLength(1);
}

describe('in one process', () => {
  let world: World;
  beforeAll(async () => {
    world = await inPostgres();
  });
  afterAll(() => world.dispose());

  it.each(MANY)('of %i resumes at once one wins', async (count) => {
    const { ask: say } = world.instance();
    const id = freshId();
    await say(id, report('failed'));
    const all = await Promise.all(Array.from({ length: count }, () => say(id, ask.resume())));
    expectOneWinner(
      all.map(({ verdict }) => verdict),
      (await world.stream(id)).map(({ type }) => type),
    );
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

  it.each(MANY)(
    'of %i resumes at once, shared among them, one wins',
    async (count) => {
      const id = freshId();
      const failed = { eventId: `failed ${id}`, type: 'ExecutionFailed', data: { attempt: 1 }, metadata: {} };
      await store.append({ stream: executionStream(id), events: [failed], expectedRevision: 'no_stream' });
      const asked = children.slice(0, Math.min(count, 4));
      const answers = asked.map(async (child) => (await once(child, 'message'))[0] as string[]);
      for (const child of asked) child.send({ id, count: count / asked.length });
      const verdicts = (await Promise.all(answers)).flat();
      expect(verdicts).toHaveLength(count);
      expectOneWinner(
        verdicts,
        (await store.readStream(executionStream(id))).map(({ type }) => type),
      );
    },
    30_000,
  );
});
