import { expect, it } from '@jest/globals';
import { hash } from 'node:crypto';
import { executionStatus } from '../../projections/execution-status.js';
import { stringifyJson } from '../../src/encoding/json.js';
import { initial } from '../../src/domain/execution.js';
import { executionStream, NO_STREAM } from '../../src/domain/stream.js';
import type { EventMetadata } from '../../src/domain/events.js';
import type { Json } from '../../src/domain/json.js';
import { MARK_EVERY, readFromMark, UNKNOWN, withMark } from '../../src/event-store/fold-mark.js';
import { createMemoryEventStore } from '../../src/event-store/memory/memory-event-store.js';
import { readExecution } from '../../src/event-store/read-execution.js';
import { eachIn, inMemory, type World } from '../support/ledger/handling.js';
import { became, fact, report } from '../support/domain/given.js';
import { asWritten } from '../support/projection/projection.js';

/** Long digits and broken text come back as they went in. */
const strange = { long: '12345678901234567890', broken: '\ud800', nested: { '': [null, 1e21] } };
let world: World;
let id: string;
eachIn(inMemory, (opened, executionId) => {
  [world, id] = [opened, executionId];
});

const store = () => world.instance().store;
/** An execution of so many events, all through the ledger. */
async function grown(count: number): Promise<void> {
  const process = world.instance();
  await process.ask(id, report('running', { data: strange, worker: 'w' }));
  for (let n = 0; n < count; n += 64) {
    const some = Array.from({ length: 64 }, (_, k) => process.ask(id, report(undefined, { message: `${n + k}` })));
    await Promise.all(some);
  }
}
const marksOf = async () =>
  (await readAllOf()).filter(({ metadata }) => metadata.fold !== undefined).map(({ revision }) => revision);
async function readAllOf() {
  const all = [];
  for (let from = 0; ; from = all.length) {
    const page = await store().readStream(executionStream(id), { fromRevision: from });
    if (page.length === 0) return all;
    all.push(...page);
  }
}

it('a long stream carries its fold now and then, which is what all its events come to', async () => {
  await grown(3 * MARK_EVERY);
  const marks = await marksOf();
  expect(marks.length).toBeGreaterThanOrEqual(2);
  for (const at of [undefined, ...marks, marks[0]! + 7]) {
    const found = await readFromMark(store(), id, UNKNOWN, at);
    expect(found?.state).toEqual(await readExecution(store(), id, initial, at));
  }
});

it('what is known is gone on from, where it is nearer', async () => {
  await grown(MARK_EVERY + 100);
  const state = await readExecution(store(), id, initial, MARK_EVERY + 90);
  const found = await readFromMark(store(), id, { state, marked: NO_STREAM });
  expect(found).toEqual({ state: await readExecution(store(), id, initial), marked: NO_STREAM });
});

it('a fold too large to be carried is left out, and the stream is read', async () => {
  const process = world.instance();
  await process.ask(id, report('running', { data: 'x'.repeat(70_000) }));
  for (let n = 0; n < MARK_EVERY + 64; n += 64)
    await Promise.all(
      Array.from({ length: 64 }, (_, k) => process.ask(id, report(undefined, { message: `${n + k}` }))),
    );
  expect(await marksOf()).toEqual([]);
  expect(await world.instance().ask(id, report('succeeded'))).toMatchObject({ verdict: 'applied' });
});

/** A stream whose last event carries this instead of the mark that it should. */
async function carrying(change: (fold: Record<string, unknown>) => unknown): Promise<number | undefined> {
  const memory = createMemoryEventStore(() => new Date().toISOString());
  const stream = executionStream('x');
  const beats = Array.from({ length: MARK_EVERY }, () => fact('HeartbeatRecorded', { attempt: 1 }));
  const events = [fact('ExecutionRegistered'), became('running'), ...beats].map(asWritten);
  await memory.append({ stream, events, expectedRevision: 'no_stream' });
  const known = { state: await readExecution(memory, 'x', initial), marked: NO_STREAM };
  const [first] = withMark('x', known, [asWritten(fact('HeartbeatRecorded', { attempt: 1 }))]).events;
  const fold = (first!.metadata as { fold: Record<string, unknown> }).fold;
  const metadata = { ...first!.metadata, fold: change(fold) } as EventMetadata;
  await memory.append({ stream, events: [{ ...first!, metadata }], expectedRevision: 'any' });
  return (await readFromMark(memory, 'x', UNKNOWN))?.marked;
}

/** As another program would write it. */
function signed(fold: Record<string, unknown>): Record<string, unknown> {
  const { version, revision, position, state, payload } = fold as Record<string, Json>;
  const text = stringifyJson(['x', version!, revision!, position!, state!, payload!]);
  return { ...fold, digest: hash('sha256', text, 'base64url') };
}

it('only the fold that the ledger wrote for this place is believed', async () => {
  for (const right of [(fold: object) => fold, signed]) expect(await carrying(right)).toBe(MARK_EVERY + 1);
  const wrong: ((fold: Record<string, unknown>) => unknown)[] = [
    () => 'no fold',
    () => null,
    () => ({}),
    (fold) => ({ ...fold, version: executionStatus.version + 1 }),
    (fold) => signed({ ...fold, version: executionStatus.version + 1 }),
    (fold) => ({ ...fold, revision: MARK_EVERY }),
    (fold) => ({ ...fold, digest: undefined }),
    (fold) => ({ ...fold, state: { ...(fold['state'] as object), attempt: 2 } }),
    (fold) => ({ ...fold, payload: { result: 'another' } }),
    (fold) => ({ ...fold, position: '99' }),
  ];
  for (const change of wrong) expect(await carrying(change)).toBe(NO_STREAM);
});
