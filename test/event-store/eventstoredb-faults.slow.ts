import { describe, expect, it } from '@jest/globals';
import type { EventStore } from '../../src/event-store/event-store.js';
import { event, events, fresh, given, idsOf } from '../contract/event-store.contract.js';
import { appendUntilTold, usingDouble } from '../support/store/eventstoredb-store.js';
import type { WriteFault } from '../eventstoredb-server/index.js';

const using = usingDouble();
const anew = (store: EventStore, stream: string, ...toAppend: ReturnType<typeof event>[]) =>
  store.append({ stream, events: toAppend, expectedRevision: 'no_stream' });

describe('an append whose answer is lost', () => {
  const FAULTS: WriteFault[] = [
    'cut-before',
    'cut-after',
    'silence-before',
    'silence-after',
    'timeout-before',
    'timeout-after',
    'unexpected-answer',
    'not-ready',
    'busy',
    'no-leader-info',
    'not-leader',
  ];
  it.each(FAULTS)('is stored once, and told so: %s', async (fault) => {
    const store = using.open();
    const [stream, two] = [fresh(), events(2)];
    using.double.next({ on: 'append', fault });
    expect(await anew(store, stream, ...two)).toMatchObject({ outcome: 'appended', revision: 1 });
    expect(idsOf(await store.readStream(stream))).toEqual(idsOf(two));
  });

  it.each<WriteFault>(['cut-after', 'silence-after', 'timeout-after'])(
    'has its own place, however far others have gone on meanwhile: %s',
    async (fault) => {
      const [store, other] = [using.open(), using.open()];
      const [stream, one] = [fresh(), event()];
      using.double.next({ on: 'append', fault });
      const appending = anew(store, stream, one);
      while (using.double.stored(stream).length === 0) await new Promise(setImmediate);
      await given(other, stream, event(), event());
      const [stored] = await store.readStream(stream);
      expect(await appending).toMatchObject({ outcome: 'appended', revision: 0, position: stored!.position });
      expect(await store.readStream(stream)).toHaveLength(3);
    },
  );

  it('was overtaken where somebody else wrote first: the caller decides again', async () => {
    const [store, other] = [using.open(), using.open()];
    const stream = fresh();
    using.double.next({ on: 'append', fault: 'silence-before' });
    const appending = anew(store, stream, event());
    while (using.double.calls.batchAppend === 0) await new Promise(setImmediate);
    await given(other, stream, event());
    expect(await appending).toEqual({ outcome: 'conflict', stream, actual: 0 });
  });

  it('costs no other append anything', async () => {
    const store = using.open();
    using.double.next({ on: 'append', fault: 'unexpected-answer' });
    using.double.next({ on: 'append', fault: 'timeout-before' });
    const outcomes = await Promise.all(Array.from({ length: 16 }, () => anew(store, fresh(), event())));
    expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['appended']));
  });

  it('that comes after all is nobody’s: the process goes on', async () => {
    const store = using.open();
    using.double.freeze();
    const stream = fresh();
    await expect(anew(store, stream, event())).rejects.toMatchObject({ kind: 'outcome_unknown' });
    using.double.thaw();
    expect(await anew(store, fresh(), event())).toMatchObject({ outcome: 'appended' });
    expect(await store.readStream(stream)).toHaveLength(1);
  });
});

describe('the same id at the same moment', () => {
  it('from two processes is appended once, whether the bodies are the same or not', async () => {
    const [store, other] = [using.open(), using.open()];
    for (const data of [{ attempt: 1 }, { attempt: 2 }]) {
      const [stream, one] = [fresh(), event({ data: { attempt: 1 } })];
      const outcomes = await Promise.all([anew(store, stream, one), anew(other, stream, { ...one, data })]);
      expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['already_there', 'appended']);
      expect(await store.readStream(stream)).toHaveLength(1);
    }
  });

  it('is found by a process that has never read the stream', async () => {
    const [stream, known] = [fresh(), event()];
    await given(using.open(), stream, event(), known, event());
    const again = using.open().append({ stream, events: [{ ...known, data: {} }], expectedRevision: 2 });
    expect(await again).toMatchObject({ outcome: 'already_there', revision: 1 });
  });
});

