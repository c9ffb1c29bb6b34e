import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { executionStatus } from '../../projections/execution-status.js';
import { executionStream } from '../../src/domain/stream.js';
import type { NewEvent } from '../../src/event-store/event-store.js';
import { foldPage } from '../../src/projector/page-fold.js';
import { fact } from '../support/domain/given.js';
import { freshId } from '../support/ledger/handling.js';
import { openProjection, tell, type ProjectedLedger } from '../support/projection/projection.js';

let ledger: ProjectedLedger;
beforeEach(async () => {
  ledger = await openProjection();
});
afterEach(() => ledger.close());

const broken = (data: unknown = { attempt: 'first' }): NewEvent => ({
  eventId: freshId(),
  type: 'ExecutionSucceeded',
  data,
  metadata: {},
});
const rowOf = async (id: string) => (await ledger.readModel.find(id)).row;
/** An id that its streams take and an index of the rows does not: beyond compressing, and just too long for one. */
const poison = (): string =>
  Array.from({ length: 100 }, (_, n) => createHash('sha512').update(`${freshId()}${n}`).digest('base64url'))
    .join('')
    .slice(0, 2_600);

describe('an event that cannot be read', () => {
  it('marks its row, stops its execution there, and nobody else', async () => {
    const [one, other] = [freshId(), freshId()];
    await tell(ledger, one, fact('ExecutionRegistered'), fact('ExecutionStarted', { attempt: 1 }));
    const position = await ledger.write(executionStream(one), broken());
    await tell(ledger, one, fact('ExecutionFailed', { attempt: 1 }));
    await tell(ledger, other, fact('ExecutionRegistered'), fact('ExecutionQueued', { attempt: 1 }));
    await ledger.project();
    expect(await rowOf(one)).toMatchObject({
      unreadable: { revision: 2, error: expect.stringContaining('attempt') },
      state: { status: 'running', revision: 1 },
    });
    expect(await rowOf(other)).toMatchObject({ state: { status: 'queued' } });
    expect(ledger.parked).toMatchObject([{ position: String(position) }]);
    expect(await ledger.readModel.projections.parked('execution-status')).toEqual([
      { position, eventType: 'ExecutionSucceeded', executionId: one, error: expect.stringContaining('attempt') },
    ]);
    expect((await ledger.readModel.checkpoint()).position).toBe(await ledger.store.head());
  });

  it('keeps its execution from being timed out: nobody knows whether it is over', async () => {
    const [one, other] = [freshId(), freshId()];
    for (const id of [one, other])
      await tell(ledger, id, fact('ExecutionRegistered', { deadline: '2020-01-01T00:00:00.000Z' }));
    await ledger.write(executionStream(one), broken());
    await ledger.project();
    const { due } = await ledger.readModel.due({ at: new Date().toISOString(), limit: 10 });
    expect(due.map(({ executionId }) => executionId)).toEqual([other]);
  });

  it.each([1, 1_000])('stays the end of its execution for whoever leads next (pages of %i)', async (pageSize) => {
    const id = freshId();
    await tell(ledger, id, fact('ExecutionRegistered'));
    await ledger.write(executionStream(id), broken());
    await ledger.project(pageSize);
    await tell(ledger, id, fact('ExecutionStarted', { attempt: 1 }));
    await ledger.project(pageSize);
    expect(await rowOf(id)).toMatchObject({ unreadable: { revision: 1 }, state: { status: 'pending', revision: 0 } });
    expect(ledger.parked).toHaveLength(1);
  });

  it.each([1, 1_000])('at the very beginning leaves no row, then or later (pages of %i)', async (pageSize) => {
    const id = freshId();
    await ledger.write(executionStream(id), broken());
    await ledger.project(pageSize);
    await tell(ledger, id, fact('ExecutionStarted', { attempt: 1 }));
    await ledger.project(pageSize);
    expect(await rowOf(id)).toBeUndefined();
  });

  it('that can be read but for some members is projected without them, and they are counted', async () => {
    const id = freshId();
    await tell(ledger, id, fact('ExecutionRegistered'));
    const bad = { attempt: 1, error: { code: 7 }, duration_ms: -1, completed_at: 'soon', worker: null };
    await ledger.write(executionStream(id), { ...broken(bad), type: 'ExecutionFailed' });
    await ledger.project();
    expect(await rowOf(id)).toMatchObject({
      state: { status: 'failed', error: '{"code":7}', error_details: { code: 7 } },
    });
    const stream = await ledger.store.readStream(executionStream(id));
    expect(stream[1]!.data).toEqual(bad);
    expect(foldPage(executionStatus, stream, new Map()).unread).toBe(2);
  });

  it('is also one that is newer than the program', async () => {
    const id = freshId();
    const newer = { ...broken({ attempt: 1 }), metadata: { schema_version: 2 } };
    await tell(ledger, id, fact('ExecutionRegistered'));
    await ledger.write(executionStream(id), newer);
    await ledger.project();
    expect(await rowOf(id)).toMatchObject({ unreadable: { revision: 1 } });
    expect(ledger.parked[0]!.error).toMatch(/version 2/);
  });
});

describe('a row that the database refuses', () => {
  it.each(['', '\0\ud800'])(
    'is parked alone, and those in its page are written (id beginning with %j)',
    async (start) => {
      const bad = start + poison();
      const good = Array.from({ length: 9 }, freshId);
      for (const [n, id] of good.entries()) {
        await tell(ledger, id, fact('ExecutionRegistered'), fact('ExecutionStarted', { attempt: 1 }));
        if (n === 4) await tell(ledger, bad, fact('ExecutionRegistered'));
      }
      await ledger.project();
      const { rows } = await ledger.readModel.findMany([...good, bad]);
      expect([...rows.keys()].sort()).toEqual([...good].sort());
      expect(await ledger.readModel.projections.parked('execution-status')).toMatchObject([
        { executionId: bad, eventType: 'ExecutionRegistered' },
      ]);
      await tell(ledger, bad, fact('ExecutionStarted', { attempt: 1 }));
      await tell(ledger, good[0]!, fact('ExecutionSucceeded', { attempt: 1 }));
      await ledger.project();
      expect(await rowOf(good[0]!)).toMatchObject({ state: { status: 'succeeded' } });
      expect(await ledger.readModel.projections.parked('execution-status')).toHaveLength(1);
      expect((await ledger.readModel.checkpoint()).position).toBe(await ledger.store.head());
    },
  );
});
