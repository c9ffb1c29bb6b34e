import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { executionStatus } from '../../projections/execution-status.js';
import { Deadlines } from '../../src/application/deciding/deadlines.js';
import { ExecutionFeed } from '../../src/application/reading/execution-feed.js';
import { HandleExecution } from '../../src/application/deciding/handle-execution.js';
import {
  RefusedWhilePaused,
  RefusedWhilePausedHandler,
} from '../../src/application/reading/refused-while-paused.handler.js';
import { ReadHistory, ReadHistoryHandler } from '../../src/application/reading/read-history.handler.js';
import { FreshExecutions } from '../../src/application/reading/fresh-executions.js';
import { StreamWaiters } from '../../src/application/reading/stream-waiters.js';
import type { Change, Subscriber } from '../../src/application/reading/subscriber.js';
import { executionStream, refusedStream } from '../../src/domain/stream.js';
import type { EventStore } from '../../src/event-store/event-store.js';
import type { ReadModel } from '../../src/read-model/read-model.js';
import { PROJECTED } from '../../src/projection-tables/checkpoint.js';
import { became, fact } from '../support/domain/given.js';
import { idle } from '../support/ledger/handling.js';
import {
  connectTo,
  openProjection,
  projectorOf,
  tell,
  type ProjectedLedger,
} from '../support/projection/projection.js';
import { runtimeWith } from '../support/ledger/runtime.js';

let ledger: ProjectedLedger;
beforeAll(async () => {
  ledger = await openProjection();
});
afterAll(() => ledger.close());

const runtime = runtimeWith({ staleAfterMs: 60_000 });
const PATIENCE_MS = 10_000;
/** A test that has failed by its time limit would go on asking, and keep the process. */
const until = async (holds: () => boolean): Promise<void> => {
  const end = performance.now() + PATIENCE_MS;
  while (!holds()) {
    if (performance.now() > end) throw new Error('what was waited for did not come');
    await idle();
  }
};

/** Somebody who follows, and the executions that were sent. */
function follower(): Subscriber & { readonly seen: Set<string> } {
  const seen = new Set<string>();
  return {
    seen,
    send: (changes: readonly Change[]) => changes.forEach(({ executionId }) => seen.add(executionId)),
    drained: async () => undefined,
    end: () => undefined,
  };
}

it('a subscriber that returns is sent all that changed since, though memory holds only the end of it', async () => {
  const feed = new ExecutionFeed(ledger.store, ledger.readModel, runtime);
  const before = await ledger.store.head();
  const live = follower();
  await feed.subscribe(live, undefined, () => undefined);
  // More than is remembered, in executions as long as they are shown: their texts are six times as long as JSON.
  const long = '\u0001'.repeat(4_096);
  const ids = Array.from({ length: 100 }, (_, n) => `large-${n}`);
  for (const [n, id] of ids.entries()) {
    const registered = fact('ExecutionRegistered', { run_id: long, workflow_id: long, target: long, kind: long });
    const said = { error: long, message: long, status_reason: long, worker: long };
    await tell(ledger, id, registered, fact('ExecutionFailed', said));
    if (n % 10 < 9) continue;
    await ledger.project();
    await until(() => live.seen.has(id));
  }
  const returned = follower();
  await feed.subscribe(returned, before, () => undefined);
  expect([...returned.seen]).toEqual(ids);
  feed.close();
}, 30_000);

it('a subscriber that returns to just before a change is sent it', async () => {
  const feed = new ExecutionFeed(ledger.store, ledger.readModel, runtime);
  const live = follower();
  await feed.subscribe(live, undefined, () => undefined);
  const position = await tell(ledger, 'changed', fact('ExecutionRegistered'));
  await ledger.project();
  await until(() => live.seen.has('changed'));
  const returned = follower();
  await feed.subscribe(returned, position - 1n, () => undefined);
  expect([...returned.seen]).toEqual(['changed']);
  feed.close();
});

it('a subscriber of a table that was restored is disconnected: what comes next has positions that it has seen', async () => {
  const feed = new ExecutionFeed(ledger.store, ledger.readModel, runtime);
  await tell(ledger, 'before', fact('ExecutionRegistered'));
  await ledger.project();
  let ended: string | undefined;
  const live = { ...follower(), end: (reason: string) => void (ended = reason) };
  await feed.subscribe(live, undefined, () => undefined);
  const set = (by: number) =>
    ledger.sql(
      `with moved as (update ledger.checkpoints set position = position + $1 where projection = $2 and live returning 1)
       select pg_notify('${PROJECTED}', $2 || ' 1000000') from moved`,
      by,
      executionStatus.name,
    );
  await set(-1);
  await until(() => ended !== undefined);
  expect(ended).toBe('unavailable');
  const returned = follower();
  await feed.subscribe(returned, undefined, () => undefined);
  await set(1);
  await tell(ledger, 'after', fact('ExecutionRegistered'));
  await ledger.project();
  await until(() => returned.seen.has('after'));
  feed.close();
});

