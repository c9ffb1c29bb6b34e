import { encodeText } from '../../encoding/json.js';
import type { AppendOutcome } from '../append-outcome.js';
import { checkAppend } from '../check-append.js';
import type { Append } from '../event-store.js';
import { eventText } from '../event-text.js';
import type { ExpectedRevision } from '../expected-revision.js';
import type { Position } from '../position.js';
import { textElements } from './binary-array.js';

export interface EncodedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

/** The columns of `ledger.append` that an append brings its part of, as the server takes them. */
export interface EncodedColumns {
  readonly stream: Buffer;
  readonly guardStream: Buffer;
  readonly absentId: Buffer;
  /** One element for each event. */
  readonly owners: Buffer;
  readonly ids: Buffer;
  readonly types: Buffer;
  readonly data: Buffer;
  readonly metadata: Buffer;
}

/**
 * An append as the queue holds it: encoded, measured, and with the caller who waits for its outcome. It is encoded to its
 * last byte before it is put beside others, so that one that cannot be fails alone.
 */
export interface QueuedAppend {
  readonly append: Append;
  readonly stream: string;
  readonly expected: number;
  readonly guardStream: string | null;
  readonly absentId: string | null;
  readonly events: readonly EncodedEvent[];
  readonly columns: EncodedColumns;
  readonly bytes: number;
  readonly resolve: (outcome: AppendOutcome | Error) => void;
  /** The limit of its wait in the queue, on the monotonic clock. */
  readonly waitsUntil: number;
  /** Set once a call that carried it was lost: the log's last known position before that call. */
  uncertainSince?: Position;
}

/** As `ledger.append` takes them. */
const EXPECTED = { no_stream: -1, stream_exists: -2, any: -3 } as const;
const expectedNumber = (expected: ExpectedRevision): number =>
  typeof expected === 'number' ? expected : EXPECTED[expected];

/** What an append weighs in the queue besides its text. */
const OVERHEAD = 100;

function columnsOf(
  stream: string,
  guardStream: string | null,
  absentId: string | null,
  events: readonly EncodedEvent[],
): EncodedColumns {
  return {
    stream: textElements([stream]),
    guardStream: textElements([guardStream]),
    absentId: textElements([absentId]),
    owners: textElements(events.map(() => stream)),
    ids: textElements(events.map(({ id }) => id)),
    types: textElements(events.map(({ type }) => type)),
    data: textElements(events.map(({ data }) => data)),
    metadata: textElements(events.map(({ metadata }) => metadata)),
  };
}

/** @throws StoreError `unacceptable` */
export function encodeAppend(append: Append, waitsUntil: number, resolve: QueuedAppend['resolve']): QueuedAppend {
  const refusal = checkAppend(append);
  if (refusal) throw refusal;
  const events = append.events.map((event) => ({
    id: encodeText(event.eventId),
    type: encodeText(event.type),
    ...eventText(event),
  }));
  const { guard } = append;
  const stream = encodeText(append.stream);
  const guardStream = guard ? encodeText(guard.stream) : null;
  const absentId = guard?.absentId === undefined ? null : encodeText(guard.absentId);
  const columns = columnsOf(stream, guardStream, absentId, events);
  const { ids, types, data, metadata } = columns;
  return {
    append,
    stream,
    expected: expectedNumber(append.expectedRevision),
    guardStream,
    absentId,
    events,
    columns,
    bytes: OVERHEAD + ids.length + types.length + data.length + metadata.length,
    resolve,
    waitsUntil,
  };
}
