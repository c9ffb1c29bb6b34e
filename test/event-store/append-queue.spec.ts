import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AppendQueue } from '../../src/event-store/postgres/append-queue.js';
import { encodeAppend, type QueuedAppend } from '../../src/event-store/postgres/queued-append.js';
import { event } from '../contract/event-store.contract.js';

const LIMITS = { queueLength: 1_000, queueBytes: 1e6, batchLength: 10, batchBytes: 1e5 };

/** `a` writes a, `?a` confirms a, `a?b` writes a while b stands. */
function queued(text: string, by?: string, answer: QueuedAppend['resolve'] = () => undefined): QueuedAppend {
  const [stream, guarded] = text.split('?') as [string, string | undefined];
  const name = stream === '' ? guarded! : stream;
  const guard = stream !== '' && guarded ? { guard: { stream: guarded, revision: 0 } } : {};
  return encodeAppend(
    { stream: name, events: stream === '' ? [] : [event()], expectedRevision: 0, by, ...guard },
    0,
    answer,
  );
}

function batches(texts: readonly string[], limits = LIMITS): string[][] {
  const queue = new AppendQueue(limits);
  const names = new Map(texts.map((text) => [queued(text), text]));
  for (const append of names.keys()) queue.put(append);
  const taken: string[][] = [];
  while (queue.length > 0) taken.push(queue.take().map((append) => names.get(append)!));
  return taken;
}

describe('a batch', () => {
  it.each<[string, string[], string[][]]>([
    ['takes all that do not clash', ['a', 'b', '?c'], [['a', 'b', '?c']]],
    ['writes a stream once', ['a', 'a', 'b', 'a'], [['a', 'b'], ['a'], ['a']]],
    ['confirms a stream as often as asked', ['?a', '?a', 'b?a'], [['?a', '?a', 'b?a']]],
    ['does not confirm what it writes', ['a', '?a', '?b'], [['a', '?b'], ['?a']]],
    ['does not write what it confirmed', ['?a', 'a'], [['?a'], ['a']]],
    ['does not guard by what it writes', ['a', 'r?a'], [['a'], ['r?a']]],
    ['does not write what guards', ['r?a', 'a'], [['r?a'], ['a']]],
    ['lets an append guard by its own stream', ['a?a', 'b'], [['a?a', 'b']]],
    ['lets nobody overtake on a stream', ['a', 'b?a', 'b', 'c'], [['a', 'c'], ['b?a'], ['b']]],
    ['lets nobody overtake a guard', ['a', 'a?b', 'b'], [['a'], ['a?b'], ['b']]],
  ])('%s', (_, texts, expected) => {
    expect(batches(texts)).toEqual(expected);
  });

  it('has its bounds, and takes one that is larger alone', () => {
    const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `s${i}`);
    expect(batches(names(25)).map(({ length }) => length)).toEqual([10, 10, 5]);
    expect(batches(names(3), { ...LIMITS, batchBytes: 1 }).map(({ length }) => length)).toEqual([1, 1, 1]);
  });

  it('never reorders what touches a stream, whatever arrives', () => {
    const stream = fc.constantFrom('a', 'b', 'c', 'd');
    const append = fc.oneof(
      stream,
      stream.map((s) => `?${s}`),
      fc.tuple(stream, stream).map((pair) => pair.join('?')),
    );
    fc.assert(
      fc.property(fc.array(append, { maxLength: 40 }), (texts) => {
        const arrived = texts.map((text, i) => ({ text, i }));
        const queue = new AppendQueue(LIMITS);
        const of = new Map(arrived.map((one) => [queued(one.text), one]));
        for (const one of of.keys()) queue.put(one);
        const served: { text: string; i: number; batch: number }[] = [];
        for (let batch = 0; queue.length > 0; batch++)
          served.push(...queue.take().map((one) => ({ ...of.get(one)!, batch })));
        const writes = ({ text }: { text: string }): string => text.split('?')[0]!;
        const touches = ({ text }: { text: string }): string[] => text.split('?').filter(Boolean);
        expect(served.map(({ i }) => i).sort((a, b) => a - b)).toEqual(arrived.map(({ i }) => i));
        for (const a of served)
          for (const b of served) {
            const dependent =
              a.i < b.i &&
              ((writes(a) && touches(b).includes(writes(a))) || (writes(b) && touches(a).includes(writes(b))));
            if (dependent) expect(a.batch).toBeLessThan(b.batch);
          }
      }),
    );
  });
});

