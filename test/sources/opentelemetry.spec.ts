import fc from 'fast-check';
import { readTraces } from '../../src/sources/opentelemetry/opentelemetry.js';
import { runsAbove } from '../../src/sources/opentelemetry/parents.js';
import { exportedOf } from '../../src/sources/opentelemetry/protobuf.js';

const spanId = (n: number): string => (n + 1).toString(16).padStart(16, '0');

describe('the run above a span', () => {
  const place = (n: number, parent: number | undefined, isRun = false) => ({
    ...{ traceId: 't', spanId: spanId(n), isRun },
    parentSpanId: parent === undefined ? undefined : spanId(parent),
  });

  it('is that of a walk from parent to parent, whatever the spans and their order, rings among them', () => {
    const graph = fc.array(fc.tuple(fc.option(fc.nat(14)), fc.boolean()), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(graph, fc.infiniteStream(fc.nat()), (nodes, random) => {
        const spans = nodes.map(([parent, isRun], n) => place(n, parent ?? undefined, isRun));
        const walked = (n: number): string | undefined => {
          let above = nodes[n]![0];
          for (let steps = 0; steps <= nodes.length; steps++) {
            if (above === null) return undefined;
            if (above >= nodes.length || nodes[above]![1]) return spanId(above);
            above = nodes[above]![0];
          }
          return undefined;
        };
        const above = runsAbove(spans);
        const order = spans.map((_, n) => [[...random.take(1)][0], n] as const).sort(([a], [b]) => a! - b!);
        for (const [, n] of order) expect([n, above(spans[n]!)]).toEqual([n, walked(n)]);
      }),
    );
  });

  it('passes each span once, however deep they nest', () => {
    const many = 50_000;
    const spans = Array.from({ length: many }, (_, n) => place(n, n + 1));
    let looked = 0;
    const counted = spans.map((span) =>
      Object.defineProperty({ ...span }, 'parentSpanId', { get: () => (looked++, span.parentSpanId) }),
    );
    const above = runsAbove(counted);
    expect(new Set(counted.map((span) => above(span)))).toEqual(new Set([spanId(many)]));
    expect(looked).toBeLessThan(3 * many);
  });
});

describe('a request of many spans', () => {
  const attributes = [{ key: 'gen_ai.operation.name', value: { stringValue: 'execute_tool' } }];
  const spans = Array.from({ length: 5_000 }, (_, n) => ({
    ...{ traceId: 'a'.repeat(32), spanId: spanId(n), endTimeUnixNano: '1795260041500000000', attributes },
  }));

  const spanOf = (span: object) => [{ scopeSpans: [{ spans: [span] }] }];
  it.each([
    ['spans', [{ scopeSpans: [{ spans }] }]],
    ['empty events of one span', spanOf({ ...spans[0], events: Array(99_000).fill({}) })],
    ['events that are none', spanOf({ ...spans[0], events: Array(99_000).fill(1) })],
    ['resources without a span', Array(99_000).fill({})],
    ['members that are no resources', Array(99_000).fill(1)],
    ['scopes without a span', [{ scopeSpans: Array(99_000).fill({}) }]],
    ['members that are no scopes', [{ scopeSpans: Array(99_000).fill(1) }]],
  ])('leaves others their turns of the event loop: %s', async (_, resourceSpans) => {
    /** The longest turn of the event loop while the request is read, in milliseconds of this process's time. */
    const longestTurn = async (): Promise<number> => {
      let longest = 0;
      let last = process.cpuUsage().user;
      const turn = (): void => {
        const now = process.cpuUsage().user;
        longest = Math.max(longest, now - last);
        last = now;
        ticking = setImmediate(turn);
      };
      let ticking = setImmediate(turn);
      await readTraces({ resourceSpans });
      turn();
      clearImmediate(ticking);
      return longest / 1_000;
    };
    // The best of three: on a busy machine a turn takes more of the processor's time, and the first one compiles.
    const turns = [await longestTurn(), await longestTurn(), await longestTurn()];
    expect(Math.min(...turns)).toBeLessThan(100);
  });

  it('says of the first that cannot be read what is wrong, and of no other', async () => {
    const bad = spans.map((one) => ({ ...one, spanId: 'x' }));
    const reading = (await readTraces({ resourceSpans: [{ scopeSpans: [{ spans: bad }] }] })) as { malformed: string };
    expect(reading.malformed.length).toBeLessThan(1_000);
  });
});

it('whatever is sent is read as spans or not at all, and nothing else is thrown', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.anything(), fc.record({ resourceSpans: fc.array(fc.anything()) })),
      async (payload) => {
        expect(await readTraces(payload)).toBeInstanceOf(Object);
      },
    ),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        expect(exportedOf(Buffer.from(bytes))).toBeInstanceOf(Object);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }),
    { numRuns: 2_000 },
  );
});
