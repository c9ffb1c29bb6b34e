import type { AppendOutcome, Appended } from '../append-outcome.js';
import { int4Array, int8Array, textArray } from './binary-array.js';
import { instantOf } from './instant.js';
import type { QueuedAppend } from './queued-append.js';
import { textRows } from './text-rows.js';

const parameters = Array.from({ length: 13 }, (_, i) => `$${i + 1}`).join(', ');
const TEXT = `select outcome, revision, position, recorded_at from ledger.append(${parameters})`;

/** The one statement that writes the log (see sql/append.sql), as a query of `pg`, for this batch. */
export function appendCall(batch: readonly QueuedAppend[]) {
  const events = batch.flatMap(({ events }) => events);
  const owners = batch.flatMap(({ stream, events }, i) => events.map((_, nth) => ({ stream, n: i + 1, nth: nth + 1 })));
  return {
    ...textRows,
    name: 'ledger.append',
    text: TEXT,
    values: [
      textArray(batch.map(({ stream }) => stream)),
      int8Array(batch.map(({ expected }) => expected)),
      textArray(batch.map(({ guardStream }) => guardStream)),
      int8Array(batch.map(({ append }) => append.guard?.revision ?? null)),
      textArray(batch.map(({ absentId }) => absentId)),
      int4Array(batch.map(({ events }) => events.length)),
      int4Array(owners.map(({ n }) => n)),
      int4Array(owners.map(({ nth }) => nth)),
      textArray(owners.map(({ stream }) => stream)),
      textArray(events.map(({ id }) => id)),
      textArray(events.map(({ type }) => type)),
      textArray(events.map(({ data }) => data)),
      textArray(events.map(({ metadata }) => metadata)),
    ],
  };
}

/** An append of a batch that was written, and where it stands. */
export interface Written {
  readonly append: QueuedAppend;
  readonly outcome: Appended;
}

/** One row of `ledger.append`. */
export type OutcomeRow = [outcome: string, revision: string, position: string, recordedAt: string];

export function outcomeOf(
  [outcome, revision, position, recordedAt]: OutcomeRow,
  { append }: QueuedAppend,
): AppendOutcome {
  switch (outcome) {
    case '0':
      return {
        outcome: 'appended',
        revision: +revision,
        position: BigInt(position),
        recordedAt: instantOf(recordedAt),
      };
    case '1':
      return { outcome: 'confirmed' };
    case '2':
    case '3': {
      const stream = outcome === '2' ? append.stream : append.guard!.stream;
      return { outcome: 'already_there', stream, revision: +revision, position: BigInt(position) };
    }
    default:
      return { outcome: 'conflict', stream: outcome === '4' ? append.stream : append.guard!.stream, actual: +revision };
  }
}
