import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AppendQueue } from '../../src/event-store/postgres/append-queue.js';
import { encodeAppend, type QueuedAppend } from '../../src/event-store/postgres/queued-append.js';
import { event } from '../contract/event-store.contract.js';

const LIMITS = { queueLength: 1_000, queueBytes: 1e6, batchLength: 10, batchBytes: 1e5 };

/** `a` writes a, `?a` confirms a, `a?b` writes a while b stands. */
function queued(text: string): QueuedAppend {
  const [stream, guarded] = text.split('?') as [string, string | undefined];
  const name = stream === '' ? guarded! : stream;
  const guard = stream !== '' && guarded ? { guard: { stream: guarded, revision: 0 } } : {};
  return encodeAppend(
    { stream: name, events: stream === '' ? [] : [event()], expectedRevision: 0, ...guard },
    0,
    () => undefined,
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
