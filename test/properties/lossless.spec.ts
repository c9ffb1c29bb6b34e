import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeText, encodeText, parseJson, stringifyJson } from '../../src/encoding/json.js';
import type { EventMetadata } from '../../src/domain/events.js';
import type { EventStore } from '../../src/event-store/event-store.js';
import { createMemoryEventStore } from '../../src/event-store/memory/memory-event-store.js';
import { createPostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { at } from '../support/domain/given.js';
import { freshId } from '../support/ledger/handling.js';
import { anyText, jsonText } from '../support/domain/json-text.js';
import { createTestDatabase } from '../support/store/postgres.js';
import { tries } from '../support/tries.js';

describe('§2 payloads are lossless', () => {
  it('any JSON comes back as it went in, digit by digit and key by key', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        expect(stringifyJson(parseJson(text))).toBe(text);
      }),
      { numRuns: tries(1_000) },
    );
  });

  it('any text has an encoding of its own that every database takes', () => {
    fc.assert(
      fc.property(anyText, anyText, (one, other) => {
        const encoded = encodeText(one);
        expect(decodeText(encoded)).toBe(one);
        expect(encoded === encodeText(other)).toBe(one === other);
        expect(encodeText(one + other).startsWith(encodeText(one))).toBe(isWhole(one, other));
        expect(encoded).not.toContain('\0');
        expect(Buffer.from(encoded, 'utf8').toString('utf8')).toBe(encoded); // no lone surrogate
      }),
      { numRuns: tries(1_000) },
    );
  });
});

/** Whether no surrogate pair stands across the seam. */
const isWhole = (one: string, other: string): boolean =>
  !(/[\ud800-\udbff]$/.test(one) && /^[\udc00-\udfff]/.test(other));

/** Metadata is an object; what is not the ledger's own in it is kept too. */
const asMetadata = (text: string): string => `{"source":${text}}`;

const STORES: readonly [string, number, () => Promise<{ store: EventStore; drop: () => Promise<void> }>][] = [
  ['in memory', 200, async () => ({ store: createMemoryEventStore(() => at(0)), drop: async () => undefined })],
  [
    'in PostgreSQL',
    60,
    async () => {
      const { connectionString, drop } = await createTestDatabase();
      return { store: createPostgresEventStore({ connectionString }), drop };
    },
  ],
];

describe.each(STORES)('what a store gives back, %s', (_name, numRuns, open) => {
  let store: EventStore;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    ({ store, drop } = await open());
  });
  afterAll(async () => {
    await store.close();
    await drop();
  });

  it('is what it was given: payload, metadata, names and ids', async () => {
    const property = fc.asyncProperty(
      fc.array(fc.tuple(jsonText, jsonText.map(asMetadata), anyText), { minLength: 1, maxLength: 4 }),
      async (written) => {
        const stream = `${freshId()}${written[0]![2]}`;
        const events = written.map(([data, metadata, text], n) => ({
          eventId: `${n}${text}`,
          type: `T${text}`,
          data: parseJson(data),
          metadata: parseJson(metadata) as EventMetadata,
        }));
        await store.append({ stream, events, expectedRevision: 'no_stream' });
        const stored = await store.readStream(stream);
        expect(stored.map(({ data, metadata }) => [stringifyJson(data), stringifyJson(metadata)])).toEqual(
          written.map(([data, metadata]) => [data, metadata]),
        );
        expect(stored.map(({ eventId, type }) => [eventId, type])).toEqual(
          events.map(({ eventId, type }) => [eventId, type]),
        );
        expect(await store.findEvent(stream, events[0]!.eventId)).toEqual(stored[0]);
      },
    );
    await fc.assert(property, { numRuns: tries(numRuns) });
  }, 30_000);
});
