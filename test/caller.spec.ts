import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ExecutionFeed } from '../src/application/reading/execution-feed.js';
import type { Subscriber } from '../src/application/reading/subscriber.js';
import { ANY_STREAM, StreamWaiters } from '../src/application/reading/stream-waiters.js';
import { ExecutionQueues } from '../src/application/deciding/execution-queues.js';
import { callerName, inNameOf } from '../src/caller.js';
import type { LogReads } from '../src/event-store/event-store.js';
import type { Position } from '../src/event-store/position.js';
import { SharedAnswer } from '../src/http/shared-answer.js';
import { CheckpointWatcher } from '../src/read-model/checkpoint-watcher.js';
import type { ChangedRequest } from '../src/read-model/read-model.js';
import { SharedReads } from '../src/read-model/shared-reads.js';
import { fact } from './support/domain/given.js';
import { freshId, idle, moment } from './support/ledger/handling.js';
import { connectTo, openProjection, tell, type ProjectedLedger } from './support/projection/projection.js';
import { runtimeWith } from './support/ledger/runtime.js';

let ledger: ProjectedLedger;
beforeAll(async () => {
  ledger = await openProjection();
});
afterAll(() => ledger.close());

const RUNTIME = runtimeWith({ staleAfterMs: 1_000 });
const LEDGER = '';

/** A read that says in whose name it is made. */
function noted<A extends unknown[], R>(read: (...asked: A) => R) {
  const names: string[] = [];
  const made = (...asked: A): R => {
    names.push(callerName());
    return read(...asked);
  };
  return { names, made };
}

it('what all subscribers are served from is read in the ledger’s name', async () => {
  const last = await tell(ledger, freshId(), fact('ExecutionRegistered'));
  await ledger.project();
  const changed = noted((request: ChangedRequest) => ledger.readModel.changed(request));
  const log = noted((...asked: Parameters<LogReads['readAll']>) => ledger.store.readAll(...asked));
  const feed = new ExecutionFeed(
    { readAll: log.made },
    {
      changed: changed.made,
      checkpoint: () => ledger.readModel.checkpoint(),
      waitFor: (...asked) => ledger.readModel.waitFor(...asked),
    },
    RUNTIME,
  );
  const seen: Position[] = [];
  const subscriber: Subscriber = {
    send: (changes) => void seen.push(...changes.map(({ position }) => position)),
    drained: async () => undefined,
    end: () => undefined,
  };
  await inNameOf('first', () => feed.subscribe(subscriber, 0n, () => undefined));
  expect(seen.at(-1)).toBe(last);
  const next = await tell(ledger, freshId(), fact('ExecutionRegistered'));
  await ledger.project();
  while (seen.at(-1) !== next) await moment();
  feed.leave(subscriber);
  feed.close();
  expect(new Set([...changed.names, ...log.names])).toEqual(new Set([LEDGER]));
});

it('what wakes all waiting readers is read in the ledger’s name; each of them then reads in its own', async () => {
  const { names, made } = noted(() => ledger.store.head());
  const waiters = new StreamWaiters({ ...ledger.store.reads, head: made });
  const looks = noted(async () => ({ found: true, value: 1 }));
  const signal = new AbortController().signal;
  await inNameOf('first', () => waiters.until(ANY_STREAM, 1_000, signal, looks.made));
  waiters.close();
  expect([names, looks.names]).toEqual([[LEDGER], ['first']]);
});

it('the checkpoint is read in the ledger’s name for all who wait for it', async () => {
  const read = noted(async () => new Map<string, Position>());
  const watcher = new CheckpointWatcher(() => connectTo(ledger.database.connectionString), read.made, 5);
  await inNameOf('first', () => watcher.until('p', 1n, 50));
  await watcher.close();
  expect(read.names.length).toBeGreaterThan(1);
  expect(new Set(read.names)).toEqual(new Set([LEDGER]));
});

it('an answer that all callers share is asked for in the ledger’s name', async () => {
  const remembered = new SharedAnswer(async () => callerName(), 1_000);
  expect(await inNameOf('first', () => remembered.get())).toBe(LEDGER);
});

it('a read under one name never waits for another name’s', async () => {
  const shared = new SharedReads<string>();
  const read = async (): Promise<string> => (await idle(), callerName());
  const ask = (name: string) => inNameOf(name, () => shared.get('same', read));
  expect(await Promise.all(['a', 'b', 'a'].map(ask))).toEqual(['a', 'b', 'a']);
});

it('a batch is read for in the name of its first request, whoever began the queue', async () => {
  const names: string[] = [];
  const ended = new Promise<void>((end) => {
    const answered = new Set<string>();
    const turns = new ExecutionQueues<string>(
      async (_, queue) => {
        const [first] = queue;
        names.push(`${callerName()} for ${first}`);
        answered.add(first!);
        if (queue.length === 1) end();
        return 1;
      },
      Date.now,
      (one) => one[0]!,
      (one) => answered.has(one),
      () => undefined,
    );
    inNameOf('elsewhere', () => ['a1', 'b1', 'a2'].forEach((one) => turns.enqueue('x', one)));
  });
  await ended;
  expect(names).toEqual(['a for a1', 'b for b1', 'a for a2']);
});
