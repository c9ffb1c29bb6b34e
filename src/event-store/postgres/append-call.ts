import type { AppendOutcome, AppendedEvents } from '../append-outcome.js';
import { int4Array, int8Array, textArray } from './binary-array.js';
import { instantOf } from './instant.js';
import type { EncodedColumns, QueuedAppend } from './queued-append.js';
import { textRows } from './text-rows.js';

const parameters = Array.from({ length: 13 }, (_, i) => `$${i + 1}`).join(', ');
const TEXT = `select outcome, revision, position, recorded_at, ahead_ms from ledger.append(${parameters})`;

/** The one statement that writes the log (see sql/append.sql), as a query of `pg`, for this batch. */
export function appendCall(batch: readonly QueuedAppend[]) {
  const owners = batch.flatMap(({ events }, i) => events.map((_, nth) => ({ n: i + 1, nth: nth + 1 })));
  const column = (name: keyof EncodedColumns): Buffer[] => batch.map(({ columns }) => columns[name]);
  const perEvent = (name: keyof EncodedColumns): Buffer => textArray(column(name), owners.length);
  const guarded = batch.filter(({ guardStream }) => guardStream !== null).length;
  const bound = batch.filter(({ absentId }) => absentId !== null).length;
  return {
    ...textRows,
    name: 'ledger.append',
    text: TEXT,
    values: [
      textArray(column('stream'), batch.length),
      int8Array(batch.map(({ expected }) => expected)),
      textArray(column('guardStream'), batch.length, guarded < batch.length),
      int8Array(batch.map(({ append }) => append.guard?.revision ?? null)),
      textArray(column('absentId'), batch.length, bound < batch.length),
      int4Array(batch.map(({ events }) => events.length)),
      int4Array(owners.map(({ n }) => n)),
      int4Array(owners.map(({ nth }) => nth)),
      ...(['owners', 'ids', 'types', 'data', 'metadata'] as const).map(perEvent),
    ],
  };
}

/** An append of a batch that was written, and where it stands. */
export interface WrittenAppend {
  readonly append: QueuedAppend;
  readonly outcome: AppendedEvents;
}

/** One row of `ledger.append`. */
export type OutcomeRow = [outcome: string, revision: string, position: string, recordedAt: string, aheadMs: string];

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
