import { describe, expect, it } from '@jest/globals';
import { OperationLog, readOperations, type Operation } from '../../src/application/operating/operation-log.js';
import { createMemoryEventStore } from '../../src/event-store/memory/memory-event-store.js';
import { fresh } from '../http/suite/http.js';

describe('the log of operations', () => {
  const origin = { actor: 'ops', source: 'test' };
  const operation = (about: object): Operation => ({ kind: 'bulk_cancel', origin, about: { ...about } });
  const log = (append: ReturnType<typeof createMemoryEventStore>['append'], told: unknown[]) =>
    new OperationLog({ append }, fresh, ({ about }, error) => told.push([about, (error as Error).message]));

  it('fails nobody, and says what it could not record', async () => {
    const told: unknown[] = [];
    await log(() => Promise.reject(new Error('away')), told).record(operation({ filter: 1 }));
    expect(told).toEqual([[{ filter: 1 }, 'away']]);
  });

  it('keeps nobody waiting for a store that does not answer', async () => {
    await log(() => new Promise(() => undefined), []).record(operation({}));
  });

  it('cuts what is too large to be kept, and says so; its pages end by their bytes', async () => {
    const store = createMemoryEventStore(() => new Date().toISOString());
    const large = log((append) => store.append(append), []);
    const filter = { label: Array.from({ length: 100 }, () => 'x:'.padEnd(700, 'y')) };
    await large.record(operation({ filter, reason: 'z'.repeat(10_000), counts: { applied: 1 } }));
    const [only] = (await readOperations(store, {})).operations;
    expect(only!.about).toEqual({
      reason: expect.stringMatching(/^z{4093}…$/),
      counts: { applied: 1 },
      truncated: ['filter', 'reason'],
    });
    const whole = { label: filter.label.slice(0, 80) };
    for (let n = 0; n < 20; n++) await large.record(operation({ filter: whole }));
    const seen: number[] = [];
    for (let after = 0; after < 21;) {
      const { operations, next_after } = await readOperations(store, { after, limit: 500 });
      seen.push(operations.length);
      after = next_after;
    }
    expect(Math.max(...seen)).toBeLessThan(12);
    expect(seen.reduce((sum, count) => sum + count, 0)).toBe(21);
  });
});
