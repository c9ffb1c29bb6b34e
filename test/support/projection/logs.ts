import fc from 'fast-check';
import { PROJECTIONS } from '../../../projections/index.js';
import type { Description } from '../../../src/domain/events.js';
import type { NewEvent } from '../../../src/event-store/event-store.js';
import { executionStream } from '../../../src/domain/stream.js';
import { facts, optional, present } from '../domain/arbitrary.js';
import { became, fact, type Fact } from '../domain/given.js';
import { freshId } from '../ledger/handling.js';
import { asWritten, openProjection, type ProjectedLedger } from './projection.js';

/** Who an execution is of; few enough that many share one. */
const belonging = fc
  .record({
    workflow_id: optional(fc.constantFrom('nightly', 'hourly', '', 'a\0b', 'long '.repeat(200))),
    target: optional(fc.constantFrom('node.summarise', 'runner', 'ä'.repeat(400))),
    run_id: optional(fc.constantFrom('run-1', 'run-2')),
  })
  .map((said) => present(said) as Description);

/** A life as producers mostly tell it: opened, worked on, guessed at, corrected, resumed, discarded. */
const life = fc.constantFrom<Fact>(
  became('running'),
  became('waiting'),
  became('succeeded'),
  became('failed'),
  became('failed', 'watchdog'),
  became('timeout', 'watchdog'),
  became('paused', 'operator'),
  became('cancelled', 'operator'),
  fact('ExecutionResumed', { attempt: 2 }, { by: 'operator' }),
  fact('ExecutionResumed', { attempt: 1 }, { by: 'operator' }),
  became('succeeded', 'worker', 2),
  fact('ExecutionFailed', { attempt: 1, duration_ms: 1_234 }),
  fact('ExecutionSucceeded', { attempt: 2, duration_ms: 0 }),
);

const broken = { type: 'ExecutionSucceeded', data: { attempt: 'first' }, metadata: {} };
const foreign = { type: 'InvoiceSent', data: { paid: true }, metadata: {} };

const happened: fc.Arbitrary<Omit<NewEvent, 'eventId'>> = fc.oneof(
  { weight: 3, arbitrary: belonging.map((data) => asWritten(fact('ExecutionRegistered', data, { by: 'operator' }))) },
  { weight: 1, arbitrary: belonging.map((data) => asWritten(fact('ExecutionDescribed', data, { by: 'operator' }))) },
  { weight: 12, arbitrary: life.map(asWritten) },
  { weight: 5, arbitrary: facts.map(asWritten) },
  { weight: 1, arbitrary: fc.constantFrom(broken, foreign) },
);

/** How many executions the events of a log are about. */
export const EXECUTIONS = 5;

/** An event, and which execution it is of. */
export interface Step {
  readonly of: number;
  readonly what: Omit<NewEvent, 'eventId'>;
}

/** Events in the order of a log, each of one of a few executions. */
export const logs: fc.Arbitrary<Step[]> = fc.array(
  fc.record({ of: fc.integer({ min: 0, max: EXECUTIONS - 1 }), what: happened }),
  {
    minLength: 1,
    maxLength: 30,
  },
);

/** Appends a log, of executions that are new; gives their ids. */
export async function appendLog(projected: ProjectedLedger, log: readonly Step[]): Promise<string[]> {
  const ids = Array.from({ length: EXECUTIONS }, freshId);
  for (const { of, what } of log)
    await projected.write(executionStream(ids[of]!), { ...what, eventId: freshId() } as NewEvent);
  return ids;
}

/** A ledger of random logs, and of reports that were refused, projected everywhere; the ids of its executions. */
export async function openMixed(): Promise<{ ledger: ProjectedLedger; ids: string[] }> {
  const ledger = await openProjection();
  const ids: string[] = [];
  for (const log of fc.sample(logs, { numRuns: 12, seed: 11 })) ids.push(...(await appendLog(ledger, log)));
  const refusal = { type: 'ReportRefused', data: {}, metadata: {} };
  for (const id of [...ids.slice(0, 3), 'never-accepted'])
    await ledger.write(`refused-${id}`, { ...refusal, eventId: '1' }, { ...refusal, eventId: '2' });
  await ledger.project(1_000, ...PROJECTIONS);
  return { ledger, ids };
}