it('the queue takes on no more bytes than it may', () => {
  const { bytes } = queued('a');
  const queue = new AppendQueue({ ...LIMITS, queueBytes: 2 * bytes });
  for (const name of ['a', 'b']) queue.put(queued(name));
  expect(() => queue.put(queued('c'))).toThrow(expect.objectContaining({ kind: 'overloaded' }));
  expect(queue).toHaveLength(2);
});

describe('those who come under several names', () => {
  const many = { ...LIMITS, queueLength: 5_000 };
  const flooded = (): AppendQueue => {
    const queue = new AppendQueue(many);
    for (let n = 0; n < many.queueLength; n++) queue.put(queued(`f${n}`, 'flood'));
    return queue;
  };
  const namesIn = (batch: readonly QueuedAppend[]): (string | undefined)[] => batch.map(({ append }) => append.by);

  it('take turns: beside a flood that fills the queue the next batch has what another one just asked for', () => {
    const queue = flooded();
    for (const n of [1, 2, 3]) queue.put(queued(`q${n}`, 'quiet'));
    queue.put(queued('o', 'other'));
    expect(namesIn(queue.take()).filter((name) => name !== 'flood')).toEqual(['quiet', 'other', 'quiet', 'quiet']);
  });

  it('keep their turn where the batch has no room for what comes next', () => {
    const queue = new AppendQueue({ ...many, batchBytes: 1 });
    for (let n = 0; n < 10; n++) queue.put(queued(`f${n}`, 'flood'));
    queue.put(queued('q', 'quiet'));
    expect([1, 2, 3].map(() => namesIn(queue.take()))).toEqual([['flood'], ['quiet'], ['flood']]);
  });

  it('find room in a full queue: the newest of whoever has most waiting is told to come again, and no other', () => {
    const queue = new AppendQueue({ ...LIMITS, queueLength: 4 });
    const told: string[] = [];
    const put = (stream: string, by: string): void =>
      queue.put(queued(stream, by, (error) => told.push(`${stream}: ${(error as { kind?: string }).kind}`)));
    for (const stream of ['f1', 'f2', 'f3', 'f4']) put(stream, 'flood');
    put('q1', 'quiet');
    put('q2', 'quiet');
    expect(told).toEqual(['f4: overloaded', 'f3: overloaded']);
    for (const name of ['flood', 'quiet']) expect(() => put('more', name)).toThrow(/waiting already/);
    expect(queue.take().map(({ stream }) => stream)).toEqual(['f1', 'q1', 'f2', 'q2']);
  });

  it('get each of theirs once, or are told: in their order, whatever comes and goes', () => {
    const step = fc.oneof(
      fc.record({ by: fc.constantFrom('a', 'b', 'c'), stream: fc.constantFrom('s', 't', 'u', 'v', 'w') }),
      fc.constant('take' as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const queue = new AppendQueue({ ...LIMITS, queueLength: 6, batchLength: 3 });
        const [asked, answered]: [QueuedAppend[], QueuedAppend[]] = [[], []];
        const taken: QueuedAppend[] = [];
        const take = (): void => void taken.push(...queue.take());
        for (const one of steps) {
          if (one === 'take') take();
          else {
            const append: QueuedAppend = queued(one.stream, one.by, () => answered.push(append));
            try {
              queue.put(append);
              asked.push(append);
            } catch {
              // It is told at once.
            }
          }
        }
        while (queue.length > 0) take();
        expect(new Set([...taken, ...answered]).size).toBe(asked.length);
        expect(taken.length + answered.length).toBe(asked.length);
        for (const name of ['a', 'b', 'c'])
          for (const stream of ['s', 't', 'u', 'v', 'w']) {
            const own = (all: readonly QueuedAppend[]) =>
              all.filter((one) => one.append.by === name && one.stream === stream && !answered.includes(one));
            expect(own(taken)).toEqual(own(asked));
          }
      }),
    );
  });
});