it('an execution that was timed out is not asked for again while its row is out of date', async () => {
  const due = 'due';
  await tell(ledger, due, fact('ExecutionRegistered', { deadline: new Date(Date.now() - 1_000).toISOString() }));
  await ledger.project();
  await tell(ledger, 'another', fact('ExecutionRegistered')); // stands before the time-out, and is projected after it
  const executions = new HandleExecution(ledger.store, runtime, {
    decided: () => undefined,
    retried: () => undefined,
    omitted: () => undefined,
  });
  const asked: string[] = [];
  const handle: HandleExecution['handle'] = (request) => {
    asked.push(request.executionId);
    return executions.handle(request);
  };
  let looks = 0;
  const countedDue: ReadModel['due'] = (request) => {
    looks++;
    return ledger.readModel.due(request);
  };
  const readModel = Object.assign(Object.create(ledger.readModel) as ReadModel, { due: countedDue });
  const stop = new AbortController();
  const nothing = { timedOut: () => undefined, failed: () => undefined };
  const watched = Object.assign(Object.create(executions) as HandleExecution, { handle });
  const running = new Deadlines(watched, readModel, runtime, nothing).run(stop.signal);
  await until(() => asked.length > 0);

  const client = await connectTo(ledger.database.connectionString);
  const projector = projectorOf(ledger.store, executionStatus);
  const [next] = await ledger.store.readAll((await projector.begin(client))!, 1);
  await projector.handle(client, [next!]);
  await client.end();
  const then = looks;
  await until(() => looks > then + 3); // from the beginning again, for the projection has moved
  stop.abort();
  await running;
  expect(asked).toEqual([due]);
});

it('an event that comes while a waiting read looks wakes that read', async () => {
  let handled = 0;
  const store: EventStore = {
    ...ledger.store,
    subscribe: async function* (after, signal) {
      for await (const page of ledger.store.subscribe(after, signal)) {
        yield page;
        handled++; // who follows has done with the page
      }
    },
  };
  const waiters = new StreamWaiters(store);
  let looks = 0;
  const look = async () => {
    if (++looks === 1) {
      await tell(ledger, 'held', fact('ExecutionRegistered'), became('running'));
      await until(() => handled > 0);
    }
    return { found: looks > 1, value: looks };
  };
  const { signal } = new AbortController();
  expect(await waiters.until(executionStream('held'), 15_000, signal, look)).toBe(2);
  waiters.close();
}, 10_000);

describe('the history of a long stream', () => {
  const LONG = 3_000;
  const id = 'long';
  const beats = (count: number) => Array.from({ length: count }, () => fact('HeartbeatRecorded', { attempt: 1 }));
  /** Readers of histories, and how many events they were given to read. */
  function reader() {
    let read = 0;
    const store: EventStore = {
      ...ledger.store,
      readStream: async (...asked) => {
        const page = await ledger.store.readStream(...asked);
        read += page.length;
        return page;
      },
    };
    const histories = new ReadHistoryHandler(
      store,
      new StreamWaiters(store),
      new FreshExecutions(store, ledger.readModel),
    );
    const { signal } = new AbortController();
    const history = async (from: number, limit: number) =>
      (await histories.execute(new ReadHistory(id, from, limit, 0, signal)))!;
    return { history, read: () => read };
  }
  beforeAll(async () => {
    await tell(ledger, id, fact('ExecutionRegistered'), became('running'), ...beats(LONG));
    await ledger.project();
  }, 20_000);

  it('is known to end or not by the row and what came since', async () => {
    const { history, read } = reader();
    const { page, position } = await history(0, 10);
    expect([page.events.length, page.final, page.head_revision]).toEqual([10, false, LONG + 1]);
    expect(position).toBe(await ledger.store.head());
    expect(read()).toBeLessThan(20);
  });

  it('is folded once, however often it moves on while it is read', async () => {
    const { history, read } = reader();
    let at = (await history(LONG + 2, 10)).page.next_revision;
    const first = read();
    for (let n = 0; n < 20; n++) {
      await tell(ledger, id, ...beats(1));
      const { page } = await history(at, 10);
      expect(page.events.map(({ status }) => status)).toEqual(['running']);
      at = page.next_revision;
    }
    expect(read() - first).toBeLessThan(100);
  });

  it('tells of what cannot be read, and of what comes behind it, as ever', async () => {
    const broken = { eventId: randomUUID(), type: 'ExecutionStarted', data: { attempt: 'one' }, metadata: {} };
    const revision = (await reader().history(0, 1)).page.head_revision;
    await ledger.write(executionStream(id), broken);
    await tell(ledger, id, became('succeeded', 'worker'));
    const { page } = await reader().history(revision + 2, 10);
    expect(page.events.map(({ type, status }) => [type, status])).toEqual([['ExecutionSucceeded', 'succeeded']]);
    expect([page.final, (await reader().history(0, 1)).page.final]).toEqual([true, true]);
  });
});

it('reports refused during a pause are found, whatever was kept after them: the marker of the rest, an id that was taken', async () => {
  const id = 'paused';
  await tell(ledger, id, fact('ExecutionRegistered'), became('running'), became('paused', 'operator'));
  const refused = (verdict: string, revision: number, report = {}) => ({
    eventId: randomUUID(),
    type: 'ReportRefused',
    data: { verdict, report, against: { status: 'paused', attempt: 1, authority: null, revision } },
    metadata: {},
  });
  const marker = { eventId: randomUUID(), type: 'ReportsOmitted', data: { kept: 1_000 }, metadata: {} };
  const kept = [
    refused('regression', 1),
    refused('not_running', 2),
    refused('id_reused', 0),
    refused('not_resumed', 2),
  ];
  await ledger.write(refusedStream(id), ...kept, marker);
  const told = await new RefusedWhilePausedHandler(ledger.store).execute(new RefusedWhilePaused(id, 3));
  expect(told.events.map(({ verdict }) => verdict)).toEqual(['not_running', 'not_resumed']);
  expect(told.more).toBe(false);
  for (let n = 0; n < 6; n++)
    await ledger.write(refusedStream(id), refused('not_resumed', 2, { n, message: 'x'.repeat(1_000_000) }));
  const large = await new RefusedWhilePausedHandler(ledger.store).execute(new RefusedWhilePaused(id, 3));
  expect(large.events.map(({ data }) => (data as { report: { n: number } }).report.n)).toEqual([2, 3, 4, 5]);
  expect(large.more).toBe(true);
});
