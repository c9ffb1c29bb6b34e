import { describe, expect, it } from '@jest/globals';
import type { ExpectedRevision } from '../../src/event-store/expected-revision.js';
import { appended, event, events, fresh, given, idsOf, type Subject } from './event-store.contract.js';

export function appendRules(subject: Subject): void {
  describe('expected revisions', () => {
    const cases: [ExpectedRevision, missing: boolean, standing: boolean][] = [
      ['any', true, true],
      ['no_stream', true, false],
      ['stream_exists', false, true],
      [0, false, false],
      [1, false, true],
      [2, false, false],
    ];
    it.each(cases)(
      '%p: on a missing stream %p, on a stream at revision 1 %p',
      async (expectedRevision, missing, standing) => {
        const { store } = subject;
        for (const [stands, holds] of [
          [-1, missing],
          [1, standing],
        ] as const) {
          for (const toAppend of [[], [event()]]) {
            const stream = fresh();
            if (stands === 1) await given(store, stream, ...events(2));
            const outcome = await store.append({ stream, events: toAppend, expectedRevision });
            expect(outcome).toMatchObject(
              !holds
                ? { outcome: 'conflict', stream, actual: stands }
                : toAppend.length === 0
                  ? { outcome: 'confirmed' }
                  : { outcome: 'appended', revision: stands + 1 },
            );
            expect(await store.readStream(stream)).toHaveLength(stands + 1 + (holds ? toAppend.length : 0));
          }
        }
      },
    );

    it.each([
      ['an id that is no text', { events: [event({ eventId: 1 as never })] }],
      ['a type that is no text', { events: [event({ type: {} as never })] }],
      ['a stream that is no text', { stream: ['execution-x'] as never }],
      ['events that are no list', { events: 'many' as never }],
      ['a guard whose id is no text', { guard: { stream: fresh(), revision: -1, absentId: 7 as never } }],
      ['a guard whose stream is no text', { guard: { stream: null as never, revision: -1 } }],
      ['a revision that is no number', { expectedRevision: { gt: 1 } as never }],
      ['a revision of another word', { expectedRevision: 'none' as never }],
    ])('%s is unacceptable, alone and at once', async (_what, bad) => {
      const { store } = subject;
      const good = () => ({ stream: fresh(), events: [event()], expectedRevision: 'any' as const });
      const outcomes = await store.appendMany([good(), { ...good(), ...bad }, good()]);
      expect(outcomes).toMatchObject([{ outcome: 'appended' }, { kind: 'unacceptable' }, { outcome: 'appended' }]);
    });

    it('appends several events together, and names the last', async () => {
      const { store } = subject;
      const [stream, three] = [fresh(), events(3)];
      const outcome = appended(await store.append({ stream, events: three, expectedRevision: 'no_stream' }));
      const stored = await store.readStream(stream);
      expect(idsOf(stored)).toEqual(idsOf(three));
      expect(stored.at(-1)).toMatchObject({
        revision: outcome.revision,
        position: outcome.position,
        recordedAt: outcome.recordedAt,
      });
      expect(outcome.recordedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    });

    it('spends no position on conflicts, duplicates and confirmations', async () => {
      const { store } = subject;
      const stream = fresh();
      const first = event();
      const { position } = await given(store, stream, first);
      await store.append({ stream, events: [event()], expectedRevision: 7 });
      await store.append({ stream, events: [first], expectedRevision: 'any' });
      await store.append({ stream, events: [], expectedRevision: 0 });
      expect(await store.head()).toBe(position);
      const next = await given(store, stream, event());
      if (store.densePositions) expect(next.position).toBe(position + 1n);
      else expect(next.position).toBeGreaterThan(position);
    });
  });

  describe('guards', () => {
    it.each([
      ['stands there', 1, 1, true],
      ['has moved on', 0, 1, false],
      ['is not that far', 2, 1, false],
      ['does not exist, as expected', -1, -1, true],
      ['exists, unexpectedly', -1, 1, false],
      ['does not exist, unexpectedly', 0, -1, false],
    ])('appends only while the guarded stream holds: it %s', async (_, revision, stands, holds) => {
      const { store } = subject;
      const [stream, guarded] = [fresh('refused'), fresh()];
      if (stands >= 0) await given(store, guarded, ...events(stands + 1));
      const outcome = await store.append({
        stream,
        events: [event()],
        expectedRevision: 'any',
        guard: { stream: guarded, revision },
      });
      expect(outcome).toMatchObject(
        holds ? { outcome: 'appended', revision: 0 } : { outcome: 'conflict', stream: guarded, actual: stands },
      );
      expect(await store.readStream(stream)).toHaveLength(holds ? 1 : 0);
    });

    it('finds an id that must be absent before it looks at any revision', async () => {
      const { store } = subject;
      const [stream, guarded, known] = [fresh('refused'), fresh(), event()];
      const { position } = await given(store, guarded, event(), known, event())
        .then(() => store.findEvent(guarded, known.eventId))
        .then((e) => e!);
      const guard = { stream: guarded, revision: 0, absentId: known.eventId };
      const there = { outcome: 'already_there', stream: guarded, revision: 1, position };
      expect(await store.append({ stream, events: [event()], expectedRevision: 5, guard })).toEqual(there);
      expect(await store.append({ stream: guarded, events: [], expectedRevision: 0, guard })).toEqual(there);
      expect(await store.readStream(stream)).toEqual([]);
      const absent = { ...guard, revision: 2, absentId: fresh('event') };
      expect(await store.append({ stream, events: [event()], expectedRevision: 'any', guard: absent })).toMatchObject({
        outcome: 'appended',
      });
    });

    it('judges the guard first: what is kept under it already says nothing of where it stands', async () => {
      const { store } = subject;
      const [stream, guarded, kept] = [fresh('refused'), fresh(), event()];
      await given(store, guarded, event());
      const holding = { stream: guarded, revision: 0 };
      await store.append({ stream, events: [kept], expectedRevision: 'any', guard: holding });
      const again = { stream, events: [kept], expectedRevision: 7 };
      expect(await store.append({ ...again, guard: holding })).toMatchObject({ outcome: 'already_there', stream });
      const lost = await store.append({ ...again, guard: { stream: guarded, revision: 3 } });
      expect(lost).toEqual({ outcome: 'conflict', stream: guarded, actual: 0 });
    });
  });

  describe('appendMany', () => {
    it('answers each append for itself, in order', async () => {
      const { store } = subject;
      const [a, b, c] = [fresh(), fresh(), fresh()];
      await given(store, a, event());
      const outcomes = await store.appendMany([
        { stream: a, events: [event()], expectedRevision: 'no_stream' },
        { stream: b, events: events(2), expectedRevision: 'no_stream' },
        { stream: c, events: [event({ eventId: '' })], expectedRevision: 'any' },
        { stream: c, events: [event({ data: 1n })], expectedRevision: 'any' },
        { stream: a, events: [], expectedRevision: 0 },
      ]);
      expect(outcomes).toMatchObject([
        { outcome: 'conflict', actual: 0 },
        { outcome: 'appended', revision: 1 },
        { kind: 'unacceptable' },
        { kind: 'unacceptable' },
        { outcome: 'confirmed' },
      ]);
      expect(await store.readStream(c)).toEqual([]);
    });

    it('appends to one stream in the order given', async () => {
      const { store } = subject;
      const [stream, all] = [fresh(), events(20)];
      const outcomes = await store.appendMany(
        all.map((one, i) => ({ stream, events: [one], expectedRevision: i === 0 ? 'no_stream' : i - 1 })),
      );
      expect(outcomes.map((outcome) => appended(outcome).revision)).toEqual(all.map((_, i) => i));
      expect(idsOf(await store.readStream(stream))).toEqual(idsOf(all));
    });

    it('takes no appends at all', async () => {
      expect(await subject.store.appendMany([])).toEqual([]);
    });
  });
}
