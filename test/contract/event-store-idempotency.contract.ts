import { describe, expect, it } from '@jest/globals';
import { parseJson, stringifyJson } from '../../src/encoding/json.js';
import type { EventMetadata } from '../../src/domain/events.js';
import { event, events, fresh, given, idsOf, type Subject } from './event-store.contract.js';

const HOSTILE = [
  ['NUL', '\0'],
  ['a NUL between', 'a\0b'],
  ['a lone high surrogate', 'a\ud800b'],
  ['a lone low surrogate', '\udc00'],
  ['surrogates the wrong way round', '\udc00\ud800'],
  ['an emoji', '👩‍🚀🇪🇺'],
  ['an escape that is none', '\\u0000 \\ud800 \\\\ \\'],
  ['quotes and braces', `'"{}[],%_$1`],
  ['control characters', '\n\r\t\u0001\u001f\u007f\u2028'],
  ['the replacement character', '\ufffd'],
] as const;

export function idempotencyRules(subject: Subject): void {
  describe('the same id again', () => {
    it('names the place of the first, whatever is expected and whatever came later', async () => {
      const { store } = subject;
      const [stream, known] = [fresh(), event()];
      await given(store, stream, event());
      const { position } = await given(store, stream, known);
      await given(store, stream, event());
      for (const expectedRevision of ['any', 'no_stream', 'stream_exists', 0, 2, 99] as const) {
        const again = { ...known, data: { other: true } };
        const outcome = await store.append({ stream, events: [again], expectedRevision });
        expect(outcome).toEqual({ outcome: 'already_there', stream, revision: 1, position });
      }
      expect(await store.readStream(stream)).toHaveLength(3);
    });

    it.each([
      ['first', (known: string) => [event({ eventId: known }), event()]],
      ['last', (known: string) => [event(), event({ eventId: known })]],
    ])('writes nothing when only the %s of the events is known', async (_, make) => {
      const { store } = subject;
      const [stream, known] = [fresh(), event()];
      const { position } = await given(store, stream, known);
      const outcome = await store.append({ stream, events: make(known.eventId), expectedRevision: 'any' });
      expect(outcome).toEqual({ outcome: 'already_there', stream, revision: 0, position });
      expect(await store.readStream(stream)).toHaveLength(1);
    });

    it('names the first of several known ids in the order of the append', async () => {
      const { store } = subject;
      const [stream, [a, b]] = [fresh(), events(2)];
      await given(store, stream, a!, b!);
      expect(await store.append({ stream, events: [event(), b!, a!], expectedRevision: 'any' })).toMatchObject({
        revision: 1,
      });
    });

    it('is another event in another stream', async () => {
      const { store } = subject;
      const known = event();
      await given(store, fresh(), known);
      expect(await given(store, fresh(), known)).toMatchObject({ revision: 0 });
    });

    it('twice in one append is unacceptable', async () => {
      const known = event();
      const twice = subject.store.append({ stream: fresh(), events: [known, known], expectedRevision: 'any' });
      await expect(twice).rejects.toMatchObject({ kind: 'unacceptable' });
    });

    it('at the same moment is appended once', async () => {
      const { store } = subject;
      const [stream, known] = [fresh(), event()];
      const appends = Array.from({ length: 8 }, () => ({ stream, events: [known], expectedRevision: 'any' as const }));
      const outcomes = (await store.appendMany(appends)).map((outcome) => 'outcome' in outcome && outcome.outcome);
      expect(outcomes.sort()).toEqual([...Array.from({ length: 7 }, () => 'already_there'), 'appended']);
    });

    it('is found by it', async () => {
      const { store } = subject;
      const [stream, known] = [fresh(), event()];
      await given(store, stream, event(), known);
      expect(await store.findEvent(stream, known.eventId)).toMatchObject({ ...known, stream, revision: 1 });
      expect(await store.findEvent(stream, fresh('event'))).toBeUndefined();
      expect(await store.findEvent(fresh(), known.eventId)).toBeUndefined();
    });
  });

  describe('nothing is lost', () => {
    it.each(HOSTILE)('of %s in names, ids, keys and values', async (_, text) => {
      const { store } = subject;
      const stream = fresh() + text;
      const hostile = event({
        eventId: fresh('event') + text,
        type: `Type${text}`,
        data: { [text]: text, list: [text] },
        metadata: { source: text } as EventMetadata,
      });
      const { position } = await given(store, stream, hostile);
      const [stored] = await store.readStream(stream);
      expect(stored).toMatchObject({ ...hostile, stream });
      expect(await store.findEvent(stream, hostile.eventId)).toEqual(stored);
      expect(await store.append({ stream, events: [hostile], expectedRevision: 'any' })).toMatchObject({
        outcome: 'already_there',
        stream,
      });
      const guard = { stream, revision: 0, absentId: hostile.eventId };
      expect(await store.append({ stream: fresh(), events: [event()], expectedRevision: 'any', guard })).toMatchObject({
        stream,
        position,
      });
    });

    it.each(['9007199254740993', '123456789012345678901234567890', '-0.1234567890123456789', '1e400', '1E-400'])(
      'of the number %s',
      async (digits) => {
        const { store } = subject;
        const stream = fresh();
        const text = `{"n":${digits},"list":[${digits}]}`;
        await given(store, stream, event({ data: parseJson(text), metadata: parseJson(text) as EventMetadata }));
        const [stored] = await store.readStream(stream);
        expect(stringifyJson(stored!.data)).toBe(text);
        expect(stringifyJson(stored!.metadata)).toBe(text);
      },
    );

    it.each([[null], [true], [0], [''], [[]], [{}], ['text'], [[1, [2, { a: null }]]]])(
      'of the data %j',
      async (data) => {
        const stream = fresh();
        await given(subject.store, stream, event({ data, metadata: {} }));
        expect((await subject.store.readStream(stream))[0]).toMatchObject({ data, metadata: {} });
      },
    );

    it('of a large event', async () => {
      const [stream, data] = [fresh(), { text: 'é'.repeat(400_000) }];
      await given(subject.store, stream, event({ data }));
      expect((await subject.store.readStream(stream))[0]!.data).toEqual(data);
    });

    it('of ids of the greatest length', async () => {
      const [stream, long] = [`execution-${fresh()}${'\ud800'.repeat(200)}`, event({ eventId: '\0'.repeat(200) })];
      await given(subject.store, stream, long);
      expect(idsOf(await subject.store.readStream(stream))).toEqual([long.eventId]);
    });
  });
}