describe('a server that does not answer', () => {
  it.each(['freeze', 'stop'] as const)(
    '%s: every call ends within its bound, and the next one finds it back',
    async (how) => {
      const store = using.open();
      const stream = fresh();
      await given(store, stream, event());
      const lost = new Promise<void>((resolve) => store.onReconnect(resolve));
      if (how === 'freeze') using.double.freeze();
      else await Promise.all([lost, using.double.stop()]);
      const fails = { kind: how === 'freeze' ? 'outcome_unknown' : 'unavailable' };
      await expect(given(store, fresh(), event())).rejects.toMatchObject(fails);
      const reads = [store.readStream(stream), store.readAll(0n, 1), store.head(), store.findEvent(stream, 'x')];
      for (const read of await Promise.allSettled(reads)) {
        expect(read).toMatchObject({ status: 'rejected', reason: { kind: 'unavailable' } });
      }
      if (how === 'freeze') using.double.thaw();
      else await using.double.restart();
      await given(store, fresh(), event());
      expect((await store.readStream(stream)).length).toBeGreaterThanOrEqual(1);
    },
  );

  it('does not keep the store from closing', async () => {
    const store = using.open();
    await given(store, fresh(), event());
    using.double.freeze();
    const append = anew(store, fresh(), event());
    await expect(Promise.all([store.close(), append])).rejects.toMatchObject({ kind: 'outcome_unknown' });
  });

  it('turns appends away that would wait in memory', async () => {
    const store = using.open({ queueLength: 3 });
    using.double.freeze();
    const appends = Array.from({ length: 5 }, () => anew(store, fresh(), event()));
    const outcomes = await Promise.allSettled(appends);
    const kinds = outcomes.map((outcome) => (outcome as PromiseRejectedResult).reason.kind).sort();
    expect(kinds).toEqual([...Array(3).fill('outcome_unknown'), 'overloaded', 'overloaded']);
  });

  it('is told of: what was read before may have changed', async () => {
    const store = using.open();
    await given(store, fresh(), event());
    const lost = new Promise<void>((resolve) => store.onReconnect(resolve));
    using.double.breakConnections();
    await lost;
  });
});

it('a connection lost while a stream is looked at does not make it a stream that never was', async () => {
  const store = using.open();
  const stream = fresh();
  await given(store, stream, event());
  const lost = new Promise<void>((resolve) => store.onReconnect(resolve));
  using.double.next({ on: 'readStream', fault: 'not-leader' });
  const failing = expect(store.readStream(fresh())).rejects.toMatchObject({ kind: 'unavailable' });
  const guard = { stream, revision: -1 };
  const confirmation = store.append({ stream, events: [], expectedRevision: 'any', guard });
  await lost;
  expect(await confirmation).toEqual({ outcome: 'conflict', stream, actual: 0 });
  await failing;
});

describe('what an append costs', () => {
  it('a message; no read while this process knows the stream, but one of a stream that it began, a second later', async () => {
    let now = 0;
    const store = using.open({ now: () => now });
    const [stream, other] = [fresh(), fresh()];
    await given(store, other, event());
    await appendUntilTold(using.double, store, other);
    using.double.forgetCalls();
    for (const expectedRevision of ['no_stream', 0, 1] as const) {
      await store.append({ stream, events: [event()], expectedRevision });
    }
    expect(using.double.calls).toMatchObject({ batchAppend: 3, append: 0, readStream: 0, readAll: 0 });
    for (const expectedRevision of [2, 3, 4]) {
      now += 1_000;
      await store.append({ stream, events: [event()], expectedRevision });
    }
    expect(using.double.calls).toMatchObject({ batchAppend: 6, append: 0, readStream: 1, readAll: 0 });
  });

  it('two reads at once for a confirmation, of the stream’s end and of what is kept about it, and nothing is written', async () => {
    const store = using.open();
    const stream = fresh();
    await given(store, stream, event());
    using.double.forgetCalls();
    expect(await store.append({ stream, events: [], expectedRevision: 0 })).toEqual({ outcome: 'confirmed' });
    expect(using.double.calls).toMatchObject({ batchAppend: 0, readStream: 2 });
  });

  it('nothing when it is too large to be stored: it is refused before the call', async () => {
    const store = using.open();
    using.double.forgetCalls();
    const noise = Array.from({ length: 1_500_000 }, () =>
      String.fromCharCode(32 + Math.floor(Math.random() * 90)),
    ).join('');
    await expect(anew(store, fresh(), event({ data: { noise } }))).rejects.toMatchObject({ kind: 'unacceptable' });
    expect(using.double.calls.batchAppend).toBe(0);
  });

  it('is deflated when it would be too large as it is', async () => {
    const store = using.open();
    const [stream, large] = [fresh(), event({ data: { text: 'a long story '.repeat(200_000) } })];
    await given(store, stream, large);
    expect(await store.readStream(stream)).toMatchObject([{ data: large.data, metadata: large.metadata }]);
  });
});
